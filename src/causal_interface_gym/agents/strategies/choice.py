"""Choice: one word a question; the belief is the probability with which the model says it.

A probability is asked as yes or no, a distribution as the letter of an alternative. It needs a
model whose server tells the probabilities of tokens; of one that does not, nothing is answered, and
the notes say why. The mass that lay on other words is noted with each belief.
"""

from dataclasses import dataclass
from typing import Final

from causal_interface_gym.agents.elicitation.beliefs import asked_of
from causal_interface_gym.agents.elicitation.notes import Note
from causal_interface_gym.agents.elicitation.reading.choices import Chosen, read_choices
from causal_interface_gym.agents.strategies.turn import Turn
from causal_interface_gym.gym.action import Hypothesise
from causal_interface_gym.gym.belief import Belief, StatedDistribution, Statement
from causal_interface_gym.gym.elicitation import AsksDistribution, AsksInterval, Elicitation

__all__ = ["Choice"]

_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_N_LIKELIEST: Final = 20
_NO_TOKENS: Final = "the server tells no probabilities of tokens"
_NO_OPTION: Final = "none of the options is among the likeliest tokens"


@dataclass(frozen=True, slots=True)
class Choice:
    """Ask each question for one word and read how likely each word was."""

    name: str = "choice"
    description: str = "yes or no a question, read from the probabilities of the tokens"
    calls: str = "1 a question"
    prompts: tuple[str, ...] = ("choice", "choice_system")
    is_tool_assisted: bool = False

    async def believe(self, turn: Turn) -> tuple[Statement, ...]:
        """State beliefs, one call a question; an interval has no word and is left out."""
        stated = [
            await _stated(turn, asked)
            for asked in asked_of(turn.brief)
            if not isinstance(asked, AsksInterval)
        ]
        return tuple(statement for own in stated for statement in own)

    async def hypothesise(self, turn: Turn) -> Hypothesise | None:
        """State no graph."""
        del turn
        return None


async def _stated(turn: Turn, asked: Elicitation) -> tuple[Statement, ...]:
    label = turn.label(f"believe/{asked.id}")
    options = _options(turn, asked)
    messages = turn.messages(
        "choice",
        (),
        system="choice_system",
        more={"questions": {asked.id: _question(turn, asked, options)}},
        options=" or ".join(options),
    )
    reply = await turn.caller.word(label, messages, n_likeliest=_N_LIKELIEST)
    tokens = [token for answer in reply.answers for token in answer.log_probabilities]
    found = read_choices(tokens, tuple(options)) if not reply.failure else None
    faults = () if found else reply.filled.faults or (_NO_OPTION if tokens else _NO_TOKENS,)
    turn.note(
        Note(
            turn.caller.trial,
            label,
            str(turn.format),
            "choices" if found else "",
            reply.n_calls,
            answered=(asked.id,) if found else (),
            missing=() if found else (asked.id,),
            faults=faults,
            failure=reply.failure,
            off_menu=((asked.id, found.off_menu),) if found else (),
        )
    )
    return (_statement(asked, options, found),) if found else ()


def _options(turn: Turn, asked: Elicitation) -> dict[str, str]:
    """Give the words, and the alternative that each stands for; the format decides the order."""
    if isinstance(asked, AsksDistribution):
        names = asked.alternatives[:: -1 if turn.format.is_reversed else 1]
        return dict(zip(_LETTERS, names, strict=False))
    words = {"Yes": "yes", "No": "no"}
    return dict(reversed(words.items())) if turn.format.is_reversed else words


def _question(turn: Turn, asked: Elicitation, options: dict[str, str]) -> object:
    told = {q.id: str(q.asked) for q in turn.brief.questions}
    if not isinstance(asked, AsksDistribution):
        return told[asked.id]
    parts = {name: told[question] for name, question in asked.parts}
    return {letter: parts[name] for letter, name in options.items()}


def _statement(asked: Elicitation, options: dict[str, str], found: Chosen) -> Statement:
    if isinstance(asked, AsksDistribution):
        by_name = {options[letter]: p for letter, p in found.probabilities.items()}
        return StatedDistribution(asked.id, tuple((n, by_name[n]) for n in asked.alternatives))
    return Belief(asked.id, min(found.probabilities["Yes"], 1.0))
