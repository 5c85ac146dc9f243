"""The constant 0.5."""

import numpy as np

from causal_interface_gym.questions.question import Asked

__all__ = ["uniform"]


def uniform(asked: Asked, *, rng: np.random.Generator) -> float:
    """Answer 0.5."""
    del asked, rng
    return 0.5
