"""The constant 0.5."""

import numpy as np

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.question import Asked

__all__ = ["uniform"]


def uniform(model: SCM, asked: Asked, *, rng: np.random.Generator) -> float:
    """Answer 0.5."""
    del model, asked, rng
    return 0.5
