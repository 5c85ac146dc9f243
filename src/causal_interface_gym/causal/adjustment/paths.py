"""The paths between a treatment and an outcome: causal or not, open or closed, and what decides it.

A path visits no node twice. It is causal when all its edges point away from the treatment. It is
open given a set when every inner node passes: a collider if it or a descendant is given, any other
node if it is not given. There may be exponentially many paths, so the list has a limit.

Source: [pearl2009, Def. 1.2.3].
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from causal_interface_gym.causal.adjustment.problem import Names
from causal_interface_gym.causal.bits import BitGraph, each_bit
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.separation import Edge, disjoint_masks

__all__ = ["Listed", "Path", "paths_between"]

MAX_STEPS = 200_000
"""Steps of the search after which it gives up looking for more."""


@dataclass(frozen=True, slots=True)
class Path:
    """A path: ``edges[i]`` joins ``nodes[i]`` and ``nodes[i + 1]``.

    ``blockers`` are the inner nodes that close it, ``colliders`` those where two heads meet.
    """

    nodes: tuple[str, ...]
    edges: tuple[Edge, ...]
    is_causal: bool
    blockers: tuple[str, ...]
    colliders: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether nothing closes it."""
        return not self.blockers

    def __str__(self) -> str:
        """Draw the path in one line."""
        pairs = zip(self.edges, self.nodes[1:], strict=True)
        return " ".join([self.nodes[0], *(f"{edge} {node}" for edge, node in pairs)])


@dataclass(frozen=True, slots=True)
class Listed:
    """Paths, shorter ones first; ``is_complete`` says that there are no others."""

    paths: tuple[Path, ...]
    is_complete: bool


def paths_between(
    graph: ADMG, *, treatment: str, outcome: str, given: Names = (), most: int = 100
) -> Listed:
    """List the paths from a treatment to an outcome, with what closes each of them.

    >>> graph = ADMG([("Z", "X"), ("Z", "Y"), ("X", "Y")])
    >>> found = paths_between(graph, treatment="X", outcome="Y", given="Z").paths
    >>> [(str(path), path.is_causal, path.blockers) for path in found]
    [('X -> Y', True, ()), ('X <- Z -> Y', False, ('Z',))]

    Raises:
        UnknownVariableError: A name is not in the graph.
        QueryError: A variable has two roles.
    """
    start, end, known = disjoint_masks(graph, treatment=treatment, outcome=outcome, given=given)
    search = _Search(graph.bits, end)
    walks = list(islice(search.walks(start.bit_length() - 1), most + 1))
    is_complete = len(walks) <= most and search.n_steps < MAX_STEPS
    opened = graph.bits.ancestors(known)
    found = [_path(graph, walk, known, opened) for walk in walks[:most]]
    found.sort(key=lambda path: (len(path.nodes), not path.is_causal, path.nodes, path.edges))
    return Listed(tuple(found), is_complete)


Walk = tuple[tuple[int, ...], tuple[Edge, ...]]
"""Nodes by number, and the edges between them."""


class _Search:
    """Walks the graph along every edge in either direction, never through a node twice."""

    def __init__(self, bits: BitGraph, end: int) -> None:
        self._bits = bits
        self._end = end
        self.n_steps = 0

    def walks(self, start: int) -> Iterator[Walk]:
        """Give each path from a node to the end, depth first."""
        waiting: list[tuple[Walk, int]] = [(((start,), ()), 1 << start)]
        while waiting and self.n_steps < MAX_STEPS:
            (nodes, edges), seen = waiting.pop()
            for edge, ahead in self._edges(nodes[-1]):
                for v in each_bit(ahead & ~seen):
                    self.n_steps += 1
                    walk = ((*nodes, v), (*edges, edge))
                    if self._end >> v & 1:
                        yield walk
                    else:
                        waiting.append((walk, seen | 1 << v))

    def _edges(self, v: int) -> tuple[tuple[Edge, int], ...]:
        bits = self._bits
        return (("->", bits.children[v]), ("<-", bits.parents[v]), ("<->", bits.spouses[v]))


def _path(graph: ADMG, walk: Walk, known: int, opened: int) -> Path:
    nodes, edges = walk
    colliders = 0
    for v, (before, after) in zip(nodes[1:-1], pairwise(edges), strict=True):
        if before != "<-" and after != "->":
            colliders |= 1 << v
    inner = sum(1 << v for v in nodes[1:-1])
    closed = colliders & ~opened | inner & ~colliders & known
    names = graph.order
    return Path(
        tuple(names[v] for v in nodes),
        edges,
        all(edge == "->" for edge in edges),
        tuple(names[v] for v in nodes if closed >> v & 1),
        tuple(names[v] for v in nodes if colliders >> v & 1),
    )
