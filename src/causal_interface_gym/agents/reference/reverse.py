"""The reversed answer: exact, but for the opposite level of what is set.

Levels are mirrored: the first state stands for the last and so on, so a treatment's yes becomes
no. What is set is mirrored wherever it is named; in a question that sets nothing, the conditions
are mirrored. A claim is denied, a direction turned round.
"""

from dataclasses import replace

import numpy as np

from causal_interface_gym.agents.reference.claims import denied
from causal_interface_gym.agents.reference.reading import actions
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query, Setting, Settings, Term
from causal_interface_gym.errors import ImpossibleEventError
from causal_interface_gym.questions.claims import FromSelected, InPopulation, IntervalEnd
from causal_interface_gym.questions.intervals import end_of
from causal_interface_gym.questions.question import Asked

__all__ = ["reverse"]


def reverse(model: SCM, asked: Asked, *, rng: np.random.Generator) -> float:
    """Answer the mirrored question exactly; 0.5 where its condition cannot happen."""
    match asked:
        case Query():
            try:
                return model.p(_mirrored(model, asked))
            except ImpossibleEventError:
                return 0.5
        case FromSelected():
            return reverse(model, asked.query, rng=rng)
        case InPopulation():
            return reverse(model, asked.in_target, rng=rng)
        case IntervalEnd():
            return end_of(model, replace(asked, query=_mirrored(model, asked.query)))
        case _:
            return denied(model, asked)


def _mirrored(model: SCM, query: Query) -> Query:
    turned = set(actions(query)) or {t.variable for t in query.given}
    return Query(
        tuple(Term(t.variable, t.value, _settings(model, t.do, turned)) for t in query.outcome),
        tuple(_term(model, t, turned) for t in query.given),
        _settings(model, query.do, turned),
    )


def _term(model: SCM, term: Term, turned: set[str]) -> Term:
    value = term.value
    if value is not None and term.variable in turned:
        value = _opposite(model, term.variable, value)
    return Term(term.variable, value, _settings(model, term.do, turned))


def _settings(model: SCM, settings: Settings, turned: set[str]) -> Settings:
    return tuple((name, _setting(model, name, value, turned)) for name, value in settings)


def _setting(model: SCM, name: str, value: Setting, turned: set[str]) -> Setting:
    match value:
        case str():
            return _opposite(model, name, value) if name in turned else value
        case Term():
            return _term(model, value, turned)
        case _:
            return value


def _opposite(model: SCM, variable: str, label: str) -> str:
    states = model.states[variable]
    return states[len(states) - 1 - states.index(label)]
