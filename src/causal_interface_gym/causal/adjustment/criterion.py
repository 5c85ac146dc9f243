"""Whether a set may be adjusted for, and if not, why not.

A set Z is an adjustment set for (X, Y) when sum_z P(y | x, z) P(z) = P(y | do(x)) in every model
of the graph. That is so exactly when Z has no forbidden node and separates X and Y in the proper
back-door graph. Pearl's back-door criterion is sufficient only: it bars every descendant of X.

Source: [perkovic2018], [vanderzander2019] (generalized criterion), [pearl2009, Def. 3.3.1].
"""

from collections.abc import Iterator
from dataclasses import dataclass

from causal_interface_gym.causal.adjustment.problem import (
    Effect,
    Names,
    directed_path,
    effect_of,
)
from causal_interface_gym.causal.bits import each_bit
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.separation import OpenPath, find_open_path

__all__ = [
    "AdjustmentCheck",
    "DescendantOfTreatment",
    "ForbiddenNode",
    "OpenBackdoor",
    "first_forbidden",
    "is_adjustment_set",
    "is_backdoor_set",
]


@dataclass(frozen=True, slots=True)
class ForbiddenNode:
    """A node of the set that lies on a causal path or descends from one.

    ``causal_path`` runs from treatment to outcome; ``descent`` from a node on it to ``node``, and
    is that node alone where ``node`` lies on the path.
    """

    node: str
    causal_path: tuple[str, ...]
    descent: tuple[str, ...]

    def __str__(self) -> str:
        """Say why the node is forbidden."""
        causal = " -> ".join(self.causal_path)
        if len(self.descent) == 1:
            return f"{self.node} lies on the causal path {causal}"
        return (
            f"{self.node} is a descendant of {self.descent[0]} ({' -> '.join(self.descent)}), "
            f"which lies on the causal path {causal}"
        )


@dataclass(frozen=True, slots=True)
class DescendantOfTreatment:
    """A node of the set that the treatment causes: Pearl's back-door criterion bars it."""

    node: str
    descent: tuple[str, ...]

    def __str__(self) -> str:
        """Say how the node descends from the treatment."""
        return f"{self.node} is a descendant of the treatment: {' -> '.join(self.descent)}"


@dataclass(frozen=True, slots=True)
class OpenBackdoor:
    """A path that is no proper causal path and that the set leaves open."""

    path: OpenPath

    def __str__(self) -> str:
        """Show the path and why it is open."""
        return f"the non-causal path {self.path.explanation}"


@dataclass(frozen=True, slots=True)
class AdjustmentCheck:
    """Whether ``adjustment`` meets a criterion; ``failures`` says what is wrong if not.

    Every barred node is listed, then one open path where there is any.
    """

    adjustment: tuple[str, ...]
    failures: tuple[ForbiddenNode | DescendantOfTreatment | OpenBackdoor, ...]

    def __bool__(self) -> bool:
        """Tell whether the criterion holds."""
        return not self.failures

    @property
    def reason(self) -> str:
        """The failures in words, or that there are none."""
        return "; ".join(map(str, self.failures)) or "it meets the criterion"

    def __str__(self) -> str:
        """State the verdict and the reason."""
        verdict = "can" if self else "cannot"
        return f"{{{', '.join(self.adjustment)}}} {verdict} be adjusted for: {self.reason}"


def is_adjustment_set(
    graph: ADMG, adjustment: Names, *, treatment: Names, outcome: Names
) -> AdjustmentCheck:
    """Check a set by the generalized adjustment criterion, which is sound and complete.

    >>> chain = ADMG([("X", "M"), ("M", "Y")])
    >>> is_adjustment_set(chain, ["M"], treatment="X", outcome="Y").reason
    'M lies on the causal path X -> M -> Y'

    Raises:
        UnknownVariableError: A name is not in the graph.
        QueryError: Treatment or outcome is empty, or a variable has two roles.

    Source: [perkovic2018, Def. 4], [vanderzander2019].
    """
    effect = effect_of(graph, treatment, outcome, include=adjustment)
    given = effect.include
    failures: list[ForbiddenNode | DescendantOfTreatment | OpenBackdoor] = [
        _forbidden(effect, v) for v in each_bit(given & effect.forbidden)
    ]
    path = find_open_path(graph, effect.backdoor, effect.treatment, effect.outcome, given)
    if path:
        failures.append(OpenBackdoor(path))
    return AdjustmentCheck(graph.names(given), tuple(failures))


def is_backdoor_set(
    graph: ADMG, adjustment: Names, *, treatment: Names, outcome: Names
) -> AdjustmentCheck:
    """Check a set by Pearl's back-door criterion.

    The set has no descendant of a treatment and blocks, for each treatment and outcome alone,
    every path with an arrowhead at the treatment.

    Raises:
        UnknownVariableError: A name is not in the graph.
        QueryError: Treatment or outcome is empty, or a variable has two roles.

    Source: [pearl2009, Def. 3.3.1].
    """
    effect = effect_of(graph, treatment, outcome, include=adjustment)
    given = effect.include
    failures: list[ForbiddenNode | DescendantOfTreatment | OpenBackdoor] = [
        DescendantOfTreatment(
            graph.order[v],
            tuple(graph.order[u] for u in directed_path(graph.bits, effect.treatment, 1 << v)),
        )
        for v in each_bit(given & graph.bits.descendants(effect.treatment))
    ]
    path = next(_backdoor_paths(effect, given), OpenPath())
    if path:
        failures.append(OpenBackdoor(path))
    return AdjustmentCheck(graph.names(given), tuple(failures))


def _backdoor_paths(effect: Effect, given: int) -> Iterator[OpenPath]:
    graph = effect.graph
    for v in each_bit(effect.treatment):
        cut = graph.bits.cut(out_of=1 << v)
        path = find_open_path(graph, cut, 1 << v, effect.outcome, given)
        if path:
            yield path


def first_forbidden(effect: Effect, among: int) -> ForbiddenNode:
    """Explain the first of ``among``, which holds a forbidden node at least."""
    return _forbidden(effect, next(each_bit(among & effect.forbidden)))


def _forbidden(effect: Effect, v: int) -> ForbiddenNode:
    graph, bits, causal = effect.graph, effect.graph.bits, effect.causal
    descent = directed_path(bits, causal, 1 << v)
    source = 1 << descent[0]
    onward = directed_path(bits, source, effect.outcome, within=causal)
    before = directed_path(bits, effect.treatment, source, within=causal)
    names = graph.order
    return ForbiddenNode(
        names[v],
        tuple(names[u] for u in before + onward[1:]),
        tuple(names[u] for u in descent),
    )
