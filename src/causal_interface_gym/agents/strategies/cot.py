"""Chain of thought: one reply whose first field is reasoning, so that beliefs follow from it."""

from dataclasses import dataclass
from typing import Final

from causal_interface_gym.agents.elicitation.beliefs import BeliefForm
from causal_interface_gym.agents.elicitation.fields import Words
from causal_interface_gym.agents.strategies.stating import ask_beliefs
from causal_interface_gym.agents.strategies.turn import Turn
from causal_interface_gym.gym.action import Hypothesise
from causal_interface_gym.gym.belief import Statement

__all__ = ["ChainOfThought"]

_REASONING: Final = Words("reasoning", 1_500, "think step by step, in a few sentences")
_TOKENS: Final = 1_024


@dataclass(frozen=True, slots=True)
class ChainOfThought:
    """Ask for reasons, then for every belief, in one reply."""

    name: str = "cot"
    description: str = "a reasoning field first, then all beliefs, in one reply"
    calls: str = "1"
    prompts: tuple[str, ...] = ("cot",)
    is_tool_assisted: bool = False

    async def believe(self, turn: Turn) -> tuple[Statement, ...]:
        """State beliefs by one call."""
        beliefs = BeliefForm.of(turn.brief, turn.format)
        return await ask_beliefs(turn, "cot", beliefs, first=(_REASONING,), n_more_tokens=_TOKENS)

    async def hypothesise(self, turn: Turn) -> Hypothesise | None:
        """State no graph."""
        del turn
        return None
