"""Instruments and conditional instruments.

Z is an instrument for the effect of X on Y given W when W has no descendant of a causal node or
of Y, Z and Y are separated by W in the back-door graph (without the first edges of the causal
paths), and Z and X are not. In a linear model the effect is then cov(Z, Y | W) / cov(Z, X | W).
With the edge X -> Y as the only causal path this is the published definition; with mediators it
is its form for the total effect.

To decide for one Z whether any W exists is NP-hard. Where some variable is a conditional
instrument, some variable is one with W among the ancestors of it and Y, and for these the
separator nearest to Y decides in linear time.

Source: [vanderzander2015], [brito2002].
"""

from collections.abc import Iterator
from dataclasses import dataclass

from causal_interface_gym.causal.adjustment.problem import Effect, Names, directed_path, effect_of
from causal_interface_gym.causal.adjustment.separators import (
    NoCut,
    SeparationProblem,
    nearest_cut,
)
from causal_interface_gym.causal.bits import each_bit
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.separation import OpenPath, disjoint_masks, find_open_path
from causal_interface_gym.errors import QueryError

__all__ = [
    "AffectedCovariate",
    "Instrument",
    "InstrumentCheck",
    "IrrelevantInstrument",
    "OtherPath",
    "instruments",
    "is_instrument",
]


@dataclass(frozen=True, slots=True)
class Instrument:
    """A variable that is an instrument when ``given`` is conditioned on."""

    variable: str
    given: frozenset[str] = frozenset()

    def __str__(self) -> str:
        """Show as ``Z | A, B``."""
        return f"{self.variable} | {', '.join(sorted(self.given))}" if self.given else self.variable


@dataclass(frozen=True, slots=True)
class IrrelevantInstrument:
    """The variable and the treatment are separated: it says nothing about the treatment."""

    variable: str

    def __str__(self) -> str:
        """Say so."""
        return f"{self.variable} and the treatment are separated"


@dataclass(frozen=True, slots=True)
class OtherPath:
    """An open path from the variable to the outcome that does not run through the effect."""

    path: OpenPath

    def __str__(self) -> str:
        """Show the path."""
        return f"apart from the effect, {self.path.explanation}"


@dataclass(frozen=True, slots=True)
class AffectedCovariate:
    """A conditioning variable that descends from a mediator or the outcome."""

    node: str
    descent: tuple[str, ...]

    def __str__(self) -> str:
        """Show the descent."""
        if len(self.descent) == 1:
            return f"{self.node} lies on a causal path"
        return f"{self.node} is affected by the effect: {' -> '.join(self.descent)}"


@dataclass(frozen=True, slots=True)
class InstrumentCheck:
    """Whether an instrument is valid; ``failures`` says what is wrong if not."""

    instrument: Instrument
    failures: tuple[IrrelevantInstrument | OtherPath | AffectedCovariate, ...]

    def __bool__(self) -> bool:
        """Tell whether it is an instrument."""
        return not self.failures

    @property
    def reason(self) -> str:
        """The failures in words, or that there are none."""
        return "; ".join(map(str, self.failures)) or "it meets the criterion"

    def __str__(self) -> str:
        """State the verdict and the reason."""
        verdict = "is" if self else "is not"
        return f"{self.instrument} {verdict} an instrument: {self.reason}"


def instruments(graph: ADMG, *, treatment: str, outcome: str) -> Iterator[Instrument]:
    """Iterate over the variables that are ancestral instruments, each with a minimal ``given``.

    In topological order. If this is empty, no conditional instrument exists at all; a variable
    that is one only given non-ancestors of it and the outcome is not listed.

    >>> trial = ADMG([("Z", "X"), ("X", "Y")], [("X", "Y")])
    >>> [str(found) for found in instruments(trial, treatment="X", outcome="Y")]
    ['Z']

    Raises:
        UnknownVariableError: A name is not in the graph.
        QueryError: Treatment or outcome is not one variable, or they are the same.

    Source: [vanderzander2015].
    """
    effect = _single(graph, treatment, outcome)
    return _ancestral(effect)


def is_instrument(
    graph: ADMG, variable: str, given: Names = (), *, treatment: str, outcome: str
) -> InstrumentCheck:
    """Check whether ``variable`` is an instrument given ``given``.

    Raises:
        UnknownVariableError: A name is not in the graph.
        QueryError: Treatment, outcome or instrument is not one variable, or roles overlap.

    Source: [vanderzander2015], [brito2002].
    """
    effect = _single(graph, treatment, outcome)
    z, w, x, y = disjoint_masks(
        graph, variable=variable, given=given, treatment=treatment, outcome=outcome
    )
    _one(variable=z)
    failures: list[IrrelevantInstrument | OtherPath | AffectedCovariate] = []
    affecting = effect.causal | y
    for v in each_bit(w & graph.bits.descendants(affecting)):
        descent = directed_path(graph.bits, affecting, 1 << v)
        failures.append(AffectedCovariate(graph.order[v], tuple(graph.order[u] for u in descent)))
    other = find_open_path(graph, effect.backdoor, z, y, w)
    if other:
        failures.append(OtherPath(other))
    if not find_open_path(graph, effect.backdoor, z, x, w):
        failures.append(IrrelevantInstrument(graph.names(z)[0]))
    found = Instrument(graph.names(z)[0], frozenset(graph.names(w)))
    return InstrumentCheck(found, tuple(failures))


def _ancestral(effect: Effect) -> Iterator[Instrument]:
    graph, y = effect.graph, effect.outcome
    affected = graph.bits.descendants(effect.causal | y)
    usable = graph.bits.all & ~(effect.treatment | affected)
    for v in each_bit(usable):
        problem = SeparationProblem.of(effect.backdoor, y, 1 << v, allowed=usable)
        cut = nearest_cut(problem)
        if isinstance(cut, NoCut):
            continue
        given = cut.separator
        if find_open_path(graph, effect.backdoor, 1 << v, effect.treatment, given):
            yield Instrument(graph.order[v], frozenset(graph.names(given)))


def _single(graph: ADMG, treatment: str, outcome: str) -> Effect:
    effect = effect_of(graph, treatment, outcome)
    _one(treatment=effect.treatment, outcome=effect.outcome)
    return effect


def _one(**roles: int) -> None:
    for role, mask in roles.items():
        if mask.bit_count() != 1:
            message = f"{role} of an instrument is one variable; got {mask.bit_count()}"
            raise QueryError(message)
