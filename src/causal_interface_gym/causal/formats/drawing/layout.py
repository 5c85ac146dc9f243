"""Where nodes go: causes above effects, one layer a step of the longest path from a root.

Within a layer nodes are ordered by the middle of their neighbours in the layer before, then
after, a few times over; the same graph always gets the same places.

Source: [sugiyama1981].
"""

from collections.abc import Mapping, Sequence

from causal_interface_gym.causal.graph import ADMG

__all__ = ["layers", "places"]

_SWEEPS = 4


def layers(graph: ADMG) -> tuple[tuple[str, ...], ...]:
    """Give the layers, from the roots down.

    >>> layers(ADMG([("X", "M"), ("M", "Y"), ("X", "Y")]))
    (('X',), ('M',), ('Y',))
    """
    depth: dict[str, int] = {}
    for v in graph.order:
        depth[v] = 1 + max((depth[p] for p in graph.parents(v)), default=-1)
    rows: list[list[str]] = [[] for _ in range(1 + max(depth.values(), default=-1))]
    for v in graph.order:
        rows[depth[v]].append(v)
    for sweep in range(_SWEEPS):
        order = rows if sweep % 2 == 0 else rows[::-1]
        at = {v: i for row in rows for i, v in enumerate(row)}
        for row in order:
            row.sort(key=lambda v: (_middle(graph, v, at, is_down=sweep % 2 == 0), at[v]))
            at.update({v: i for i, v in enumerate(row)})
    return tuple(map(tuple, rows))


def places(graph: ADMG) -> dict[str, tuple[float, float]]:
    """Give each node its place: x from -width/2 to width/2, y the number of its layer."""
    return {
        v: (i - (len(row) - 1) / 2, float(y))
        for y, row in enumerate(layers(graph))
        for i, v in enumerate(row)
    }


def _middle(graph: ADMG, v: str, at: Mapping[str, int], *, is_down: bool) -> float:
    near: Sequence[str] = sorted(graph.parents(v) if is_down else graph.children(v))
    return sum(at[u] for u in near) / len(near) if near else float(at[v])
