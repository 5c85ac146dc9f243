"""Reference agents that state one belief a question by a fixed rule, then submit.

Two kinds, told apart by type: a rule that reads the world's model makes a privileged agent, a rule
that reads the question only makes an agent like any other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from causal_interface_gym.agents.reference.shared.answers import Rule, answers
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.gym.action import Action, Belief, Believe, Submit
from causal_interface_gym.gym.brief import Brief
from causal_interface_gym.gym.log import Event
from causal_interface_gym.questions.question import Asked

__all__ = ["BlindAgent", "BlindRule", "ReferenceAgent", "Rule"]


class BlindRule(Protocol):
    """How an agent answers that reads the question only."""

    def __call__(self, asked: Asked, *, rng: np.random.Generator) -> float:
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
        asked = (question.asked for question in brief.questions)
        return _believed(brief, answers(self.rule, self.model, asked, seed=self.seed))


@dataclass(frozen=True, slots=True)
class BlindAgent:
    """An agent that answers without looking; it holds no world."""

    id: str
    rule: BlindRule
    seed: int

    async def act(self, brief: Brief, log: Sequence[Event]) -> Action:
        """Believe first, then submit; the beliefs stand as answers."""
        if log:
            return Submit()
        rng = np.random.default_rng(self.seed)
        return _believed(brief, [self.rule(q.asked, rng=rng) for q in brief.questions])


def _believed(brief: Brief, answers: Sequence[float]) -> Believe:
    return Believe(
        tuple(
            # Rounding may leave [0, 1] by an ulp.
            Belief(question.id, min(max(p, 0.0), 1.0))
            for question, p in zip(brief.questions, answers, strict=True)
        )
    )
