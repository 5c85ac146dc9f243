"""What is asked: a ratio of two sums of joint events, which covers probabilities and effects.

A probability is one event over its condition; an average effect is a difference; the probability
of necessity is a sum over other outcomes, over what happened. The tests hold each effect against
``causal.effects``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query, Setting, Settings, Term
from causal_interface_gym.errors import ImpossibleEventError, QueryError, UnknownVariableError

__all__ = ["EFFECTS", "Event", "Question", "effect"]

Event = tuple[Term, ...]
"""Terms that hold together."""

States = Mapping[str, Sequence[str]]

EFFECTS: Final = ("ATE", "ETT", "NDE", "NIE", "PN", "PNS", "PS")

_EFFECT = re.compile(rf"\s*({'|'.join(EFFECTS)})\s*\((.*)\)\s*")
_TWO: Final = 2


@dataclass(frozen=True, slots=True)
class Question:
    """A sum of weighted events over a sum of events, all under one intervention.

    No ``denominator`` means 1. ``span`` is the range that such a number can have.
    """

    text: str
    numerator: tuple[tuple[float, Event], ...]
    denominator: tuple[Event, ...] = ()
    do: Settings = ()
    span: tuple[float, float] = field(default=(0.0, 1.0))

    @classmethod
    def of(cls, asked: "str | Query | Question", states: States) -> "Question":
        """Read a query, or an effect such as ``"PNS(X, Y=1)"`` or ``"NDE(X, Y=1, M)"``.

        Raises:
            QueryError: The text is neither, or leaves a value open.
        """
        if isinstance(asked, Question):
            return asked
        match = _EFFECT.fullmatch(asked) if isinstance(asked, str) else None
        if match:
            query = Query.parse(match[2])
            return _effect_of(match[1], query, states)
        query = asked if isinstance(asked, Query) else Query.parse(asked)
        if query.is_symbolic:
            message = f"{query} leaves a value open; give every variable one, e.g. Y=1"
            raise QueryError(message)
        events = (1.0, query.outcome + query.given)
        return cls(str(query), (events,), (query.given,) if query.given else (), query.do)

    @property
    def variables(self) -> tuple[str, ...]:
        """All variables that are named, each once."""
        events = [event for _, event in self.numerator]
        terms = [t for event in events for t in event]
        return Query(tuple(terms), (), self.do).variables

    def value(self, model: SCM) -> float:
        """Give the exact answer in a model.

        Raises:
            ImpossibleEventError: The condition has probability 0.
        """
        above = sum(weight * _p(model, event, self.do) for weight, event in self.numerator)
        if not self.denominator:
            return above
        below = sum(_p(model, event, self.do) for event in self.denominator)
        if below <= 0:
            raise ImpossibleEventError(self.condition)
        return above / below

    @property
    def condition(self) -> str:
        """The denominator in words."""
        return " or ".join(", ".join(map(str, event)) for event in self.denominator)


def effect(
    name: str,
    treatment: str,
    outcome: Term,
    *,
    states: States,
    mediators: Sequence[str] = (),
    control: str | None = None,
    active: str | None = None,
) -> Question:
    """Ask for one of ``EFFECTS`` of a treatment on an event such as ``Term("Y", "1")``.

    Raises:
        QueryError: A treatment with more than two states needs both levels.
    """
    if treatment not in states:
        raise UnknownVariableError(treatment, list(states))
    low, high = _levels(treatment, states[treatment], control, active)
    if outcome.variable not in states:
        raise UnknownVariableError(outcome.variable, list(states))
    case = _Case(treatment, outcome, low, high, tuple(mediators), tuple(states[outcome.variable]))
    text = f"{name}({', '.join(map(str, (treatment, outcome, *mediators)))})"
    return getattr(case, name.lower())(text)  # type: ignore[no-any-return]  # a method of _Case


def _effect_of(name: str, query: Query, states: States) -> Question:
    terms = query.outcome
    needs_mediators = name in {"NDE", "NIE"}
    is_plain = not query.do and not query.given and all(not t.do for t in terms)
    counts = len(terms) > _TWO if needs_mediators else len(terms) == _TWO
    if not is_plain or not counts or terms[0].value is not None or terms[1].value is None:
        example = f"{name}(X, Y=1{', M' if needs_mediators else ''})"
        message = f"an effect names its treatment and one outcome event, e.g. {example}"
        raise QueryError(message)
    mediators = [t.variable for t in terms[2:]]
    return effect(name, terms[0].variable, terms[1], states=states, mediators=mediators)


def _levels(
    treatment: str, labels: Sequence[str], control: str | None, active: str | None
) -> tuple[str, str]:
    if control is not None and active is not None:
        return control, active
    if len(labels) != _TWO:
        message = f"{treatment!r} has the states {list(labels)}; give control= and active="
        raise QueryError(message)
    return labels[0], labels[1]


def _p(model: SCM, event: Event, do: Settings) -> float:
    """Multiply the chances of the terms, each given those before it in topological order."""
    index = model.dag.index
    terms = sorted(dict.fromkeys(event), key=lambda t: index[t.variable])
    total = 1.0
    for i, term in enumerate(terms):
        if total > 0:
            total *= model.p(Query((term,), tuple(terms[:i]), do))
    return total


@dataclass(frozen=True, slots=True)
class _Case:
    """Two levels of a treatment, and the event whose probability they change."""

    treatment: str
    event: Term
    control: str
    active: str
    mediators: tuple[str, ...]
    labels: tuple[str, ...]

    def under(self, level: str, natural: str | None = None) -> Term:
        """Give the event at a level, the mediators as they are at another if one is given."""
        settings: dict[str, Setting] = {self.treatment: level}
        if natural is not None:
            world = ((self.treatment, natural),)
            settings |= {m: Term(m, None, world) for m in self.mediators}
        return Term(self.event.variable, self.event.value, tuple(sorted(settings.items())))

    def others(self, world: Settings = ()) -> list[Term]:
        """Give the event's variable with each other state."""
        labels = [label for label in self.labels if label != self.event.value]
        return [Term(self.event.variable, label, world) for label in labels]

    def difference(self, text: str, first: Event, second: Event, given: Event = ()) -> Question:
        terms = ((1.0, first + given), (-1.0, second + given))
        return Question(text, terms, (given,) if given else (), span=(-1.0, 1.0))

    def ate(self, text: str) -> Question:
        return self.difference(text, (self.under(self.active),), (self.under(self.control),))

    def ett(self, text: str) -> Question:
        treated = (Term(self.treatment, self.active),)
        pair = (self.under(self.active),), (self.under(self.control),)
        return self.difference(text, *pair, treated)

    def nde(self, text: str) -> Question:
        first = self.under(self.active, self.control)
        return self.difference(text, (first,), (self.under(self.control),))

    def nie(self, text: str) -> Question:
        first = self.under(self.control, self.active)
        return self.difference(text, (first,), (self.under(self.control),))

    def pn(self, text: str) -> Question:
        happened = (Term(self.treatment, self.active), self.event)
        without = self.others(((self.treatment, self.control),))
        return Question(text, tuple((1.0, (t, *happened)) for t in without), (happened,))

    def ps(self, text: str) -> Question:
        y = self.under(self.active)
        happened = [(Term(self.treatment, self.control), t) for t in self.others()]
        return Question(text, tuple((1.0, (y, *h)) for h in happened), tuple(happened))

    def pns(self, text: str) -> Question:
        y = self.under(self.active)
        without = self.others(((self.treatment, self.control),))
        return Question(text, tuple((1.0, (y, t)) for t in without))
