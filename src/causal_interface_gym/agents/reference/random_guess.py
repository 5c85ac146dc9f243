"""A guess: uniform on [0, 1], from the trial's seed."""

import numpy as np

from causal_interface_gym.questions.question import Asked

__all__ = ["random_guess"]


def random_guess(asked: Asked, *, rng: np.random.Generator) -> float:
    """Answer at random."""
    del asked
    return float(rng.random())
