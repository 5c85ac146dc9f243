"""The ordered local Markov property: independencies that imply all others, also in mixed graphs.

For a variable v and an ancestral set A of it and its predecessors, v is independent of the rest of
A given its Markov blanket in A: the district of v there and the parents of that district. One
statement for each district that v can have is enough, with A as large as that district allows; in a
DAG these are "v given its parents is independent of its other predecessors".

Source: [richardson2003].
"""

from collections.abc import Iterator
from dataclasses import dataclass

from causal_interface_gym.causal.bits import BitGraph, each_bit
from causal_interface_gym.causal.graph import ADMG

__all__ = ["LocalIndependence", "local_independencies"]


@dataclass(frozen=True, slots=True)
class LocalIndependence:
    """``variable`` is independent of all ``others`` together given ``given``, in every model."""

    variable: str
    others: frozenset[str]
    given: frozenset[str] = frozenset()

    def __str__(self) -> str:
        """Show as ``X ⊥ Y, W | Z``."""
        given = f" | {', '.join(sorted(self.given))}" if self.given else ""
        return f"{self.variable} ⊥ {', '.join(sorted(self.others))}{given}"


def local_independencies(graph: ADMG) -> Iterator[LocalIndependence]:
    """Iterate over independencies that imply every m-separation of the graph.

    Variables come in topological order, each with its largest district first. In a graph with many
    bidirected edges a variable may have very many districts; the iterator is lazy.

    >>> [str(found) for found in local_independencies(ADMG([("A", "B"), ("B", "C")]))]
    ['C ⊥ A | B']

    Source: [richardson2003].
    """
    bits = graph.bits
    for v in range(len(graph.order)):
        for district, within in _districts(bits, v):
            blanket = (district | bits.parents_of(district)) & ~(1 << v)
            rest = within & ~blanket & ~(1 << v)
            if rest:
                others, given = frozenset(graph.names(rest)), frozenset(graph.names(blanket))
                yield LocalIndependence(graph.order[v], others, given)


def _districts(bits: BitGraph, v: int) -> Iterator[tuple[int, int]]:
    """Yield every district of v in an ancestral set, with the largest set that gives it."""
    bit = 1 << v
    before = (bit << 1) - 1
    todo = [bits.district(bit, within=before)]
    seen = set(todo)
    for district in todo:  # grows while it is read
        within = before & ~bits.descendants(_spouses(bits, district) & before & ~district)
        yield district, within
        for u in each_bit(district & ~bit):
            below = bits.descendants(1 << u)
            if not below & bit:
                smaller = bits.district(bit, within=within & ~below)
                if smaller not in seen:
                    seen.add(smaller)
                    todo.append(smaller)


def _spouses(bits: BitGraph, of: int) -> int:
    found = 0
    for v in each_bit(of):
        found |= bits.spouses[v]
    return found
