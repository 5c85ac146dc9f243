"""The adjustment set with the smallest asymptotic variance, where the graph alone decides it.

O(X, Y) = Pa(Cn) without forbidden nodes and X, where Cn are the causal nodes. In a DAG without
hidden variables it is an adjustment set whenever there is one, and no other estimates the effect
with a smaller asymptotic variance (least squares in linear models; for one treatment also
regular non-parametric estimators). With hidden variables there need not be such a set.

The proof compares O with another set Z by two separations: what Z adds, from Y given O and X, and
what O adds, from X given Z. Both still hold if every bidirected edge at a causal node ends at a
forbidden one: a path through it meets a collider that no adjustment set opens. Elsewhere this
module gives no set, although one may exist.

Source: [henckel2022] (DAGs, linear), [rotnitzky2020] (non-parametric).
"""

from dataclasses import dataclass

from causal_interface_gym.causal.adjustment.problem import Names, effect_of
from causal_interface_gym.causal.adjustment.sets import NoAdjustmentSet, minimal_adjustment_set
from causal_interface_gym.causal.bits import each_bit
from causal_interface_gym.causal.graph import ADMG

__all__ = ["HiddenCause", "NoCausalPath", "optimal_adjustment_set"]


@dataclass(frozen=True, slots=True)
class NoCausalPath:
    """An outcome that the treatment does not cause: the effect is nil and no set is best."""

    outcome: str

    def __str__(self) -> str:
        """Say which outcome it is."""
        return f"no set is optimal: the treatment has no proper causal path to {self.outcome}"


@dataclass(frozen=True, slots=True)
class HiddenCause:
    """A causal node shares a hidden cause with a usable one: which set is best may stay open."""

    node: str
    spouse: str

    def __str__(self) -> str:
        """Name the edge."""
        return (
            f"no set is known to be optimal: {self.node} is on a causal path and shares a hidden "
            f"cause with {self.spouse}"
        )


def optimal_adjustment_set(
    graph: ADMG, *, treatment: Names, outcome: Names
) -> frozenset[str] | NoAdjustmentSet | NoCausalPath | HiddenCause:
    """Find the adjustment set of smallest asymptotic variance (the O-set).

    >>> choice = ADMG([("A", "X"), ("A", "B"), ("B", "Y"), ("X", "Y")])
    >>> optimal_adjustment_set(choice, treatment="X", outcome="Y")
    frozenset({'B'})

    Raises:
        UnknownVariableError: A name is not in the graph.
        QueryError: Treatment or outcome is empty, or a variable has two roles.

    Source: [henckel2022].
    """
    effect = effect_of(graph, treatment, outcome)
    bits = graph.bits
    for v in each_bit(effect.outcome & ~effect.causal):
        return NoCausalPath(graph.order[v])
    found = minimal_adjustment_set(graph, treatment=treatment, outcome=outcome)
    if isinstance(found, NoAdjustmentSet):
        return found
    for v in each_bit(effect.causal):
        usable = bits.spouses[v] & ~effect.forbidden
        if usable:
            return HiddenCause(graph.order[v], graph.names(usable)[0])
    return frozenset(graph.names(bits.parents_of(effect.causal) & effect.candidates))
