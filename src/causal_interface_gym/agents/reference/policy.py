"""A reference agent: state one belief a question by a fixed rule, then submit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.gym.action import Action, Belief, Believe, Submit
from causal_interface_gym.gym.brief import Brief
from causal_interface_gym.gym.episode import Event
from causal_interface_gym.questions.question import Asked

__all__ = ["ReferenceAgent", "Rule"]


class Rule(Protocol):
    """How a reference agent answers: from the model and the question to a probability."""

    def __call__(self, model: SCM, asked: Asked, *, rng: np.random.Generator) -> float:
        """Answer; ``rng`` is the agent's own randomness."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class ReferenceAgent:
    """An agent with a privileged handle on the world's model."""

    id: str
    rule: Rule
    model: SCM
    seed: int

    async def act(self, brief: Brief, log: Sequence[Event]) -> Action:
        """Believe first, then submit; the beliefs stand as answers."""
        if log:
            return Submit()
        rng = np.random.default_rng(self.seed)
        return Believe(
            tuple(
                # Rounding may leave [0, 1] by an ulp.
                Belief(q.id, min(max(self.rule(self.model, q.asked, rng=rng), 0.0), 1.0))
                for q in brief.questions
            )
        )
