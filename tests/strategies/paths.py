"""Oracle for graph questions: enumerate every simple path and apply the definitions.

It shares nothing with the engine but the graph's lists of edges.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, combinations

from hypothesis import strategies as st

from causal_interface_gym.causal.graph import ADMG

ARROW, ARC = "->", "<->"
Sets = list[frozenset[str]]


@dataclass(frozen=True)
class Walk:
    """A path: its nodes and the edges between them, as walked."""

    nodes: tuple[str, ...]
    edges: tuple[str, ...]


@dataclass(frozen=True)
class Drawing:
    """A graph as a list of (end, end, kind); every method follows a definition literally."""

    edges: tuple[tuple[str, str, str], ...]

    @classmethod
    def of(cls, graph: ADMG) -> "Drawing":
        """Take the edges out of a graph."""
        arrows = [(a, b, ARROW) for a, b in graph.directed]
        return cls((*arrows, *((a, b, ARC) for a, b in graph.bidirected)))

    def paths(self, start: str, end: str) -> Iterator[Walk]:
        """Yield every simple path between two nodes."""
        stack = [Walk((start,), ())]
        while stack:
            walk = stack.pop()
            here = walk.nodes[-1]
            if here == end:
                yield walk
                continue
            for a, b, kind in self.edges:
                for near, far, mark in ((a, b, kind), (b, a, "<-" if kind == ARROW else ARC)):
                    if near == here and far not in walk.nodes:
                        stack.append(Walk((*walk.nodes, far), (*walk.edges, mark)))

    def descendants(self, node: str) -> frozenset[str]:
        """Follow the arrows from a node, itself included."""
        found = {node}
        for _ in self.edges:
            found |= {b for a, b, kind in self.edges if kind == ARROW and a in found}
        return frozenset(found)

    def is_open(self, walk: Walk, given: frozenset[str]) -> bool:
        """Apply the definition of an open path, node by node."""
        marks = zip(walk.edges, walk.nodes[1:-1], walk.edges[1:], strict=False)
        for before, node, after in marks:
            if before != "<-" and after != "->":
                if not self.descendants(node) & given:
                    return False
            elif node in given:
                return False
        return True

    def separated(self, x: Iterable[str], y: Iterable[str], given: frozenset[str]) -> bool:
        """Tell whether no path between the sets is open."""
        ends = [(a, b) for a in x for b in y]
        return not any(self.is_open(w, given) for a, b in ends for w in self.paths(a, b))

    def directed_paths(self, x: Iterable[str], y: Iterable[str]) -> list[Walk]:
        """List the paths that only follow arrows."""
        ends = [(a, b) for a in x for b in y]
        walks = chain.from_iterable(self.paths(a, b) for a, b in ends)
        return [walk for walk in walks if set(walk.edges) == {"->"}]

    def causal_paths(self, x: frozenset[str], y: frozenset[str]) -> list[Walk]:
        """The proper ones: they meet x at their start only."""
        return [w for w in self.directed_paths(x, y) if not x.intersection(w.nodes[1:])]

    def causal_nodes(self, x: frozenset[str], y: frozenset[str]) -> frozenset[str]:
        """Give what lies on a proper causal path, the treatments left out."""
        return frozenset(v for walk in self.causal_paths(x, y) for v in walk.nodes[1:])

    def affected(self, nodes: Iterable[str]) -> frozenset[str]:
        """Give all descendants of several nodes."""
        return frozenset(chain.from_iterable(self.descendants(v) for v in nodes))

    def without_outgoing(self, nodes: Iterable[str]) -> "Drawing":
        """Drop the arrows out of some nodes."""
        cut = set(nodes)
        return Drawing(tuple(e for e in self.edges if not (e[2] == ARROW and e[0] in cut)))

    def backdoor(self, x: frozenset[str], y: frozenset[str]) -> "Drawing":
        """Drop the first edge of every proper causal path."""
        first = {(w.nodes[0], w.nodes[1], ARROW) for w in self.causal_paths(x, y)}
        return Drawing(tuple(e for e in self.edges if e not in first))

    def adjustment_sets(self, x: frozenset[str], y: frozenset[str], rest: frozenset[str]) -> Sets:
        """Try every subset of ``rest`` by the generalized criterion."""
        forbidden = self.affected(self.causal_nodes(x, y))
        backdoor = self.backdoor(x, y)
        return [z for z in subsets(rest - forbidden) if backdoor.separated(x, y, z)]


def subsets(of: Iterable[str]) -> Sets:
    """List all subsets, small ones first."""
    listed = sorted(of)
    sizes = range(len(listed) + 1)
    return [frozenset(c) for k in sizes for c in combinations(listed, k)]


def minimal(sets: Sets) -> set[frozenset[str]]:
    """Keep the sets that contain no other."""
    return {z for z in sets if not any(other < z for other in sets)}


@dataclass(frozen=True)
class Case:
    """A random graph with treatments, outcomes, and nodes to force and to bar."""

    graph: ADMG
    x: frozenset[str]
    y: frozenset[str]
    include: frozenset[str]
    exclude: frozenset[str]

    @property
    def rest(self) -> frozenset[str]:
        """Everything but treatments and outcomes."""
        return frozenset(self.graph.nodes) - self.x - self.y


@st.composite
def graphs(draw: st.DrawFn, *, most: int = 6, arcs: bool = True) -> ADMG:
    """Graphs of 2 to ``most`` nodes whose topological order is not that of their names."""
    n = draw(st.integers(2, most))
    names = draw(st.permutations([f"V{i}" for i in range(n)]))
    pairs = list(combinations(names, 2))
    size = len(pairs)
    kinds = st.integers(0, 7 if arcs else 5)
    drawn = draw(st.lists(kinds, min_size=size, max_size=size))
    arrows = [pair for pair, kind in zip(pairs, drawn, strict=True) if kind in (0, 1, 7)]
    shared = [pair for pair, kind in zip(pairs, drawn, strict=True) if kind in (6, 7)]
    return ADMG(arrows, shared, sorted(names))


@st.composite
def cases(draw: st.DrawFn, *, most: int = 6, arcs: bool = True) -> Case:
    """A graph with up to two treatments and two outcomes."""
    graph = draw(graphs(most=most, arcs=arcs))
    names = list(draw(st.permutations(graph.nodes)))
    n_x = draw(st.integers(1, 2 if len(names) > 3 else 1))
    n_y = draw(st.integers(1, 2 if len(names) > 4 else 1))
    rest = names[n_x + n_y :]
    roles = draw(st.lists(st.integers(0, 4), min_size=len(rest), max_size=len(rest)))
    chosen = dict(zip(rest, roles, strict=True))
    return Case(
        graph,
        frozenset(names[:n_x]),
        frozenset(names[n_x : n_x + n_y]),
        frozenset(v for v, role in chosen.items() if role == 0),
        frozenset(v for v, role in chosen.items() if role == 1),
    )
