"""Whether a model's beliefs hang on what they are asked with.

In a sample of trials each question is put once more by itself. The difference is what the company
of other questions, and their order, make of a belief; chance is in it too where a model draws its
replies.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from causal_interface_gym.agents.elicitation.fields import Amount
from causal_interface_gym.agents.elicitation.form import Form
from causal_interface_gym.agents.elicitation.format import Format, format_of
from causal_interface_gym.agents.elicitation.reading.reply import read_reply
from causal_interface_gym.agents.language.apart import question_of
from causal_interface_gym.agents.llm.records import CallRecord
from causal_interface_gym.runs.records import Record
from causal_interface_gym.scoring.marking import last_words
from causal_interface_gym.scoring.statistics import LEVEL, Interval, NoInterval
from causal_interface_gym.scoring.unscored import Unscored

__all__ = ["ApartGrade", "ApartTally"]

_N_DRAWS: Final = 1_000
_SEED: Final = 0
_FEWEST: Final = 2


@dataclass(frozen=True, slots=True)
class ApartGrade:
    """How beliefs asked apart differ from those asked together.

    ``gap`` is the mean of the differences without their sign, in probability, with an interval
    over worlds; ``shift`` the mean of apart less together.
    """

    n_questions: int
    n_worlds: int
    gap: float
    interval: Interval | NoInterval
    shift: float


@dataclass(slots=True)
class ApartTally:
    """The replies of one agent that were given apart, and how they differ, world by world."""

    texts: dict[str, dict[str, list[tuple[str, str]]]] = field(default_factory=dict)
    differences: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def hear(self, call: CallRecord) -> None:
        """Keep a reply that was given apart."""
        question = question_of(call.ask.label)
        if question is None or call.answer is None or call.ask.schema is None:
            return
        (name,) = call.ask.schema["properties"]
        of_trial = self.texts.setdefault(call.ask.trial, {})
        of_trial.setdefault(question, []).append((str(name), call.answer.text))

    def add(self, record: Record, cluster: str) -> None:
        """Compare what an episode states in the end; ``cluster`` is its world."""
        told = self.texts.pop(str(record.trial), None)
        if told is None:
            return
        asked_in = format_of(record.trial.scenario, record.trial.seed)
        together = last_words(record.log).beliefs
        for question, replies in told.items():
            apart = _read(replies, asked_in)
            if apart is not None and question in together:
                self.differences[cluster].append(apart - together[question])

    def result(self) -> ApartGrade | Unscored:
        """Give the differences."""
        worlds = list(self.differences.values())
        if not worlds:
            return Unscored("no question was asked apart")
        every = np.array([d for world in worlds for d in world])
        return ApartGrade(
            len(every), len(worlds), float(np.abs(every).mean()), _interval(worlds),
            float(every.mean()),
        )  # fmt: skip


def _read(replies: list[tuple[str, str]], asked_in: Format) -> float | None:
    """Read the one number that was asked for; a reply after a repair turn has a valid one."""
    for name, text in replies:
        amount = Amount(name, asked_in.whole, asked_in.kind == "digits")
        value = read_reply(Form((amount,)), text).values.get(name)
        if isinstance(value, float):
            return value
    return None


def _interval(worlds: list[list[float]]) -> Interval | NoInterval:
    """Draw worlds with replacement."""
    if len(worlds) < _FEWEST:
        return NoInterval("fewer than two distinct worlds")
    sums = np.array([np.abs(world).sum() for world in worlds])
    counts = np.array([len(world) for world in worlds])
    rng = np.random.default_rng(_SEED)
    weights = rng.multinomial(len(worlds), np.full(len(worlds), 1 / len(worlds)), size=_N_DRAWS)
    means = np.einsum("dw,w->d", weights, sums) / np.einsum("dw,w->d", weights, counts)
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))
