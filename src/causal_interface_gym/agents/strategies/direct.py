"""Direct: all beliefs in one reply, without a word of reasoning."""

from dataclasses import dataclass

from causal_interface_gym.agents.elicitation.beliefs import BeliefForm
from causal_interface_gym.agents.strategies.stating import ask_beliefs
from causal_interface_gym.agents.strategies.turn import Turn
from causal_interface_gym.gym.action import Hypothesise
from causal_interface_gym.gym.belief import Statement

__all__ = ["Direct"]


@dataclass(frozen=True, slots=True)
class Direct:
    """Ask for every belief at once."""

    name: str = "direct"
    description: str = "all beliefs in one reply, no reasoning"
    calls: str = "1"
    prompts: tuple[str, ...] = ("direct",)
    is_tool_assisted: bool = False

    async def believe(self, turn: Turn) -> tuple[Statement, ...]:
        """State beliefs by one call."""
        return await ask_beliefs(turn, "direct", BeliefForm.of(turn.brief, turn.format))

    async def hypothesise(self, turn: Turn) -> Hypothesise | None:
        """State no graph."""
        del turn
        return None
