"""Causal effects as one number each: ATE, CDE, NDE, NIE, ETT, PN, PS, PNS.

Every effect compares two settings of one treatment on the probability of one outcome event such
as ``"Y=1"``. All are exact; those that compare worlds for one unit need a declared coupling.

Source: [pearl2001] for direct and indirect effects, [tian2000] for the probabilities of causation.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict, Unpack

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query, Setting, Term
from causal_interface_gym.errors import ImpossibleEventError, QueryError

__all__ = ["Levels", "ate", "cde", "ett", "nde", "nie", "pn", "pns", "ps"]

_BINARY = 2


class Levels(TypedDict, total=False):
    """The two settings compared; first and second state of a binary treatment unless given."""

    control: str
    active: str


def ate(model: SCM, treatment: str, outcome: str, **levels: Unpack[Levels]) -> float:
    """Give the average treatment effect, P(y | do(active)) - P(y | do(control)), in [-1, 1].

    >>> model = SCM.from_tables(
    ...     parents={"Y": ("X",)},
    ...     states={"X": ("0", "1"), "Y": ("0", "1")},
    ...     tables={"X": [0.5, 0.5], "Y": [[0.75, 0.25], [0.25, 0.75]]},
    ... )
    >>> ate(model, treatment="X", outcome="Y=1")
    0.5

    Raises:
        QueryError: The outcome is no event, or a treatment with more than two states has no levels.
    """
    case = _Contrast.of(model, treatment, outcome, levels)
    return case.p(case.under(case.active)) - case.p(case.under(case.control))


def cde(
    model: SCM,
    treatment: str,
    outcome: str,
    *,
    mediators: Mapping[str, str],
    **levels: Unpack[Levels],
) -> float:
    """Give the controlled direct effect, with every mediator held at a value, in [-1, 1]."""
    case = _Contrast.of(model, treatment, outcome, levels)
    if not hasattr(mediators, "items"):
        raise QueryError(f"mediators map names to labels, e.g. {{'M': '0'}}; got {mediators!r}")
    held: dict[str, Setting] = dict(mediators)
    return case.p(case.under(case.active, held)) - case.p(case.under(case.control, held))


def nde(
    model: SCM,
    treatment: str,
    outcome: str,
    *,
    mediators: Sequence[str],
    **levels: Unpack[Levels],
) -> float:
    """Give the natural direct effect: treatment changes, mediators stay as under control.

    Source: [pearl2001, eq. 6].
    """
    case = _Contrast.of(model, treatment, outcome, levels)
    natural = case.natural(mediators, case.control)
    return case.p(case.under(case.active, natural)) - case.p(case.under(case.control))


def nie(
    model: SCM,
    treatment: str,
    outcome: str,
    *,
    mediators: Sequence[str],
    **levels: Unpack[Levels],
) -> float:
    """Give the natural indirect effect: treatment stays, mediators change as under active.

    Source: [pearl2001, eq. 10].
    """
    case = _Contrast.of(model, treatment, outcome, levels)
    natural = case.natural(mediators, case.active)
    return case.p(case.under(case.control, natural)) - case.p(case.under(case.control))


def ett(model: SCM, treatment: str, outcome: str, **levels: Unpack[Levels]) -> float:
    """Give the effect of treatment on the treated: the contrast among those with ``active``."""
    case = _Contrast.of(model, treatment, outcome, levels)
    treated = Term(treatment, case.active)
    return case.p(case.under(case.active), treated) - case.p(case.under(case.control), treated)


def pn(model: SCM, treatment: str, outcome: str, **levels: Unpack[Levels]) -> float:
    """Give the probability of necessity: no y without treatment, among treated who have y.

    Source: [tian2000, definition 1].
    """
    case = _Contrast.of(model, treatment, outcome, levels)
    factual = (Term(treatment, case.active), case.event)
    return 1.0 - case.p(case.under(case.control), *factual)


def ps(model: SCM, treatment: str, outcome: str, **levels: Unpack[Levels]) -> float:
    """Give the probability of sufficiency: y with treatment, among untreated without y.

    Source: [tian2000, definition 2].
    """
    case = _Contrast.of(model, treatment, outcome, levels)
    untreated = Term(treatment, case.control)
    share = sum(case.p(other, untreated) for other in case.without())
    if share <= 0:
        raise ImpossibleEventError(f"{untreated}, not {case.event}")
    y = case.under(case.active)
    gained = sum(model.p(Query((y, other), (untreated,))) for other in case.without())
    return gained / share


def pns(model: SCM, treatment: str, outcome: str, **levels: Unpack[Levels]) -> float:
    """Give the probability of necessity and sufficiency: y with treatment, and not without.

    Source: [tian2000, definition 3].
    """
    case = _Contrast.of(model, treatment, outcome, levels)
    y = case.under(case.active)
    lost = case.under(case.control)
    return sum(
        model.p(Query((y, Term(lost.variable, other.value, lost.do)))) for other in case.without()
    )


@dataclass(frozen=True, slots=True)
class _Contrast:
    """Two settings of a treatment, and the event whose probability they change."""

    model: SCM
    treatment: str
    event: Term
    control: str
    active: str

    @classmethod
    def of(cls, model: SCM, treatment: str, outcome: str, levels: Levels) -> "_Contrast":
        """Read the outcome event and choose the levels."""
        asked = Query.parse(outcome)
        event = asked.outcome[0]
        if asked != Query((Term(event.variable, event.value),)) or event.value is None:
            message = f"the outcome of an effect is one event such as 'Y=1'; got {outcome!r}"
            raise QueryError(message)
        model.state(event.variable, event.value)
        model.dag.mask(treatment)
        control, active = _levels(model, treatment, levels)
        return cls(model, treatment, event, control, active)

    def under(self, level: str, more: Mapping[str, Setting] | None = None) -> Term:
        """Give the event in the world where treatment is at a level."""
        settings = {**(more or {}), self.treatment: level}
        return Term(self.event.variable, self.event.value, tuple(sorted(settings.items())))

    def natural(self, mediators: Sequence[str], level: str) -> dict[str, Setting]:
        """Set each mediator to its value in the world where treatment is at a level."""
        if isinstance(mediators, str):
            message = f"mediators is a list of names, e.g. [{mediators!r}]"
            raise QueryError(message)
        return {m: Term(m, None, ((self.treatment, level),)) for m in mediators}

    def without(self) -> Iterator[Term]:
        """Yield the event with each other state of its variable."""
        for state in self.model.states[self.event.variable]:
            if state != self.event.value:
                yield Term(self.event.variable, state)

    def p(self, event: Term, *given: Term) -> float:
        """Give the probability of one event."""
        return self.model.p(Query((event,), given))


def _levels(model: SCM, treatment: str, levels: Levels) -> tuple[str, str]:
    """Give control and active; of a binary treatment one level implies the other."""
    states = model.states[treatment]
    unknown = set(levels) - {"control", "active"}
    if unknown:
        raise QueryError(f"the levels of an effect are control= and active=; got {sorted(unknown)}")
    if "control" in levels and "active" in levels:
        return levels["control"], levels["active"]
    if len(states) != _BINARY:
        message = f"{treatment!r} has the states {list(states)}; give control= and active="
        raise QueryError(message)
    if "control" in levels:
        return levels["control"], states[1 - model.state(treatment, levels["control"])]
    active = levels.get("active", states[1])
    return states[1 - model.state(treatment, active)], active
