"""The independencies that a graph implies: what data can refute.

For each pair of variables without an edge, one minimal set that separates them, where there is
any. In a DAG every such pair has one, and these statements imply all others. In an ADMG a pair
may have none (an inducing path joins it), and constraints other than independencies can remain,
such as Verma's.

Source: [textor2016], [vanderzander2019] (minimal separators).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from causal_interface_gym.causal.adjustment.separators import (
    Cut,
    SeparationProblem,
    nearest_cut,
)
from causal_interface_gym.causal.bits import each_bit
from causal_interface_gym.causal.graph import ADMG

__all__ = ["Independence", "implied_independencies"]


@dataclass(frozen=True, slots=True)
class Independence:
    """``x`` and ``y`` are independent given ``given`` in every model of the graph."""

    x: str
    y: str
    given: frozenset[str] = frozenset()

    def __str__(self) -> str:
        """Show as ``X ⊥ Y | Z``."""
        given = f" | {', '.join(sorted(self.given))}" if self.given else ""
        return f"{self.x} ⊥ {self.y}{given}"


def implied_independencies(graph: ADMG) -> Iterator[Independence]:
    """Iterate over one minimal independence for each pair that can be separated.

    Pairs come in topological order; of the minimal sets the one nearest to the later variable.

    >>> [str(found) for found in implied_independencies(ADMG([("A", "B"), ("B", "C")]))]
    ['A ⊥ C | B']

    Source: [textor2016].
    """
    bits = graph.bits
    for v in range(len(graph.order)):
        earlier = (1 << v) - 1
        for u in each_bit(earlier & ~(bits.parents[v] | bits.spouses[v])):
            problem = SeparationProblem.of(bits, 1 << v, 1 << u, allowed=bits.all)
            cut = nearest_cut(problem)
            if isinstance(cut, Cut):
                given = frozenset(graph.names(cut.separator))
                yield Independence(graph.order[u], graph.order[v], given)
