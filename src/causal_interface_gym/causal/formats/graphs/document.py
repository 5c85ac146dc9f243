"""A graph as a file holds it: nodes, edges, and attributes that mean nothing to us and survive."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.errors import FormatError

__all__ = ["Attributes", "Edge", "GraphDocument"]

Attributes = Mapping[str, object]
"""Names to texts, numbers, and in some formats lists and mappings of them."""

_YES = {"1", "true", "yes", "latent"}


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow, or with ``is_bidirected`` a hidden common cause of its ends."""

    source: str
    target: str
    is_bidirected: bool = False
    attributes: Attributes = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GraphDocument:
    """Nodes with attributes, in order; edges; attributes of the whole.

    A node is latent if its attribute ``latent`` is true, yes or 1.

    Raises:
        FormatError: An edge ends at no node.
    """

    nodes: Mapping[str, Attributes]
    edges: tuple[Edge, ...] = ()
    attributes: Attributes = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the ends of edges."""
        for edge in self.edges:
            for end in (edge.source, edge.target):
                if end not in self.nodes:
                    message = f"an edge ends at {end!r:.60}, which is no node"
                    raise FormatError(message)

    @classmethod
    def of(
        cls, graph: ADMG, *, attributes: Mapping[str, Attributes] | None = None
    ) -> "GraphDocument":
        """Write down a graph, perhaps with attributes of some nodes."""
        given = attributes or {}
        edges = [Edge(a, b) for a, b in graph.directed]
        edges += [Edge(a, b, is_bidirected=True) for a, b in graph.bidirected]
        return cls({v: dict(given.get(v, {})) for v in graph.nodes}, tuple(edges))

    @property
    def latent(self) -> tuple[str, ...]:
        """The nodes that are never observed."""
        return tuple(v for v, a in self.nodes.items() if str(a.get("latent", "")).lower() in _YES)

    def graph(self) -> ADMG:
        """Give the graph over the observed nodes: latent ones are projected out.

        Raises:
            CycleError: The arrows run in a circle.
        """
        full = ADMG(
            [(e.source, e.target) for e in self.edges if not e.is_bidirected],
            [(e.source, e.target) for e in self.edges if e.is_bidirected],
            list(self.nodes),
        )
        return full.latent_projection(self.latent) if self.latent else full
