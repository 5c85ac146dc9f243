"""Put questions to the model by a prompt and read its beliefs; what most strategies end with."""

from causal_interface_gym.agents.elicitation.asking import Request
from causal_interface_gym.agents.elicitation.beliefs import BeliefForm
from causal_interface_gym.agents.elicitation.fields import Field
from causal_interface_gym.agents.elicitation.form import Form
from causal_interface_gym.agents.elicitation.format import Format
from causal_interface_gym.agents.prompts.prompt import prompt
from causal_interface_gym.agents.strategies.turn import Json, Turn
from causal_interface_gym.gym.belief import Statement

__all__ = ["amount_in", "ask_beliefs"]


async def ask_beliefs(
    turn: Turn,
    name: str,
    beliefs: BeliefForm,
    *,
    part: str = "0",
    first: tuple[Field, ...] = (),
    n_more_tokens: int = 0,
    sample: int = 0,
    more: Json | None = None,
) -> tuple[Statement, ...]:
    """Ask by the prompt ``name``; ``first`` are fields before the beliefs, ``more`` further data.

    Raises:
        OutageError: The provider does not serve.
        StoppingError: No call can succeed before somebody changes something.
    """
    fields = (*first, *beliefs.fields)
    label = turn.label(f"believe/{part}")
    reply = await turn.caller.put(
        Request(
            label=label,
            messages=turn.messages(
                name,
                fields,
                more={"questions": dict(beliefs.questions), **(more or {})},
                amount=amount_in(turn.format),
            ),
            form=Form(fields),
            repair=prompt("repair").text,
            check=beliefs.checked,
            n_more_tokens=n_more_tokens,
            sample=sample,
        )
    )
    statements = beliefs.statements(reply.filled.values)
    turn.noted(label, reply, beliefs, statements)
    return statements


def amount_in(format: Format) -> str:
    """Say in words what a belief's field takes."""
    unit = "percent" if format.unit == "percent" else "chances out of 1000"
    digits = ", written as digits in a string" if format.kind == "digits" else ""
    return f"a whole number of {unit}, from 0 (impossible) to {format.whole} (certain){digits}"
