"""Self-consistency: the direct question K times; the belief is the mean, the spread is reported.

Source: [wang2022].
"""

from dataclasses import dataclass

from causal_interface_gym.agents.elicitation.beliefs import BeliefForm
from causal_interface_gym.agents.elicitation.notes import Note
from causal_interface_gym.agents.elicitation.reading.samples import pooled
from causal_interface_gym.agents.strategies.stating import ask_beliefs
from causal_interface_gym.agents.strategies.turn import Turn
from causal_interface_gym.gym.action import Hypothesise
from causal_interface_gym.gym.belief import Statement

__all__ = ["SelfConsistency"]


@dataclass(frozen=True, slots=True)
class SelfConsistency:
    """Draw K samples of all beliefs and take their mean."""

    name: str = "self_consistency"
    description: str = "the mean of K samples of direct, with their spread"
    calls: str = "K"
    prompts: tuple[str, ...] = ("direct",)
    is_tool_assisted: bool = False

    async def believe(self, turn: Turn) -> tuple[Statement, ...]:
        """State mean beliefs by K calls."""
        beliefs = BeliefForm.of(turn.brief, turn.format)
        samples = [
            await ask_beliefs(turn, "direct", beliefs, part=str(sample), sample=sample)
            for sample in range(turn.samples)
        ]
        found = pooled(samples)
        answered = tuple(statement.query for statement in found.statements)
        note = Note(
            turn.caller.trial,
            turn.label("believe"),
            str(turn.format),
            "samples" if answered else "",
            n_calls=0,
            answered=answered,
            missing=tuple(own for own in beliefs.ids if own not in answered),
            dispersion=found.dispersion,
        )
        turn.note(note)
        return found.statements

    async def hypothesise(self, turn: Turn) -> Hypothesise | None:
        """State no graph."""
        del turn
        return None
