"""Partial identification: the interval that holds the answer, and the two models at its ends."""

from causal_interface_gym.causal.bounds.knowledge import Experiment, Knowledge
from causal_interface_gym.causal.bounds.question import EFFECTS, Question, effect
from causal_interface_gym.causal.bounds.result import Bounds, Extreme, bounds

__all__ = [
    "EFFECTS",
    "Bounds",
    "Experiment",
    "Extreme",
    "Knowledge",
    "Question",
    "bounds",
    "effect",
]
