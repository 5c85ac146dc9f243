"""The effect of a treatment on an outcome, and the parts of the graph that adjustment turns on.

Causal nodes are those on proper causal paths: directed paths from the treatment X to the outcome
Y that meet X at their start only (PCP in [vanderzander2019], cn in [henckel2022]). Forbidden
nodes are their descendants (forb in [perkovic2018]). The proper back-door graph lacks the first
edge of each proper causal path; adjustment sets are the sets without forbidden nodes that
separate X and Y in it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from causal_interface_gym.causal.bits import BitGraph, each_bit
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.separation import disjoint_masks
from causal_interface_gym.errors import QueryError

__all__ = ["Effect", "Names", "directed_path", "effect_of"]

Names = str | Iterable[str]
"""One name of a variable or several."""


@dataclass(frozen=True, slots=True)
class Effect:
    """Treatment, outcome, causal and forbidden nodes as bitmasks, and the proper back-door graph.

    ``include`` and ``exclude`` are the nodes that an adjustment set must have and must not have.
    """

    graph: ADMG
    treatment: int
    outcome: int
    causal: int
    forbidden: int
    backdoor: BitGraph
    include: int = 0
    exclude: int = 0

    @property
    def candidates(self) -> int:
        """The nodes that may be adjusted for."""
        return self.graph.bits.all & ~(
            self.treatment | self.outcome | self.forbidden | self.exclude
        )


def effect_of(
    graph: ADMG,
    treatment: Names,
    outcome: Names,
    *,
    include: Names = (),
    exclude: Names = (),
) -> Effect:
    """Find the causal and forbidden nodes and the proper back-door graph in linear time.

    Raises:
        UnknownVariableError: A name is not in the graph.
        QueryError: Treatment or outcome is empty, or a variable has two roles.
    """
    x, y, forced = disjoint_masks(graph, treatment=treatment, outcome=outcome, include=include)
    (_, barred) = disjoint_masks(graph, include=graph.names(forced), exclude=exclude)
    for role, mask in (("treatment", x), ("outcome", y)):
        if not mask:
            message = f"{role} is empty; name at least one variable"
            raise QueryError(message)
    bits = graph.bits
    causal = bits.ancestors(y, within=bits.descendants(x) & ~x)
    return Effect(
        graph, x, y, causal, bits.descendants(causal), _backdoor(bits, x, causal), forced, barred
    )


def directed_path(bits: BitGraph, start: int, end: int, *, within: int = -1) -> tuple[int, ...]:
    """Find a shortest directed path from ``start`` to ``end`` inside ``within``, as nodes.

    It has one node where the sets meet, and none where no path leads from one to the other.
    """
    came: dict[int, int] = {}
    queue = list(each_bit(start))
    seen = start
    for v in queue:  # grows while it is read
        if end >> v & 1:
            path = [v]
            while path[-1] in came:
                path.append(came[path[-1]])
            return tuple(reversed(path))
        new = bits.children[v] & within & ~seen
        seen |= new
        for child in each_bit(new):
            came[child] = v
            queue.append(child)
    return ()


def _backdoor(bits: BitGraph, x: int, causal: int) -> BitGraph:
    first = bits.children_of(x) & causal
    if not first:
        return bits
    parents, children = list(bits.parents), list(bits.children)
    for v in each_bit(first):
        parents[v] &= ~x
    for v in each_bit(x):
        children[v] &= ~causal
    return BitGraph(tuple(parents), tuple(children), bits.spouses)
