"""An episode that was let go of goes on from its log as if nothing had happened."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym import scenarios
from causal_interface_gym.errors import LogError
from causal_interface_gym.gym.episode import MAX_REFUSALS, Episode
from causal_interface_gym.gym.interface import INTERFACES
from causal_interface_gym.gym.log import event_from_json, event_to_json

WORLD = scenarios.get("sprinkler-v1").world(seed=3)
NAME = WORLD.variables[0].name
LABEL = WORLD.variables[0].labels[0]
# Any: a participant may send anything.
ACTIONS: tuple[Any, ...] = (
    {"kind": "observe", "n": 30},
    {"kind": "observe", "n": 20, "where": {NAME: LABEL}},
    {"kind": "intervene", "set": {NAME: LABEL}, "n": 25},
    {"kind": "intervene", "set": {NAME: "no such state"}, "n": 25},
    {"kind": "observe", "n": 10_000},
    {"kind": "believe", "beliefs": [{"query": "q1", "p": 0.25}]},
    {"kind": "hypothesise", "directed": [], "bidirected": []},
    {"kind": "submit", "answers": [], "unanswerable": ["q2"]},
    "no JSON at all",
    float("nan"),
)


def opened(interface: str = "full") -> Episode:
    return Episode.new(WORLD, INTERFACES[interface], seed=5)


def continued(whole: Episode) -> Episode:
    """Open it again from its log as a database keeps it."""
    texts = [json.dumps(event_to_json(event)) for event in whole.log]
    again = Episode.new(WORLD, whole.brief.interface, seed=5)
    again.continue_from(event_from_json(json.loads(text)) for text in texts)
    return again


@given(
    chosen=st.lists(st.integers(0, len(ACTIONS) - 1), max_size=12),
    shown=st.sampled_from(("full", "survey", "forgetful", "table")),
)
def test_letting_go_after_each_action_changes_nothing(chosen: list[int], shown: str) -> None:
    whole, again = opened(shown), opened(shown)
    for place in chosen:
        again = continued(again)
        action = ACTIONS[place]
        expected = whole.act(action)
        assert again.act(action) == expected
    assert again.log == whole.log
    assert (again.is_closed, again.budget_left) == (whole.is_closed, whole.budget_left)
    assert again.unanswered == whole.unanswered


def test_refusals_are_counted_over_the_gap() -> None:
    episode = opened()
    for _ in range(MAX_REFUSALS - 1):
        episode.act("nothing")
    again = continued(episode)
    again.act("nothing")
    assert again.is_closed
    assert continued(again).is_closed


def test_a_log_that_was_changed_or_belongs_elsewhere_is_refused() -> None:
    episode = opened()
    episode.act(ACTIONS[0])
    (event,) = episode.log
    with pytest.raises(LogError, match="gives another"):
        opened().continue_from([replace(event, action={"kind": "observe", "n": 31, "where": {}})])
    with pytest.raises(LogError, match="event 0"):
        Episode.new(WORLD, INTERFACES["full"], seed=6).continue_from([event])
