"""Causal chain of thought: graph, kind of question, estimand, data, computation, then the belief.

One question a call, in five typed steps that come before the number. Each step is checked for its
form: the arrows are read as a graph over the variables, the kind is one of four, the estimand names
a variable. Whether a step is right is not checked, for that would tell the answer.

Source: [jin2023].
"""

from dataclasses import dataclass
from typing import Final

from causal_interface_gym.agents.elicitation.beliefs import BeliefForm, asked_of
from causal_interface_gym.agents.elicitation.fields import Choice, Field, Words
from causal_interface_gym.agents.elicitation.graphs import graph_field
from causal_interface_gym.agents.scene.handles import Handles
from causal_interface_gym.agents.strategies.stating import ask_beliefs
from causal_interface_gym.agents.strategies.turn import Turn
from causal_interface_gym.errors import InvalidOutputError
from causal_interface_gym.gym.action import Hypothesise
from causal_interface_gym.gym.belief import Statement

__all__ = ["CausalChainOfThought"]

_KINDS: Final = ("association", "intervention", "counterfactual", "structure")
_TOKENS: Final = 768


@dataclass(frozen=True, slots=True)
class CausalChainOfThought:
    """Ask each question by itself, through five typed steps."""

    name: str = "causal_cot"
    description: str = "five checked steps (graph, kind, estimand, data, computation) a question"
    calls: str = "1 a question"
    prompts: tuple[str, ...] = ("causal_cot",)
    is_tool_assisted: bool = False

    async def believe(self, turn: Turn) -> tuple[Statement, ...]:
        """State beliefs, one call a question."""
        first = _steps(Handles.of(turn.brief))
        stated: list[Statement] = []
        for asked in asked_of(turn.brief):
            beliefs = BeliefForm.of(turn.brief, turn.format, [asked])
            stated += await ask_beliefs(
                turn, "causal_cot", beliefs, part=asked.id, first=first, n_more_tokens=_TOKENS
            )
        return tuple(stated)

    async def hypothesise(self, turn: Turn) -> Hypothesise | None:
        """State no graph; each call has its own."""
        del turn
        return None


@dataclass(frozen=True, slots=True)
class _Mentions:
    """Checks that a text names a variable."""

    names: tuple[str, ...]

    def __call__(self, text: str) -> None:
        if text.strip() != "none" and not any(name in text for name in self.names):
            message = (
                f"the estimand names variables, such as {', '.join(self.names)[:200]}, or is none"
            )
            raise InvalidOutputError(message)


def _said(text: str) -> None:
    if not text.strip():
        raise InvalidOutputError("a step is not empty")


def _steps(handles: Handles) -> tuple[Field, ...]:
    names = tuple(handles.variables.values())
    return (
        graph_field("step_1_graph", handles),
        Choice("step_2_kind_of_question", _KINDS),
        Words(
            "step_3_estimand",
            300,
            "the formula in observed probabilities, or none for a claim about the graph",
            _Mentions(names),
        ),
        Words("step_4_data", 400, "the counts from the data that the formula needs", _said),
        Words("step_5_computation", 400, "the arithmetic", _said),
    )
