"""Acyclic directed mixed graphs: arrows, and bidirected edges for hidden common causes.

A DAG is an ADMG without bidirected edges. Names outside, integer bitmasks inside (``graph.bits``).
Sets that include their argument say so: An(Y) here contains Y, as in [shpitser2006].
"""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Self

from causal_interface_gym.causal.bits import BitGraph, each_bit
from causal_interface_gym.errors import CycleError, GraphError, UnknownVariableError

__all__ = ["ADMG"]

_PAIR = 2
_Identity = tuple[frozenset[str], frozenset[tuple[str, str]], frozenset[frozenset[str]]]
"""Nodes, arrows and arcs: what makes two graphs equal."""


class ADMG:
    """An acyclic directed mixed graph, immutable.

    ``directed`` are (cause, effect) pairs, ``bidirected`` unordered pairs that share a hidden
    cause; ``nodes`` fixes the order of display and adds isolated nodes. Without ``nodes`` the
    order is that of appearance, or sorted where edges come in a set.

    >>> bow = ADMG(directed=[("X", "Y")], bidirected=[("X", "Y")])
    >>> sorted(bow.district("X"))
    ['X', 'Y']

    Raises:
        CycleError: The arrows run in a circle.
        GraphError: An edge is not a pair of two different names, or a node is given twice.
    """

    __slots__ = ("_identity", "_nodes", "bits", "index", "order")

    bits: BitGraph
    index: dict[str, int]
    order: tuple[str, ...]

    def __init__(
        self,
        directed: Iterable[tuple[str, str]] = (),
        bidirected: Iterable[tuple[str, str]] = (),
        nodes: Iterable[str] = (),
    ) -> None:
        """Check the edges and find a topological order."""
        arrows = _edges(directed, "directed")
        arcs = _edges(bidirected, "bidirected")
        self._nodes = _node_order(nodes, arrows + arcs)
        for a, b in arcs:
            if a == b:
                message = f"bidirected edge {a!r} <-> {b!r} joins a node to itself"
                raise GraphError(message)
        self.order = _topological(self._nodes, arrows)
        self.index = {name: bit for bit, name in enumerate(self.order)}
        self.bits = _bit_graph(self.index, arrows, arcs)
        self._identity: _Identity | None = None

    @classmethod
    def from_dagitty(cls, text: str) -> Self:
        """Read a graph in the text notation of DAGitty; latent nodes become bidirected edges.

        Raises:
            FormatError: The text is not a ``dag``, ``mag``-free graph in that notation.
            CycleError: The arrows run in a circle.

        Source: [textor2016].
        """
        from causal_interface_gym.causal.formats.dagitty import parse_dagitty  # noqa: PLC0415

        parsed = parse_dagitty(text)
        graph = cls(parsed.directed, parsed.bidirected, parsed.nodes)
        return graph.latent_projection(parsed.latent) if parsed.latent else graph

    @classmethod
    def _from_bits(cls, bits: BitGraph, order: Sequence[str], nodes: Sequence[str]) -> Self:
        made = cls.__new__(cls)
        made.bits = bits
        made.order = tuple(order)
        made.index = {name: bit for bit, name in enumerate(made.order)}
        made._nodes = tuple(nodes)  # noqa: SLF001 - a second constructor
        made._identity = None  # noqa: SLF001
        return made

    @property
    def nodes(self) -> tuple[str, ...]:
        """All nodes, in order of display."""
        return self._nodes

    @property
    def directed(self) -> tuple[tuple[str, str], ...]:
        """The arrows as (cause, effect), in topological order."""
        names = self.order
        return tuple((names[p], names[v]) for v, m in enumerate(self.bits.parents)
                     for p in each_bit(m))  # fmt: skip

    @property
    def bidirected(self) -> tuple[tuple[str, str], ...]:
        """The bidirected edges, each once, ends in topological order."""
        names = self.order
        return tuple((names[s], names[v]) for v, m in enumerate(self.bits.spouses)
                     for s in each_bit(m & ((1 << v) - 1)))  # fmt: skip

    @property
    def is_dag(self) -> bool:
        """Whether there is no bidirected edge."""
        return not any(self.bits.spouses)

    def mask(self, names: str | Iterable[str]) -> int:
        """Give the bitmask of one name or several.

        Raises:
            UnknownVariableError: A name is not in the graph; the nearest one is suggested.
        """
        found = 0
        for name in names if _are_many(names) else (str(names),):
            bit = self.index.get(str(name))
            if bit is None:
                raise UnknownVariableError(name, self._nodes)
            found |= 1 << bit
        return found

    def names(self, mask: int) -> tuple[str, ...]:
        """Give the names in a bitmask, in topological order."""
        order, found = self.order, []
        while mask:
            low = mask & -mask
            found.append(order[low.bit_length() - 1])
            mask ^= low
        return tuple(found)

    def parents(self, of: str | Iterable[str]) -> frozenset[str]:
        """Give the direct causes."""
        return frozenset(self.names(self.bits.parents_of(self.mask(of))))

    def children(self, of: str | Iterable[str]) -> frozenset[str]:
        """Give the direct effects."""
        return frozenset(self.names(self.bits.children_of(self.mask(of))))

    def spouses(self, of: str) -> frozenset[str]:
        """Give the nodes that share a hidden cause with this one."""
        spouses = [self.bits.spouses[v] for v in each_bit(self.mask(of))]
        return frozenset(self.names(reduce(or_, spouses, 0)))

    def ancestors(self, of: str | Iterable[str]) -> frozenset[str]:
        """Give all causes, the argument included: An(Y) contains Y."""
        return frozenset(self.names(self.bits.ancestors(self.mask(of))))

    def descendants(self, of: str | Iterable[str]) -> frozenset[str]:
        """Give all effects, the argument included."""
        return frozenset(self.names(self.bits.descendants(self.mask(of))))

    def districts(self) -> tuple[frozenset[str], ...]:
        """Split the nodes into districts (c-components), in topological order.

        Source: [tian2002].
        """
        return tuple(frozenset(self.names(d)) for d in self.bits.districts(self.bits.all))

    def district(self, of: str) -> frozenset[str]:
        """Give the district (c-component) that holds a node."""
        return frozenset(self.names(self.bits.district(self.mask(of))))

    def do(self, treatment: str | Iterable[str]) -> Self:
        """Give the mutilated graph: no edge has an arrowhead at ``treatment``."""
        return self._from_bits(self.bits.cut(into=self.mask(treatment)), self.order, self._nodes)

    def without_outgoing(self, of: str | Iterable[str]) -> Self:
        """Give the graph without the arrows that leave ``of``."""
        return self._from_bits(self.bits.cut(out_of=self.mask(of)), self.order, self._nodes)

    def subgraph(self, nodes: Iterable[str]) -> Self:
        """Give the graph over ``nodes`` and the edges among them."""
        keep = frozenset(self.names(self.mask(nodes)))
        return type(self)(
            [(a, b) for a, b in self.directed if a in keep and b in keep],
            [(a, b) for a, b in self.bidirected if a in keep and b in keep],
            [n for n in self._nodes if n in keep],
        )

    def latent_projection(self, latent: Iterable[str]) -> Self:
        """Hide ``latent``: give the ADMG over the others with the same separations and effects.

        An arrow a -> b stands for a directed path through hidden nodes only; a bidirected edge
        for a path with arrowheads at both ends whose inner nodes are hidden and no colliders.

        Source: [verma1993].
        """
        hidden = self.mask(latent)
        keep = self.bits.all & ~hidden
        arrows, arcs = [], []
        sources = _hidden_reach(self.bits, hidden)
        for v in each_bit(keep):
            direct, through = self.bits.parents[v], self.bits.ancestors(
                self.bits.parents[v] & hidden, within=hidden)  # fmt: skip
            causes = (direct | self.bits.parents_of(through)) & keep
            arrows += [(self.order[p], self.order[v]) for p in each_bit(causes)]
            tops = through | 1 << v
            ends = 0
            for top in each_bit(tops):
                ends |= sources[top] if hidden >> top & 1 else 0
                for s in each_bit(self.bits.spouses[top]):
                    ends |= sources[s] if hidden >> s & 1 else 1 << s
            arcs += [(self.order[v], self.order[e]) for e in each_bit(ends & keep) if e > v]
        return type(self)(arrows, arcs, [n for n in self._nodes if keep >> self.index[n] & 1])

    def __eq__(self, other: object) -> bool:
        """Compare node sets and edge sets; the order of display does not count."""
        return isinstance(other, ADMG) and self._key() == other._key()

    def __hash__(self) -> int:
        """Hash by nodes and edges."""
        return hash(self._key())

    def _key(self) -> _Identity:
        """Give what equality is about; kept, since graphs are what answers are remembered by."""
        if self._identity is None:
            arcs = frozenset(frozenset(edge) for edge in self.bidirected)
            self._identity = (frozenset(self._nodes), frozenset(self.directed), arcs)
        return self._identity

    def __repr__(self) -> str:
        """Show the edges in one line."""
        edges = [f"{a} -> {b}" for a, b in self.directed]
        edges += [f"{a} <-> {b}" for a, b in self.bidirected]
        linked = {name for edge in self.directed + self.bidirected for name in edge}
        edges += [n for n in self._nodes if n not in linked]
        return f"ADMG({'; '.join(edges)})"


def _are_many(names: object) -> bool:
    return isinstance(names, Iterable) and not isinstance(names, str)


def _edges(edges: Iterable[tuple[str, str]], kind: str) -> list[tuple[str, str]]:
    if not isinstance(edges, Iterable):
        message = f"{kind} edges are a list of pairs, e.g. [('X', 'Y')]; got {edges!r}"
        raise GraphError(message)
    listed = sorted(edges, key=repr) if isinstance(edges, (set, frozenset)) else list(edges)
    for edge in listed:
        is_pair = isinstance(edge, (tuple, list)) and len(edge) == _PAIR
        if not is_pair or not all(isinstance(e, str) for e in edge):
            message = f"a {kind} edge is a pair of node names, e.g. ('X', 'Y'); got {edge!r}"
            raise GraphError(message)
    return [(a, b) for a, b in listed]


def _node_order(nodes: Iterable[str], edges: list[tuple[str, str]]) -> tuple[str, ...]:
    if isinstance(nodes, str) or not isinstance(nodes, Iterable):
        message = f"nodes is a list of names, e.g. ['X', 'Y']; got {nodes!r}"
        raise GraphError(message)
    given = sorted(nodes, key=str) if isinstance(nodes, (set, frozenset)) else list(nodes)
    every = given + [name for edge in edges for name in edge]
    for name in every:
        if not isinstance(name, str) or not name:
            message = f"node names are non-empty strings; got {name!r}"
            raise GraphError(message)
    if len(set(given)) < len(given):
        twice = next(n for n in given if given.count(n) > 1)
        message = f"node {twice!r} is given twice"
        raise GraphError(message)
    names = dict.fromkeys(every)
    return tuple(names)


def _topological(nodes: tuple[str, ...], arrows: list[tuple[str, str]]) -> tuple[str, ...]:
    children: dict[str, list[str]] = {name: [] for name in nodes}
    waiting = dict.fromkeys(nodes, 0)
    for cause, effect in dict.fromkeys(arrows):
        children[cause].append(effect)
        waiting[effect] += 1
    order = [name for name in nodes if waiting[name] == 0]
    for name in order:  # grows while it is read
        for child in children[name]:
            waiting[child] -= 1
            if waiting[child] == 0:
                order.append(child)
    if len(order) < len(nodes):
        raise CycleError(_cycle({name for name in nodes if waiting[name]}, arrows))
    return tuple(order)


def _cycle(stuck: set[str], arrows: list[tuple[str, str]]) -> list[str]:
    """Walk upwards among nodes that wait for each other until one repeats."""
    above: dict[str, str] = {}
    for cause, effect in arrows:
        if cause in stuck:
            above.setdefault(effect, cause)
    path = [min(stuck)]
    while above[path[-1]] not in path:
        path.append(above[path[-1]])
    circle = path[path.index(above[path[-1]]) :][::-1]
    return [*circle, circle[0]]


def _bit_graph(
    index: dict[str, int], arrows: list[tuple[str, str]], arcs: list[tuple[str, str]]
) -> BitGraph:
    parents, children, spouses = ([0] * len(index) for _ in range(3))
    for cause, effect in arrows:
        a, b = index[cause], index[effect]
        parents[b] |= 1 << a
        children[a] |= 1 << b
    for one, other in arcs:
        a, b = index[one], index[other]
        spouses[a] |= 1 << b
        spouses[b] |= 1 << a
    return BitGraph(tuple(parents), tuple(children), tuple(spouses))


def _hidden_reach(bits: BitGraph, hidden: int) -> dict[int, int]:
    """For each hidden node the observed nodes it reaches through hidden nodes only."""
    reach: dict[int, int] = {}
    for v in sorted(each_bit(hidden), reverse=True):
        found = 0
        for child in each_bit(bits.children[v]):
            found |= reach[child] if hidden >> child & 1 else 1 << child
        reach[v] = found
    return reach
