"""A guess: uniform on [0, 1], from the trial's seed."""

import numpy as np

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.question import Asked

__all__ = ["random_guess"]


def random_guess(model: SCM, asked: Asked, *, rng: np.random.Generator) -> float:
    """Answer at random."""
    del model, asked
    return float(rng.random())
