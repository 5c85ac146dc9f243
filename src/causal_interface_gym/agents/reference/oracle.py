"""The oracle: answers by full enumeration of the noise.

Truths come from variable elimination and from graphical criteria, so the oracle's score can fail.
Whether a set is valid for adjustment it finds by trying: on random models over the same graph,
adjusting must give what doing gives. An interval it finds by writing out all response functions.
"""

from functools import lru_cache
from itertools import product

import numpy as np

from causal_interface_gym.agents.reference.claims import enumerated_claim, random_model
from causal_interface_gym.causal.enumeration import Enumeration, Undeclared
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import UndeclaredCouplingError
from causal_interface_gym.questions.claims import FromSelected, InPopulation, IntervalEnd
from causal_interface_gym.questions.question import Asked, ValidAdjustment
from causal_interface_gym.questions.response_types import interval_by_types

__all__ = ["oracle"]

_N_MODELS = 3
_SAME = 1e-9


def oracle(model: SCM, asked: Asked, *, rng: np.random.Generator) -> float:
    """Answer exactly."""
    match asked:
        case Query():
            return _probability(model, asked)
        case ValidAdjustment():
            made = (random_model(model, rng) for _ in range(_N_MODELS))
            return float(all(_adjusting_is_doing(m, asked) for m in made))
        case FromSelected():
            return _probability(model, asked.query)
        case InPopulation():
            return _probability(model, asked.in_target)
        case IntervalEnd():
            ends = interval_by_types(model, asked.query, asked.experiments)
            return ends[asked.end == "upper"]
        case _:
            return enumerated_claim(model, asked, rng=rng)


def _probability(model: SCM, query: Query) -> float:
    try:
        return _enumeration(model).probability(query)
    except UndeclaredCouplingError:
        # An identified counterfactual has the same value under every coupling.
        return _enumeration(model, "comonotone").probability(query)


@lru_cache(maxsize=2)
def _enumeration(model: SCM, undeclared: Undeclared = "refuse") -> Enumeration:
    """Spread a model once for all questions about it that follow each other."""
    return Enumeration(model, undeclared=undeclared)


def _adjusting_is_doing(model: SCM, claim: ValidAdjustment) -> bool:
    enumeration = Enumeration(model)
    x, y = claim.treatment, claim.outcome
    strata = [dict(zip(claim.adjust, labels, strict=True)) for labels in product(
        *(model.states[v] for v in claim.adjust))]  # fmt: skip
    for level, state in product(model.states[x], model.states[y]):
        adjusted = sum(
            enumeration.probability(Query.of({y: state}, given={x: level, **z}))
            * (enumeration.probability(Query.of(z)) if z else 1.0)
            for z in strata
        )
        done = enumeration.probability(Query.of({y: state}, do={x: level}))
        if abs(adjusted - done) > _SAME:
            return False
    return True
