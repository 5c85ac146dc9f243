"""A value and its JSON form are the same action: same answer, and same log if it is taken."""

import json

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_interface_gym import scenarios
from causal_interface_gym.gym.action import Action, Belief, Believe, Submit, action_to_json
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import interface
from causal_interface_gym.gym.observation import Refused

WORLD = scenarios.get("smoking-tar-v1").world()
IDS = st.sampled_from([q.id for q in WORLD.questions]) | st.sampled_from(
    ["q99", "", "q1\n", "q\x00", "q" * 201, "q" * 500, "\ud800", "ä"]
)
NUMBERS = st.floats(0, 1) | st.sampled_from([0, 1, np.float64(0.25), 0.5])
BELIEFS = st.lists(st.builds(Belief, IDS, NUMBERS), max_size=4, unique_by=lambda b: b.query)
VALUES = st.builds(Believe, BELIEFS.map(tuple)) | st.builds(
    Submit, BELIEFS.map(tuple), st.lists(IDS, max_size=3).map(tuple)
)


def opened() -> Episode:
    return Episode.new(WORLD, interface("graph"), seed=0)


@settings(max_examples=200, deadline=None)
@given(VALUES)
def test_a_value_is_taken_as_its_json_form_is(value: Action) -> None:
    direct, read = opened(), opened()
    answer = direct.act(value)
    assert answer == read.act(json.loads(json.dumps(action_to_json(value))))
    assert isinstance(answer, Refused) or direct.log == read.log


def test_a_value_of_too_many_parts_is_refused_as_its_json_form_is() -> None:
    value = Believe(tuple(Belief(f"q{n}", 0.5) for n in range(6_000)))
    direct, read = opened(), opened()
    answer = direct.act(value)
    assert isinstance(answer, Refused)
    assert answer == read.act(action_to_json(value))
