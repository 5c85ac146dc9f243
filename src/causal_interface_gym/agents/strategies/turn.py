"""One turn of a strategy: what it may see, whom it may ask, and where its notes go.

A strategy is given the brief, the events that are shown, and a model. It holds no world, so no
truth can reach its prompt.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from causal_interface_gym.agents.elicitation.asking import Caller, Reply
from causal_interface_gym.agents.elicitation.beliefs import BeliefForm
from causal_interface_gym.agents.elicitation.fields import Amount, Choice, Field, Number
from causal_interface_gym.agents.elicitation.format import Format
from causal_interface_gym.agents.elicitation.notes import Note, NoteSink, unnoted
from causal_interface_gym.agents.llm.call import Message
from causal_interface_gym.agents.prompts.prompt import prompt
from causal_interface_gym.agents.scene.block import data_block, tag_of
from causal_interface_gym.gym.action import Hypothesise
from causal_interface_gym.gym.belief import Statement
from causal_interface_gym.gym.brief import Brief
from causal_interface_gym.gym.log import Event

__all__ = ["Json", "Strategy", "Turn"]

# Any: JSON.
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Turn:
    """The place in an episode at which a strategy is asked; ``step`` numbers the next action."""

    caller: Caller
    brief: Brief
    log: Sequence[Event]
    step: int
    format: Format
    samples: int = 1
    note: NoteSink = unnoted

    @property
    def tag(self) -> str:
        """The tag around the data of this trial."""
        return tag_of(self.caller.seed, self.caller.trial)

    def label(self, what: str) -> str:
        """Name a call of this turn, e.g. ``3/believe/0``."""
        return f"{self.step}/{what}"

    def messages(
        self,
        name: str,
        fields: Sequence[Field],
        *,
        more: Json | None = None,
        system: str = "system",
        **parts: object,
    ) -> tuple[Message, ...]:
        """Fill a prompt: the rules as the system's words, the data and the task as the user's.

        ``more`` adds parts to the block of data.
        """
        block = data_block(
            self.brief, self.log, tag=self.tag, is_reversed=self.format.is_reversed, more=more
        )
        told = "\n".join(["Fields:", *(f"- {_told(field)}" for field in fields)])
        task = prompt(name).filled(data=block, fields=told, **parts)
        return Message("system", prompt(system).filled(tag=self.tag)), Message("user", task)

    def noted(
        self, label: str, reply: Reply, beliefs: BeliefForm, statements: Sequence[Statement]
    ) -> None:
        """Note how beliefs were come by."""
        answered = tuple(statement.query for statement in statements)
        self.note(
            Note(
                trial=self.caller.trial,
                label=label,
                format=str(self.format),
                method=reply.filled.method if answered else "",
                n_calls=reply.n_calls,
                answered=answered,
                missing=tuple(own for own in beliefs.ids if own not in answered),
                faults=reply.filled.faults,
                failure=reply.failure,
            )
        )


class Strategy(Protocol):
    """A way from data to beliefs.

    ``calls`` says in words how many calls a statement of beliefs takes; ``is_tool_assisted`` marks
    a strategy that lets the model use the engine, whose scores stand apart.
    """

    @property
    def name(self) -> str:
        """The name in an agent's id."""
        ...

    @property
    def description(self) -> str:
        """One line on what it does."""
        ...

    @property
    def calls(self) -> str:
        """How many calls a statement of beliefs takes."""
        ...

    @property
    def prompts(self) -> tuple[str, ...]:
        """The names of its prompts."""
        ...

    @property
    def is_tool_assisted(self) -> bool:
        """Whether the model may use the engine."""
        ...

    async def believe(self, turn: Turn) -> tuple[Statement, ...]:
        """State beliefs; a question without a valid answer is left out.

        Raises:
            OutageError: The provider does not serve.
            StoppingError: No call can succeed before somebody changes something.
        """
        ...

    async def hypothesise(self, turn: Turn) -> Hypothesise | None:
        """State a graph before the end, or nothing.

        Raises:
            OutageError: The provider does not serve.
            StoppingError: No call can succeed before somebody changes something.
        """
        ...


def _told(field: Field) -> str:
    match field:
        case Amount():
            return field.name  # the prompt says once what such a field takes
        case Number():
            return f"{field.name}: whole number, {field.low} to {field.high}"
        case Choice():
            return f"{field.name}: one of {', '.join(field.options)}"
        case _:
            return f"{field.name}: text{f', {field.about}' if field.about else ''}"
