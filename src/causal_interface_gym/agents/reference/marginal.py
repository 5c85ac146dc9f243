"""The marginal: answers P(y) whatever is seen or done."""

import numpy as np

from causal_interface_gym.agents.reference.claims import blind_belief
from causal_interface_gym.agents.reference.reading import plain_outcome
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.questions.claims import FromSelected, InPopulation, IntervalEnd
from causal_interface_gym.questions.question import Asked

__all__ = ["marginal"]


def marginal(model: SCM, asked: Asked, *, rng: np.random.Generator) -> float:
    """Answer with the outcome's probability alone, in the population asked about.

    An interval becomes that point; a claim gets an equal share.
    """
    del rng
    match asked:
        case Query():
            return model.p(Query.of(plain_outcome(asked)))
        case FromSelected() | IntervalEnd():
            return model.p(Query.of(plain_outcome(asked.query)))
        case InPopulation():
            where = {asked.population: asked.target}
            return model.p(Query.of(plain_outcome(asked.query), given=where))
        case _:
            return blind_belief(asked)
