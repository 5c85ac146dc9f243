"""The seer: a perfect statistician who reads every do, and every other world, as mere seeing."""

import numpy as np

from causal_interface_gym.agents.reference.claims import in_the_sample, trusting
from causal_interface_gym.agents.reference.reading import actions, plain_outcome
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.questions.claims import FromSelected, InPopulation, IntervalEnd
from causal_interface_gym.questions.question import Asked

__all__ = ["associational"]


def associational(model: SCM, asked: Asked, *, rng: np.random.Generator) -> float:
    """Answer with the matching conditional probability; association passes for effect.

    In a counterfactual the world's settings become observations. What they override is dropped
    from the evidence, and so is the outcome's own factual value. An interval becomes that point.
    """
    match asked:
        case Query():
            seen = actions(asked)
            outcome = plain_outcome(asked)
            kept = {
                t.variable: t.value
                for t in asked.given
                if t.variable not in seen and not (seen and t.variable in outcome)
            }
            return model.p(Query.of(outcome, given={**kept, **seen}))
        case FromSelected():
            return associational(model, in_the_sample(asked), rng=rng)
        case InPopulation():
            return associational(model, asked.in_target, rng=rng)
        case IntervalEnd():
            return associational(model, asked.query, rng=rng)
        case _:
            return trusting(asked)
