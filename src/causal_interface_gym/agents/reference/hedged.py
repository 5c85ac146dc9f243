"""The hedged answer: half way between the seer and the marginal.

Whoever trusts an association only half answers so, without any thought of causes. Forms that are
admitted against a fixed list of baselines do not rule it out, and it scores above 0 on them; its
row stands in every report so that a score of a few tenths is read beside it.
"""

import numpy as np

from causal_interface_gym.agents.reference.associational import associational
from causal_interface_gym.agents.reference.marginal import marginal
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.question import Asked

__all__ = ["hedged"]


def hedged(model: SCM, asked: Asked, *, rng: np.random.Generator) -> float:
    """Answer with the mean of seer and marginal; (P(y given x) + P(y)) / 2 for an effect."""
    return (associational(model, asked, rng=rng) + marginal(model, asked, rng=rng)) / 2
