"""What to adjust for, and why the sets that people reach for first work or fail."""

from dataclasses import dataclass

from causal_interface_gym.causal.adjustment.criterion import AdjustmentCheck, is_adjustment_set
from causal_interface_gym.causal.adjustment.problem import Names, effect_of
from causal_interface_gym.causal.adjustment.sets import NoAdjustmentSet, minimal_adjustment_set
from causal_interface_gym.causal.graph import ADMG

__all__ = ["AdjustmentReport", "Candidate", "adjustment_report"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A set that a habit would adjust for, and whether it is right to."""

    habit: str
    check: AdjustmentCheck

    def __str__(self) -> str:
        """State habit, set, verdict and reason."""
        return f"{self.habit}: {self.check}"


@dataclass(frozen=True, slots=True)
class AdjustmentReport:
    """A minimal adjustment set, or why there is none, and the usual candidates."""

    minimal: frozenset[str] | NoAdjustmentSet
    candidates: tuple[Candidate, ...]

    def __str__(self) -> str:
        """Give one line for the answer and one for each candidate."""
        if isinstance(self.minimal, NoAdjustmentSet):
            first = str(self.minimal)
        else:
            first = f"adjust for {{{', '.join(sorted(self.minimal))}}}"
        return "\n".join([first, *map(str, self.candidates)])


def adjustment_report(graph: ADMG, *, treatment: Names, outcome: Names) -> AdjustmentReport:
    """Check the empty set, the treatment's parents, all non-descendants, and everything.

    >>> collider = ADMG([("X", "C"), ("Y", "C"), ("X", "Y")])
    >>> print(adjustment_report(collider, treatment="X", outcome="Y").candidates[0])
    nothing: {} can be adjusted for: it meets the criterion

    Raises:
        UnknownVariableError: A name is not in the graph.
        QueryError: Treatment or outcome is empty, or a variable has two roles.
    """
    effect = effect_of(graph, treatment, outcome)
    bits, names = graph.bits, graph.names
    x, y = names(effect.treatment), names(effect.outcome)
    rest = bits.all & ~(effect.treatment | effect.outcome)
    habits = {
        "nothing": 0,
        "parents of the treatment": bits.parents_of(effect.treatment) & rest,
        "all non-descendants of the treatment": rest & ~bits.descendants(effect.treatment),
        "everything else": rest,
    }
    candidates = tuple(
        Candidate(habit, is_adjustment_set(graph, names(mask), treatment=x, outcome=y))
        for habit, mask in habits.items()
    )
    return AdjustmentReport(minimal_adjustment_set(graph, treatment=x, outcome=y), candidates)
