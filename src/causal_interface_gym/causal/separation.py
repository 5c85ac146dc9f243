"""m-separation: whether every path between two sets is blocked, with an open path if not.

A path is open given a set Z when no inner chain or fork node is in Z and every inner collider is
in Z or has a descendant in Z; without bidirected edges this is d-separation. The search walks
over (node, mark of arrival) and takes O(nodes + edges). A shortest open walk is a path: where it
met a node twice, leaving at the first visit as at the last would be open and shorter.

Source: [richardson2003] (m-separation), [shachter1998] (the walk).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from causal_interface_gym.causal.bits import BitGraph, each_bit
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.errors import QueryError

__all__ = [
    "Collider",
    "Edge",
    "OpenPath",
    "Passage",
    "Separation",
    "connected",
    "disjoint_masks",
    "find_open_path",
    "m_separated",
]

Edge = Literal["->", "<-", "<->"]


@dataclass(frozen=True, slots=True)
class Passage:
    """An inner node that a path passes because it is not given."""

    node: str
    shape: Literal["chain", "fork"]

    def __str__(self) -> str:
        """Say why the node does not block."""
        return f"{self.node} is a {self.shape} and is not given"


@dataclass(frozen=True, slots=True)
class Collider:
    """An inner node where two arrowheads meet, opened by ``opened_by``: itself or a descendant."""

    node: str
    opened_by: str

    def __str__(self) -> str:
        """Say why the node does not block."""
        if self.opened_by == self.node:
            return f"{self.node} is a collider and is given"
        return f"{self.node} is a collider and its descendant {self.opened_by} is given"


@dataclass(frozen=True, slots=True)
class OpenPath:
    """A path that nothing blocks, end to end; false and without nodes where there is none.

    ``edges[i]`` joins ``nodes[i]`` and ``nodes[i + 1]``; ``steps`` explain the inner nodes.
    """

    nodes: tuple[str, ...] = ()
    edges: tuple[Edge, ...] = ()
    steps: tuple[Passage | Collider, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether there is a path."""
        return bool(self.nodes)

    def __str__(self) -> str:
        """Draw the path in one line."""
        pairs = zip(self.edges, self.nodes[1:], strict=True)
        return " ".join([*self.nodes[:1], *(f"{edge} {node}" for edge, node in pairs)])

    @property
    def explanation(self) -> str:
        """The path and, for each inner node, why it does not block."""
        if not self.nodes:
            return "no path is open"
        why = "; ".join(map(str, self.steps)) or "its ends are adjacent"
        return f"{self} is open: {why}"


@dataclass(frozen=True, slots=True)
class Separation:
    """Whether ``x`` and ``y`` are m-separated by ``given``; false carries an open ``path``."""

    x: tuple[str, ...]
    y: tuple[str, ...]
    given: tuple[str, ...]
    path: OpenPath

    def __bool__(self) -> bool:
        """Tell whether the sets are separated."""
        return not self.path

    def __str__(self) -> str:
        """State the verdict and the open path."""
        sides = f"{', '.join(self.x)} and {', '.join(self.y)}"
        given = f" given {', '.join(self.given)}" if self.given else ""
        if self:
            return f"{sides} are separated{given}"
        return f"{sides} are connected{given}: {self.path.explanation}"


def m_separated(
    graph: ADMG, x: str | Iterable[str], y: str | Iterable[str], given: str | Iterable[str] = ()
) -> Separation:
    """Decide whether ``given`` blocks every path between ``x`` and ``y``.

    The witness is a shortest open path, the first in topological order among equals.

    >>> m_separated(ADMG([("Z", "X"), ("Z", "Y")]), "X", "Y").path.explanation
    'X <- Z -> Y is open: Z is a fork and is not given'
    >>> bool(m_separated(ADMG([("Z", "X"), ("Z", "Y")]), "X", "Y", given="Z"))
    True

    Raises:
        UnknownVariableError: A name is not in the graph.
        QueryError: ``x`` or ``y`` is empty, or two of the sets share a variable.
    """
    a, b, z = disjoint_masks(graph, x=x, y=y, given=given)
    for name, mask in (("x", a), ("y", b)):
        if not mask:
            message = f"{name} is empty; name at least one variable"
            raise QueryError(message)
    path = find_open_path(graph, graph.bits, a, b, z)
    return Separation(graph.names(a), graph.names(b), graph.names(z), path)


def disjoint_masks(graph: ADMG, **sets: str | Iterable[str]) -> list[int]:
    """Give the bitmask of each set and refuse a variable that stands in two of them.

    Raises:
        UnknownVariableError: A name is not in the graph.
        QueryError: Two sets share a variable, or something is not a name.
    """
    masks: dict[str, int] = {}
    for role, names in sets.items():
        listed = [names] if isinstance(names, str) else list(names)
        for name in listed:
            if not isinstance(name, str):
                message = f"{role} takes names of variables; got {name!r}"
                raise QueryError(message)
        mask = graph.mask(listed)
        for other, taken in masks.items():
            if mask & taken:
                shared = ", ".join(map(repr, graph.names(mask & taken)))
                message = f"{shared} cannot be both in {other} and in {role}; remove it from one"
                raise QueryError(message)
        masks[role] = mask
    return list(masks.values())


def connected(bits: BitGraph, start: int, given: int) -> int:
    """Give every node outside ``given`` that an open path joins to ``start``, start included."""
    opened = bits.ancestors(given)
    by_tail = by_head = 0
    new_tail, new_head = start, 0
    while new_tail | new_head:
        by_tail |= new_tail
        by_head |= new_head
        passed = new_tail & ~given
        turned = passed | new_head & opened
        heads = bits.children_of(passed | new_head & ~given)
        for v in each_bit(turned):
            heads |= bits.spouses[v]
        new_tail = bits.parents_of(turned) & ~by_tail
        new_head = heads & ~by_head
    return (by_tail | by_head) & ~given


def find_open_path(graph: ADMG, bits: BitGraph, x: int, y: int, given: int) -> OpenPath:
    """Find a shortest open path from ``x`` to ``y`` in ``bits``, a graph over the same nodes.

    The three sets are disjoint bitmasks; names are taken from ``graph``.
    """
    came: dict[_State, _Arrival] = {}
    queue = [(v, False) for v in each_bit(x)]
    seen = {False: x, True: 0}
    opened = bits.ancestors(given)
    for state in queue:  # grows while it is read
        for edge, nodes in _moves(bits, state, given, opened):
            head = edge != "<-"
            new = nodes & ~seen[head]
            seen[head] |= new
            for v in each_bit(new):
                came[v, head] = _Arrival(state, edge)
                if y >> v & 1:
                    return _trace(graph, bits, came, (v, head), given)
                queue.append((v, head))
    return OpenPath()


_State = tuple[int, bool]
"""A node and whether the walk arrived at an arrowhead."""


@dataclass(frozen=True, slots=True)
class _Arrival:
    origin: _State
    edge: Edge


def _moves(bits: BitGraph, state: _State, given: int, opened: int) -> Iterable[tuple[Edge, int]]:
    """Give the ways on from a state: the edge as walked and the nodes it leads to."""
    v, by_head = state
    is_given = given >> v & 1
    if opened >> v & 1 if by_head else not is_given:
        yield "<-", bits.parents[v]
        yield "<->", bits.spouses[v]
    if not is_given:
        yield "->", bits.children[v]


def _trace(
    graph: ADMG, bits: BitGraph, came: dict[_State, _Arrival], end: _State, given: int
) -> OpenPath:
    nodes: list[int] = [end[0]]
    edges: list[Edge] = []
    while end in came:
        arrival = came[end]
        edges.append(arrival.edge)
        end = arrival.origin
        nodes.append(end[0])
    nodes.reverse()
    edges.reverse()
    steps = tuple(
        _step(graph, bits, v, (edges[i], edges[i + 1]), given) for i, v in enumerate(nodes[1:-1])
    )
    return OpenPath(tuple(graph.order[v] for v in nodes), tuple(edges), steps)


def _step(
    graph: ADMG, bits: BitGraph, v: int, edges: tuple[Edge, Edge], given: int
) -> Passage | Collider:
    before, after = edges
    if before != "<-" and after != "->":
        opener = 1 << v if given >> v & 1 else bits.descendants(1 << v) & given
        return Collider(graph.order[v], graph.names(opener & -opener)[0])
    return Passage(graph.order[v], "fork" if (before, after) == ("<-", "->") else "chain")
