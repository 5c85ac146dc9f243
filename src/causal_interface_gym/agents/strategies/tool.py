"""Tool: before it believes, the model may use our engine, a few times, by naming a tool.

A tool is chosen by a field of a form, since small and local models do not call functions. Scores
of this strategy stand apart: they say what the model does with the engine at hand.
"""

from dataclasses import dataclass
from typing import Final

from causal_interface_gym.agents.elicitation.asking import Request
from causal_interface_gym.agents.elicitation.beliefs import BeliefForm
from causal_interface_gym.agents.elicitation.fields import Choice
from causal_interface_gym.agents.elicitation.form import Form
from causal_interface_gym.agents.elicitation.notes import Note
from causal_interface_gym.agents.prompts.prompt import prompt
from causal_interface_gym.agents.strategies.stating import ask_beliefs
from causal_interface_gym.agents.strategies.turn import Json, Turn
from causal_interface_gym.agents.tools.engine import TOOLS, Bench, use
from causal_interface_gym.gym.action import Hypothesise
from causal_interface_gym.gym.belief import Statement

__all__ = ["MAX_CALLS", "Tool"]

MAX_CALLS: Final = 6
"""How often tools are used before a statement of beliefs."""
_DONE: Final = "done"


@dataclass(frozen=True, slots=True)
class Tool:
    """Let the model use the engine, then ask for every belief."""

    name: str = "tool"
    description: str = "may use our engine (identify, adjustment sets, estimate) before it believes"
    calls: str = f"2 to {MAX_CALLS + 1}"
    prompts: tuple[str, ...] = ("tool", "direct")
    is_tool_assisted: bool = True

    async def believe(self, turn: Turn) -> tuple[Statement, ...]:
        """State beliefs after at most ``MAX_CALLS`` uses of a tool."""
        bench = Bench(turn.brief, turn.log)
        results: list[Json] = []
        for number in range(MAX_CALLS):
            chosen = await _chosen(turn, number, results)
            if chosen is None:
                break
            results.append(use(bench, *chosen))
        beliefs = BeliefForm.of(turn.brief, turn.format)
        return await ask_beliefs(turn, "direct", beliefs, more={"results of tools": results})

    async def hypothesise(self, turn: Turn) -> Hypothesise | None:
        """State no graph."""
        del turn
        return None


async def _chosen(turn: Turn, number: int, results: list[Json]) -> tuple[str, str] | None:
    """Ask for the next tool and its question; None when the model is done or makes no sense."""
    fields = (
        Choice("tool", (*TOOLS, _DONE)),
        Choice("question", tuple(q.id for q in turn.brief.questions)),
    )
    label = turn.label(f"tool/{number}")
    more: Json = {"results of tools": results} if results else {}
    reply = await turn.caller.put(
        Request(
            label=label,
            messages=turn.messages("tool", fields, more=more, n_left=MAX_CALLS - number),
            form=Form(fields),
            repair=prompt("repair").text,
        )
    )
    turn.note(
        Note(
            turn.caller.trial,
            label,
            str(turn.format),
            reply.filled.method,
            reply.n_calls,
            faults=reply.filled.faults,
            failure=reply.failure,
        )
    )
    tool, question = (reply.filled.values.get(field.name) for field in fields)
    return (str(tool), str(question)) if tool in TOOLS and question else None
