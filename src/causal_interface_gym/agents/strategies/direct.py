"""Direct: all beliefs in one reply, without a word of reasoning."""

from dataclasses import dataclass

from causal_interface_gym.agents.elicitation.asking import Request
from causal_interface_gym.agents.elicitation.beliefs import BeliefForm
from causal_interface_gym.agents.elicitation.fields import Field
from causal_interface_gym.agents.elicitation.form import Form
from causal_interface_gym.agents.elicitation.format import Format
from causal_interface_gym.agents.strategies.prompt import prompt
from causal_interface_gym.agents.strategies.turn import Turn
from causal_interface_gym.gym.action import Hypothesise
from causal_interface_gym.gym.belief import Statement

__all__ = ["Direct", "amount_in", "ask_beliefs"]


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


async def ask_beliefs(
    turn: Turn,
    name: str,
    beliefs: BeliefForm,
    *,
    part: str = "0",
    first: tuple[Field, ...] = (),
    n_more_tokens: int = 0,
) -> tuple[Statement, ...]:
    """Put the questions of a form to the model by a prompt; ``first`` stand before the beliefs."""
    fields = (*first, *beliefs.fields)
    label = turn.label(f"believe/{part}")
    reply = await turn.caller.put(
        Request(
            label=label,
            messages=turn.messages(
                name,
                fields,
                more={"what each field asks": dict(beliefs.explained)},
                amount=amount_in(turn.format),
            ),
            form=Form(fields),
            repair=prompt("repair").text,
            check=beliefs.checked,
            n_more_tokens=n_more_tokens,
        )
    )
    statements = beliefs.statements(reply.filled.values)
    turn.noted(label, reply, beliefs, statements)
    return statements


def amount_in(format: Format) -> str:
    """Say in words what a belief's field takes."""
    unit = "percent" if format.unit == "percent" else "chances out of 1000"
    return f"a whole number of {unit}, from 0 (impossible) to {format.whole} (certain)"
