"""Each question once more, in a call of its own: whether beliefs hang on what they are asked with.

All questions of a step are asked in one reply. In a sample of the trials a model that answers
directly is asked each of them apart, with the data that it had when it last stated its beliefs.
Nothing of that is stated in the episode: the replies stay in the transcript, where a report
compares them.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from causal_interface_gym.agents.elicitation.beliefs import BeliefForm, asked_of
from causal_interface_gym.agents.elicitation.notes import unnoted
from causal_interface_gym.agents.strategies.stating import ask_beliefs
from causal_interface_gym.agents.strategies.turn import Turn
from causal_interface_gym.gym.elicitation import AsksProbability
from causal_interface_gym.gym.log import Event

__all__ = ["ONE_IN", "ask_apart", "is_sampled", "question_of"]

ONE_IN: Final = 8
"""One trial of so many is in the sample."""
_LABEL: Final = re.compile(r"\d+/believe/apart/(?P<question>[^/]+)(?:/repair)?")


def is_sampled(scenario: str, seed: int) -> bool:
    """Say whether a trial is in the sample, whoever plays it.

    >>> [seed for seed in range(40) if is_sampled("kidney-stones-v1", seed)]
    [0, 24, 31, 39]
    """
    digest = hashlib.sha256(f"apart/{scenario}/{seed}".encode()).digest()
    return digest[0] % ONE_IN == 0


async def ask_apart(turn: Turn) -> None:
    """Ask each question that takes one number by itself.

    Raises:
        OutageError: The provider does not serve.
        StoppingError: No call can succeed before somebody changes something.
    """
    then = replace(turn, log=_before_beliefs(turn.log), note=unnoted)
    for asked in asked_of(turn.brief):
        if isinstance(asked, AsksProbability):
            alone = BeliefForm.of(turn.brief, turn.format, (asked,))
            await ask_beliefs(then, "direct", alone, part=f"apart/{asked.id}")


def question_of(label: str) -> str | None:
    """Give the question that a call put apart, or None for any other call."""
    found = _LABEL.fullmatch(label)
    return found["question"] if found else None


def _before_beliefs(log: Sequence[Event]) -> Sequence[Event]:
    said = [n for n, event in enumerate(log) if event.action["kind"] == "believe"]
    return log[: said[-1]] if said else log
