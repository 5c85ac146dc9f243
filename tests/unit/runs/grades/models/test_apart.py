"""Beliefs asked apart are compared with those of the same trial, world by world."""

import json

import pytest

from causal_interface_gym.agents.elicitation.format import format_of
from causal_interface_gym.agents.llm.call import Answer, Ask, Message, Usage
from causal_interface_gym.agents.llm.records import CallRecord
from causal_interface_gym.gym.log import Event
from causal_interface_gym.runs.grades.models.apart import ApartGrade, ApartTally
from causal_interface_gym.runs.records import Record, Trial
from causal_interface_gym.scoring.statistics import Interval, NoInterval
from causal_interface_gym.scoring.unscored import Unscored

SCENARIO = "kidney-stones-v1"


def trial(seed: int) -> Trial:
    return Trial("openai:m", SCENARIO, "graph", seed)


def call(seed: int, text: str | None, *, label: str = "3/believe/apart/q1") -> CallRecord:
    ask = Ask(
        str(trial(seed)),
        label,
        (Message("user", "How likely is it?"),),
        schema={"type": "object", "properties": {"q1_percent": {"type": "integer"}}},
    )
    answer = None if text is None else Answer(text, "stop", "m", Usage(1, 1))
    return CallRecord(ask, "0" * 64, "openai", "m", answer)


def said(seed: int, p: float) -> str:
    """Say a belief in the format of a trial."""
    asked_in = format_of(SCENARIO, seed)
    number = round(p * asked_in.whole)
    return json.dumps({"q1_percent": str(number) if asked_in.kind == "digits" else number})


def record(seed: int, p: float) -> Record:
    stated = {"kind": "believe", "beliefs": [{"query": "q1", "p": p}]}
    return Record(trial(seed), "w", (Event(stated, {"kind": "acknowledged"}),))


def test_the_difference_is_apart_less_together() -> None:
    tally = ApartTally()
    for seed, apart in ((0, 0.5), (1, 0.2), (2, 0.3)):
        tally.hear(call(seed, said(seed, apart)))
        tally.add(record(seed, 0.3), f"world {seed % 2}")
    found = tally.result()
    assert isinstance(found, ApartGrade)
    assert (found.n_questions, found.n_worlds) == (3, 2)
    assert found.gap == pytest.approx(0.1)
    assert found.shift == pytest.approx(0.1 / 3)
    assert isinstance(found.interval, Interval)
    assert found.interval.low <= found.gap <= found.interval.high


def test_a_reply_after_a_repair_turn_counts_and_others_say_nothing() -> None:
    tally = ApartTally()
    tally.hear(call(0, "I would rather not"))
    tally.hear(call(0, said(0, 0.4), label="3/believe/apart/q1/repair"))
    tally.hear(call(1, "no number at all"))
    tally.hear(call(2, None))
    tally.hear(call(3, said(3, 0.9), label="3/believe/0"))
    for seed in range(5):
        tally.add(record(seed, 0.4), "world")
    found = tally.result()
    assert isinstance(found, ApartGrade)
    assert found.n_questions == 1
    assert found.gap == pytest.approx(0)
    assert found.interval == NoInterval("fewer than two distinct worlds")


def test_without_a_sample_there_is_a_reason() -> None:
    tally = ApartTally()
    tally.add(record(0, 0.4), "world")
    assert tally.result() == Unscored("no question was asked apart")
