"""Refusals: whatever comes in, the participant can read why and go on; the world is untouched."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_interface_gym import scenarios
from causal_interface_gym.gym.action import Belief, Believe, Intervene, Observe, Submit
from causal_interface_gym.gym.contract import bad_actions
from causal_interface_gym.gym.episode import MAX_REFUSALS, Episode
from causal_interface_gym.gym.interface import interface
from causal_interface_gym.gym.log import check_log
from causal_interface_gym.gym.observation import Closed, Counts, Ended, Refused

WORLD = scenarios.get("smoking-tar-v1").world()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
KINDS = st.sampled_from(["observe", "intervene", "believe", "hypothesise", "submit", "peek"])
NEARLY = st.fixed_dictionaries(
    {"kind": KINDS},
    optional=dict.fromkeys(
        ["n", "where", "set", "beliefs", "directed", "bidirected", "answers", "unanswerable"], JSON
    ),
)


def opened(name: str = "graph") -> Episode:
    return Episode.new(WORLD, interface(name), seed=0)


def refused(episode: Episode, action: Any) -> Refused:  # noqa: ANN401 - anything at all
    answer = episode.act(action)
    assert isinstance(answer, Refused)
    return answer


@settings(max_examples=60, deadline=None)
@given(
    JSON | NEARLY | st.sampled_from(bad_actions(WORLD)) | st.text() | st.binary(),
    st.sampled_from([Observe(30), Intervene((("smoking", "yes"),), 30)]),
)
def test_after_a_refusal_everything_goes_on_as_if_it_had_not_been(
    action: Any,  # noqa: ANN401 - anything at all
    then: Observe | Intervene,
) -> None:
    episode, untouched = opened(), opened()
    for one in (episode, untouched):
        one.act(Observe(5))
    answer = episode.act(action)
    if not isinstance(answer, Refused):
        return  # it happened to be an action
    assert not episode.is_closed
    assert episode.budget_left == untouched.budget_left
    assert episode.log[-1].observation["reason"] == answer.reason
    assert episode.act(then) == untouched.act(then)
    assert episode.act(Submit()) == Closed()
    check_log(episode.log)


@pytest.mark.parametrize("action", bad_actions(WORLD), ids=lambda a: json.dumps(a)[:60])
def test_every_bad_action_is_refused_with_a_code_and_a_short_reason(action: Any) -> None:  # noqa: ANN401 - anything
    answer = refused(opened(), action)
    assert answer.code in {
        "schema", "budget", "variable", "state", "question", "belief", "elicitation",
    }  # fmt: skip
    assert 10 < len(answer.reason) < 600


def test_a_hidden_variable_is_refused_as_an_unknown_one_is() -> None:
    reasons = [
        refused(opened(), {"kind": "intervene", "set": {name: "1"}, "n": 5}).reason
        for name in ("genotype", "genotipo")
    ]
    assert reasons[0].replace("genotype", "?") == reasons[1].replace("genotipo", "?")
    nearest = refused(opened(), {"kind": "observe", "where": {"smokin": "yes"}, "n": 5})
    assert "did you mean 'smoking'" in nearest.reason
    assert nearest.code == "variable"


def test_an_edge_joins_two_variables() -> None:
    assert (
        "both ends" in refused(opened(), {"kind": "hypothesise", "directed": [["tar"] * 2]}).reason
    )


def test_an_answer_after_submit_is_refused_and_noted() -> None:
    episode = opened()
    episode.act(Submit((Belief("q1", 0.5),)))
    assert refused(episode, Believe((Belief("q1", 0.9),))).code == "closed"
    assert [event.observation["kind"] for event in episode.log] == ["closed", "refused"]
    assert isinstance(episode.end("stopped"), Refused)
    check_log(episode.log)


def test_too_many_refusals_end_the_episode_and_the_log_stops_growing() -> None:
    episode = opened()
    for _ in range(3 * MAX_REFUSALS):
        refused(episode, "garbage")
    assert episode.is_closed
    assert len(episode.log) == MAX_REFUSALS + 1
    assert episode.log[-1].observation == {
        "kind": "ended", "reason": "refusals", "detail": "50 actions were refused",
    }  # fmt: skip
    check_log(episode.log)


def test_an_episode_ends_when_its_actions_are_used_up() -> None:
    shown = replace(interface("graph"), max_actions=3)
    episode = Episode.new(WORLD, shown, seed=0)
    answers = [episode.act(Observe(1)) for _ in range(3)]
    assert all(isinstance(answer, Counts) for answer in answers)
    assert episode.is_closed
    assert episode.log[-1].observation["detail"] == "3 actions are used up"


def test_a_host_may_end_an_episode() -> None:
    episode = opened()
    assert episode.end("stopped", "no time left") == Ended("stopped", "no time left")
    check_log(episode.log)


class Hostile(dict[str, object]):
    """A mapping that cannot be read."""

    def get(self, *_: object) -> object:
        """Fail."""
        raise ZeroDivisionError

    def values(self) -> Any:  # noqa: ANN401 - never returns
        """Fail."""
        raise ZeroDivisionError


def test_what_cannot_even_be_read_is_named_by_its_type() -> None:
    for action in (Hostile(kind="observe"), object(), None, b"x", print):
        episode = opened()
        refused(episode, action)
        text = episode.log[0].action["text"]
        assert "0x" not in text
        assert len(text) <= 500


def test_a_long_refused_action_is_kept_in_part() -> None:
    episode = opened()
    edges = [["a" * 100, "b" * 100]] * 1000
    refused(episode, {"kind": "hypothesise", "directed": edges})
    assert len(json.dumps(episode.log[0].action)) < 2000


def test_the_text_of_an_action_is_an_action() -> None:
    assert opened().act('{"kind": "observe", "n": 20}') == opened().act(Observe(20))


def test_an_action_made_by_force_is_checked_like_any_other() -> None:
    wrong: Any = Observe(5)
    object.__setattr__(wrong, "n", -5)
    assert "whole number" in refused(opened(), wrong).reason
