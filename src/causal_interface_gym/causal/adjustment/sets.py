"""Find adjustment sets: one that is minimal in linear time, or all minimal ones lazily.

An adjustment set exists exactly when the allowed ancestors of treatment and outcome are one; the
minimal ones are the minimal separators in the proper back-door graph.

Source: [vanderzander2019, Sec. 4 and 5].
"""

from collections.abc import Iterator
from dataclasses import dataclass

from causal_interface_gym.causal.adjustment.criterion import (
    ForbiddenNode,
    OpenBackdoor,
    first_forbidden,
)
from causal_interface_gym.causal.adjustment.problem import Effect, Names, effect_of
from causal_interface_gym.causal.adjustment.separators import (
    NoCut,
    SeparationProblem,
    minimal_cuts,
    nearest_cut,
)
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.separation import find_open_path

__all__ = ["NoAdjustmentSet", "adjustment_sets", "minimal_adjustment_set"]


@dataclass(frozen=True, slots=True)
class NoAdjustmentSet:
    """No set of the graph's variables can be adjusted for; ``reason`` is the obstacle.

    An open path is one that even the largest useful set leaves open.
    """

    reason: ForbiddenNode | OpenBackdoor

    def __str__(self) -> str:
        """Say that there is none and why."""
        if isinstance(self.reason, ForbiddenNode):
            return f"no adjustment set includes {self.reason.node}: {self.reason}"
        return f"no adjustment set exists: no allowed set closes {self.reason}"


def minimal_adjustment_set(
    graph: ADMG,
    *,
    treatment: Names,
    outcome: Names,
    include: Names = (),
    exclude: Names = (),
) -> frozenset[str] | NoAdjustmentSet:
    """Find the minimal adjustment set nearest to the treatment.

    No proper subset that still holds ``include`` is an adjustment set; ``exclude`` is left out.

    >>> confounded = ADMG([("Z", "X"), ("Z", "Y"), ("X", "Y")])
    >>> minimal_adjustment_set(confounded, treatment="X", outcome="Y")
    frozenset({'Z'})

    Raises:
        UnknownVariableError: A name is not in the graph.
        QueryError: Treatment or outcome is empty, or a variable has two roles.

    Source: [vanderzander2019].
    """
    effect = effect_of(graph, treatment, outcome, include=include, exclude=exclude)
    if effect.include & effect.forbidden:
        return NoAdjustmentSet(first_forbidden(effect, effect.include))
    cut = nearest_cut(_problem(effect))
    if isinstance(cut, NoCut):
        return _obstacle(effect)
    return frozenset(graph.names(cut.separator | effect.include))


def adjustment_sets(
    graph: ADMG,
    *,
    treatment: Names,
    outcome: Names,
    include: Names = (),
    exclude: Names = (),
) -> Iterator[frozenset[str]]:
    """Iterate over all minimal adjustment sets, lazily, those nearest to the treatment first.

    Minimal means that no proper subset that still holds ``include`` is an adjustment set;
    ``exclude`` is left out of all. The iterator is empty where there is none;
    ``minimal_adjustment_set`` says why. Between two sets lies polynomial work.

    >>> chain = ADMG([("A", "X"), ("A", "B"), ("B", "Y"), ("X", "Y")])
    >>> [sorted(s) for s in adjustment_sets(chain, treatment="X", outcome="Y")]
    [['A'], ['B']]

    Raises:
        UnknownVariableError: A name is not in the graph.
        QueryError: Treatment or outcome is empty, or a variable has two roles.

    Source: [vanderzander2019], [takata2010].
    """
    effect = effect_of(graph, treatment, outcome, include=include, exclude=exclude)
    if effect.include & effect.forbidden:
        return iter(())
    cuts = minimal_cuts(_problem(effect))
    return (frozenset(graph.names(cut | effect.include)) for cut in cuts)


def _obstacle(effect: Effect) -> NoAdjustmentSet:
    """Explain why there is none, by a path that the allowed ancestors leave open."""
    ends = effect.treatment | effect.outcome
    allowed = effect.backdoor.ancestors(ends | effect.include) & effect.candidates
    path = find_open_path(
        effect.graph, effect.backdoor, effect.treatment, effect.outcome, allowed | effect.include
    )
    return NoAdjustmentSet(OpenBackdoor(path))


def _problem(effect: Effect) -> SeparationProblem:
    return SeparationProblem.of(
        effect.backdoor,
        effect.treatment,
        effect.outcome,
        allowed=effect.candidates,
        given=effect.include,
    )
