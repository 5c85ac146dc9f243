"""Verma constraints: what hidden causes leave in observational data besides independencies.

Q[C] = P(c | do(all others)) depends on C and its parents only. Where Q[C] can be computed from
P(v), its formula may mention further variables; that it does not depend on them can be tested on
data, and is no independence if no set separates the two sides. Starting from a district, one
variable without children in the set is summed out at a time, and what is left splits into smaller
districts, each with a formula, by the steps of ID.

Source: [tian2002b], after [verma1993]. For every set one formula is looked at, so a graph may imply
constraints beyond these.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from causal_interface_gym.causal.adjustment.separators import Cut, SeparationProblem, nearest_cut
from causal_interface_gym.causal.bits import BitGraph, each_bit
from causal_interface_gym.causal.expression import Expression, Probability, free_variables
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identification.algorithm import (
    chain_factors,
    district_factors,
    summed_factors,
)
from causal_interface_gym.causal.identification.derivation import expression_of, seen
from causal_interface_gym.causal.identification.evaluation import (
    Evidence,
    Joint,
    Numbers,
    undefined_stratum,
)
from causal_interface_gym.causal.identification.formula import Algebra, Factor
from causal_interface_gym.errors import PositivityViolation

__all__ = ["FunctionalConstraint", "verma_constraints"]


@dataclass(frozen=True, slots=True)
class FunctionalConstraint:
    """``expression``, a formula for Q[``district``], does not depend on the variables ``free_of``.

    ``pairs`` are those of the two sets that nothing separates, so that no independence says it.
    """

    expression: Expression
    free_of: tuple[str, ...]
    district: tuple[str, ...]
    parents: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        """State the constraint."""
        return f"{self.expression} does not depend on {', '.join(self.free_of)}"

    @property
    def explanation(self) -> str:
        """Why it holds."""
        q = f"P({', '.join(self.district)}"
        q += f" | do({', '.join(self.parents)}))" if self.parents else ")"
        are_none = "is no parent" if len(self.free_of) == 1 else "are no parents"
        return f"it equals {q}, and {', '.join(self.free_of)} {are_none} there"

    def violation(self, model: Joint) -> float:
        """Give the largest change of the expression over the variables that it must not depend on.

        It is 0, up to rounding, in every model of the graph.

        Raises:
            PositivityViolation: A stratum that the expression conditions on has probability 0.
        """
        numbers = Numbers(Evidence({"": model}), {})
        found = numbers.of(self.expression)
        if found.undefined.any():
            place = np.unravel_index(int(np.argmax(found.undefined)), found.undefined.shape)
            fixed = {name: int(i) for name, i in zip(found.axes, place, strict=True)}
            known = Numbers(numbers.evidence, fixed, numbers.tables)
            raise PositivityViolation(undefined_stratum(self.expression, known))
        axes = tuple(found.axes.index(name) for name in self.free_of)
        return float(np.ptp(found.values, axis=axes).max())


def verma_constraints(graph: ADMG) -> Iterator[FunctionalConstraint]:
    """Iterate over constraints on P(v) that are no independencies, smallest formulas first.

    >>> verma = ADMG([("A", "B"), ("B", "C"), ("C", "D")], [("B", "D")])
    >>> print(*verma_constraints(verma))
    sum_{B} P(D | A, B, C) P(B | A) does not depend on A

    Source: [tian2002b], [verma1993].
    """
    bits, algebra = graph.bits, Algebra()
    data = district_factors(bits, bits.all, algebra)
    for district in data.districts:
        whole = [data.leaves[v] for v in each_bit(district)]
        todo = [(district, whole)]
        seen_sets = {district}
        for within, factors in todo:  # grows while it is read
            yield from _constraint(graph, within, factors)
            for part, inner in _smaller(bits, within, factors, algebra):
                if part not in seen_sets:
                    seen_sets.add(part)
                    todo.append((part, inner))


def _smaller(
    bits: BitGraph, within: int, factors: list[Factor], algebra: Algebra
) -> Iterator[tuple[int, list[Factor]]]:
    """Sum one variable out and split what is left into districts with their formulas."""
    for v in each_bit(within):
        ancestral = within & ~(1 << v)
        if bits.children[v] & within or not ancestral:
            continue
        for part in bits.districts(ancestral):
            if part == ancestral:
                yield part, summed_factors(algebra, part, within, factors)
            else:
                yield part, chain_factors(algebra, part, ancestral, within, factors)


def _constraint(
    graph: ADMG, district: int, factors: list[Factor]
) -> Iterator[FunctionalConstraint]:
    """Say what the formula mentions and must not depend on, if there is anything."""
    bits = graph.bits
    expression = expression_of(graph.names, [f.formula for f in factors], seen(graph))
    parents = bits.parents_of(district) & ~district
    spare = graph.mask(free_variables(expression)) & ~(district | parents)
    pairs = tuple(
        (graph.order[u], graph.order[v])
        for u in each_bit(spare)
        for v in each_bit(district)
        if not _are_separable(bits, u, v)
    )
    if pairs and not isinstance(expression, Probability):
        yield FunctionalConstraint(
            expression,
            free_of=graph.names(spare),
            district=graph.names(district),
            parents=graph.names(parents),
            pairs=pairs,
        )


def _are_separable(bits: BitGraph, u: int, v: int) -> bool:
    problem = SeparationProblem.of(bits, 1 << max(u, v), 1 << min(u, v), allowed=bits.all)
    return isinstance(nearest_cut(problem), Cut)
