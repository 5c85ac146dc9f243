"""The check TE(0 to 1) = NDE(0 to 1) - NIE(1 to 0), and composition, on which it rests.

Written in probabilities the two sides cancel term by term, so the identity binds a participant who
states effects as numbers of their own, or states one probability in two forms: with the mediators
held at what they are anyway, y[x, m[x]] is y[x].

Source: [pearl2001] for the identity, [pearl2009, section 7.3] for composition.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from causal_interface_gym.causal.query import Query, Settings, Term
from causal_interface_gym.errors import QueryError
from causal_interface_gym.scoring.coherence.beliefs import Beliefs
from causal_interface_gym.scoring.coherence.finding import Finding

__all__ = ["Contrast", "composition", "effect_identity"]


@dataclass(frozen=True, slots=True)
class Contrast:
    """An effect stated as one number in [-1, 1]: of ``treatment`` going from ``start`` to ``end``.

    ``outcome`` is an event, e.g. ``Term("y", "1")``; a total effect names no mediators.

    Raises:
        QueryError: The number is no difference of probabilities.
    """

    effect: Literal["te", "nde", "nie"]
    treatment: str
    start: str
    end: str
    outcome: Term
    value: float
    mediators: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the range; NaN fails it too."""
        if not -1 <= self.value <= 1:
            message = f"an effect on a probability lies in [-1, 1]; got {self.value!r}"
            raise QueryError(message)


def composition(beliefs: Beliefs) -> Iterator[Finding]:
    """Check P(y[x, m[x]]) = P(y[x])."""
    for statement in beliefs.stated:
        query = statement.query
        plain = Query(
            tuple(_composed(t) for t in query.outcome),
            tuple(_composed(t) for t in query.given),
            query.do,
        )
        found = beliefs.find(plain) if plain != query else ()
        if found:
            text = (
                f"{query} was stated as {statement.p:.4g} and {plain} as {found[0]:.4g}; "
                "they are one probability"
            )
            yield Finding("composition", abs(statement.p - found[0]), text)


def effect_identity(beliefs: Beliefs, contrasts: Sequence[Contrast]) -> Iterator[Finding]:
    """Check TE(0 to 1) = NDE(0 to 1) - NIE(1 to 0) wherever a natural effect was stated.

    Parts that were not stated as effects are taken from stated probabilities.
    """
    cases = dict.fromkeys(_case(c) for c in contrasts if c.effect != "te")
    for x, start, end, y, mediators in cases:
        direct = Contrast("nde", x, start, end, y, 0.0, mediators)
        indirect = Contrast("nie", x, end, start, y, 0.0, mediators)
        total = Contrast("te", x, start, end, y, 0.0)
        values = [_value(beliefs, contrasts, part) for part in (total, direct, indirect)]
        if all(values):
            (te,), (nde,), (nie,) = values
            text = (
                f"TE {te:.4g} of {x} from {start} to {end} on {y} must be NDE {nde:.4g} minus "
                f"NIE {nie:.4g} of the way back"
            )
            yield Finding("effect identity", abs(te - (nde - nie)), text)


_Case = tuple[str, str, str, Term, tuple[str, ...]]


def _case(contrast: Contrast) -> _Case:
    """Give the forward direction of the identity in which this effect stands."""
    ends = (contrast.start, contrast.end)
    start, end = ends if contrast.effect == "nde" else ends[::-1]
    return contrast.treatment, start, end, contrast.outcome, contrast.mediators


def _value(beliefs: Beliefs, contrasts: Sequence[Contrast], wanted: Contrast) -> tuple[float, ...]:
    for contrast in contrasts:
        same = contrast.effect == wanted.effect and contrast.mediators == wanted.mediators
        if same and _case(contrast) == _case(wanted):
            return (contrast.value,)
    x, start, end = wanted.treatment, wanted.start, wanted.end
    changed: Settings = ((x, end),)
    base: Settings = ((x, start),)
    held: Settings = tuple((m, Term(m, None, base)) for m in wanted.mediators)
    moved: Settings = tuple((m, Term(m, None, changed)) for m in wanted.mediators)
    worlds: dict[str, Settings] = {"te": changed, "nde": (*changed, *held), "nie": (*base, *moved)}
    found = beliefs.find(
        _query(wanted.outcome, worlds[wanted.effect]), _query(wanted.outcome, base)
    )
    return (found[0] - found[1],) if found else ()


def _query(outcome: Term, world: Settings) -> Query:
    settings = tuple(sorted(world, key=lambda pair: pair[0]))
    return Query((Term(outcome.variable, outcome.value, settings),))


def _composed(term: Term) -> Term:
    """Drop from a world what is set to the value it has there anyway."""
    plain = tuple((n, s) for n, s in term.do if not isinstance(s, Term))
    kept = tuple((n, s) for n, s in term.do if not (isinstance(s, Term) and s.do == plain))
    return Term(term.variable, term.value, kept)
