"""A log that was cut, mixed or changed is refused; one that is whole reads back from its JSON."""

import itertools
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym import scenarios
from causal_interface_gym.errors import LogError
from causal_interface_gym.gym.action import Belief, Believe, Intervene, Observe, Submit
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import interface
from causal_interface_gym.gym.log import (
    Event,
    check_log,
    event_after,
    event_from_json,
    log_digest,
    log_from_json,
    log_to_json,
)

Log = tuple[Event, ...]
WORLD = scenarios.get("kidney-stones-v1").world()


def whole() -> Log:
    episode = Episode.new(WORLD, interface("graph"), seed=0)
    episode.act(Observe(10))
    episode.act({"kind": "peek"})
    episode.act(Intervene((("treatment", "A"),), 10))
    episode.act(Believe((Belief("q1", 0.25),)))
    episode.act(Submit((Belief("q1", 0.5),)))
    episode.act(Observe(1))
    return episode.log


def changed(log: Log, number: int, **parts: object) -> Log:
    event = replace(log[number], **parts)  # type: ignore[arg-type]  # any part
    return (*log[:number], event, *log[number + 1 :])


def test_a_whole_log_passes_and_reads_back_from_json() -> None:
    log = whole()
    check_log(log)
    assert log_from_json(json.loads(json.dumps(log_to_json(log)))) == log
    assert [event.number for event in log] == list(range(6))
    assert all(b.previous == a.digest for a, b in itertools.pairwise(log))


DAMAGES: dict[str, tuple[Callable[[Log], Log], str]] = {
    "cut at the end": (lambda log: log[:4], "event 4 of the log: .* does not end here"),
    "cut to nothing": (lambda _: (), "does not end here"),
    "cut at the start": (lambda log: log[1:], "event 0 .* numbered 1"),
    "cut in the middle": (lambda log: (*log[:2], *log[3:]), "event 2 .* numbered 3"),
    "two swapped": (lambda log: (log[0], log[2], log[1], *log[3:]), "event 1 .* numbered 2"),
    "renumbered cut": (
        lambda log: (log[0], *(replace(e, number=e.number - 1) for e in log[2:])),
        "event 1 .* does not follow",
    ),
    "answer changed": (
        lambda log: changed(log, 4, action={**log[4].action, "answers": []}),
        "event 4 .* was changed",
    ),
    "last event changed": (lambda log: changed(log, 5, action={"kind": "end"}), "event 5 .* was"),
    "counts changed": (
        lambda log: changed(log, 0, observation={**log[0].observation, "budget_left": 10**6}),
        "event 0 .* was changed",
    ),
    "unchained": (
        lambda log: tuple(Event(e.action, e.observation, e.number) for e in log),
        "event 0 .* does not follow",
    ),
    "no JSON": (lambda log: changed(log, 1, action={"kind": {1}}), "event 1 .* is no JSON"),
    "another start": (lambda log: changed(log, 0, previous="0" * 64), "event 0 .* was changed"),
}


@pytest.mark.parametrize(("damage", "message"), DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_log_is_refused_at_the_event(damage: Callable[[Log], Log], message: str) -> None:
    with pytest.raises(LogError, match=message):
        check_log(damage(whole()))


@given(st.integers(0, 5), st.sampled_from(["action", "observation", "previous", "digest"]))
def test_no_single_part_can_be_changed_unnoticed(number: int, part: str) -> None:
    log = whole()
    other = "f" * 64 if part in {"previous", "digest"} else {"kind": "other"}
    with pytest.raises(LogError):
        check_log(changed(log, number, **{part: other}))


def test_nothing_can_be_carried_out_after_the_end() -> None:
    log = whole()
    more = event_after(
        log_digest(log), len(log), action={"kind": "believe"}, observation={"kind": "acknowledged"}
    )
    with pytest.raises(LogError, match=r"event 6 .* after the episode was closed"):
        check_log((*log, more))


def test_a_rewritten_log_has_another_digest() -> None:
    log = whole()
    assert log_digest(log) == log[-1].digest != log_digest(log[:-1])
    assert log_digest(()) == ""


def test_a_bare_pair_is_an_event_in_no_chain() -> None:
    event = event_from_json([{"kind": "submit"}, {"kind": "closed"}], number=3)
    assert event == Event({"kind": "submit"}, {"kind": "closed"}, 3)


@pytest.mark.parametrize("data", [7, "log", [7], [{"n": 1}], [[{"kind": "submit"}]]], ids=str)
def test_what_is_no_log_is_refused(data: object) -> None:
    with pytest.raises(LogError, match=r"it is no event|a log is a list"):
        log_from_json(data)
