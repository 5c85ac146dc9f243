"""The block of data holds what the interface shows, as JSON that no text can break out of."""

import json
import re
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym import scenarios
from causal_interface_gym.agents.language.injection import HOSTILE, with_text
from causal_interface_gym.agents.scene.block import data_block, tag_of
from causal_interface_gym.gym.brief import Brief, brief_of
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import INTERFACES
from causal_interface_gym.scenarios.world import Variable

TAG = tag_of(0, "trial")


@cache
def brief(name: str = "full") -> Brief:
    return brief_of(scenarios.get("sprinkler-v1").world(), INTERFACES[name])


def inside(block: str) -> dict[str, Any]:
    match = re.fullmatch(rf"<{TAG}>\n(.*)\n</{TAG}>", block, re.DOTALL)
    assert match is not None
    data: dict[str, Any] = json.loads(match[1])
    return data


def test_the_tag_follows_from_seed_and_trial() -> None:
    assert tag_of(0, "trial") == TAG
    assert len({TAG, tag_of(1, "trial"), tag_of(0, "other")}) == 3


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("graph", {"causal graph"}),
        ("blind", set()),
        ("table", {"data table"}),
        ("correlations", {"associations in observed rows"}),
        ("full", {"causal graph", "data table", "associations in observed rows"}),
    ],
)
def test_it_holds_what_the_interface_shows(name: str, shown: set[str]) -> None:
    always = {"title", "story", "variables", "questions", "rules"}
    assert set(inside(data_block(brief(name), (), tag=TAG))) == always | shown


def test_it_does_not_repeat_the_rule_that_the_format_replaces() -> None:
    rules = inside(data_block(brief(), (), tag=TAG))["rules"]
    assert brief().rules[0].startswith("Answer each question with a probability")
    assert rules == list(brief().rules[1:])


def test_rows_and_questions_are_turned_together() -> None:
    asked = inside(data_block(brief(), (), tag=TAG))
    turned = inside(data_block(brief(), (), tag=TAG, is_reversed=True))
    assert list(asked["questions"]) == list(turned["questions"])[::-1]
    assert asked["data table"]["counts"] == turned["data table"]["counts"][::-1]
    assert asked["data table"]["rows in all"] == turned["data table"]["rows in all"] == 1_000


def test_the_history_tells_what_was_done_and_answered() -> None:
    episode = Episode.new(scenarios.get("sprinkler-v1").world(), INTERFACES["full"], seed=0)
    episode.act({"kind": "intervene", "set": {"rain": "yes"}, "n": 5})
    episode.act({"kind": "believe", "beliefs": [{"query": "q1", "p": 0.25}]})
    episode.act(
        {"kind": "hypothesise", "directed": [["rain", "wet"]], "bidirected": [["cloudy", "wet"]]}
    )
    episode.act({"kind": "observe", "n": 99_999})
    drawn, believed, graph, refused = inside(data_block(episode.brief, episode.log, tag=TAG))[
        "what happened so far"
    ]
    assert drawn["set"] == {"rain": "yes"}
    assert (drawn["rows in all"], drawn["budget left"]) == (5, 9_990)
    assert believed["you believed"] == {"q1": 0.25}
    assert "q2" in believed["not answered yet"]
    assert graph["your graph"] == ["rain -> wet", "cloudy <-> wet"]
    assert "at most 9990 rows" in refused["refused"]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_a_string_in_the_block(text: str) -> None:
    block = data_block(with_text(brief(), text), (), tag=TAG)
    data = inside(block)
    assert data["story"].endswith(text)
    assert block.isascii()
    assert "\x00" not in block
    assert block.count(f"</{TAG}>") == 1


@given(st.text(max_size=200))
def test_any_story_is_read_back_as_it_is(text: str) -> None:
    data = inside(data_block(with_text(brief(), text), (), tag=TAG))
    assert data["story"] == f"{brief().story}\n{text}"
    assert list(data) == list(inside(data_block(brief(), (), tag=TAG)))


def test_a_variable_with_an_odd_name_is_told_how_it_is_called() -> None:
    odd = Variable("a b!", "", (("0", ""), ("?", "")))
    shown = inside(data_block(replace(brief(), variables=(odd,)), (), tag=TAG))
    assert shown["variables"]["a b!"] == {
        "called": "variable_1",
        "states": ["0", "?"],
        "states are called": {"0": "0", "?": "state_2"},
    }
