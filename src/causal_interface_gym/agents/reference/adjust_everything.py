"""Adjust for everything: control for every other observed variable, whatever it is."""

import numpy as np

from causal_interface_gym.agents.reference.claims import trusting
from causal_interface_gym.agents.reference.reading import actions, plain_outcome
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query, Term
from causal_interface_gym.questions.adjusting import adjusted_probability
from causal_interface_gym.questions.claims import FromSelected, InPopulation, IntervalEnd
from causal_interface_gym.questions.question import Asked, ValidAdjustment

__all__ = ["adjust_everything"]


def adjust_everything(model: SCM, asked: Asked, *, rng: np.random.Generator) -> float:
    """Answer a causal question by adjusting for all; a question without action exactly."""
    del rng
    match asked:
        case Query():
            return _adjusted(model, asked, selected={})
        case FromSelected():
            return _adjusted(model, asked.query, selected=dict(asked.selected))
        case InPopulation():
            selected = {asked.population: asked.target}
            return _adjusted(model, asked.query, selected=selected)
        case IntervalEnd():
            return _adjusted(model, asked.query, selected={})
        case ValidAdjustment():
            others = set(model.observed) - {asked.treatment, asked.outcome}
            return float(set(asked.adjust) == others)
        case _:
            return trusting(asked)


def _adjusted(model: SCM, query: Query, *, selected: dict[str, str]) -> float:
    settings = actions(query)
    if not settings:
        return model.p(query)
    (x, level), *_ = settings.items()
    (y, state), *_ = plain_outcome(query).items()
    return adjusted_probability(
        model,
        treatment=Term(x, level),
        outcome=Term(y, state),
        adjust=[v for v in model.observed if v not in selected],
        selected=selected,
    )
