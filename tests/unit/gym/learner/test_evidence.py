"""Rows of a log as evidence."""

import numpy as np

from causal_interface_gym import scenarios
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import interface
from causal_interface_gym.gym.learner import Design, evidence_of
from causal_interface_gym.scenarios.world import World


def world(name: str, *, seed: int = 0) -> World:
    return scenarios.get(name).world(seed=seed)


def states(of: World) -> dict[str, tuple[str, ...]]:
    return {v.name: v.labels for v in reversed(of.variables)}


def test_rows_are_counted_in_the_order_of_the_learner() -> None:
    kidney = world("kidney-stones-v1")
    episode = Episode.new(kidney, interface("graph"), seed=0)
    episode.act({"kind": "intervene", "set": {"treatment": "A"}, "n": 50})
    (found,) = evidence_of(episode.log[0], states(kidney))
    assert found.design == Design((("treatment", "A"),))
    assert found.n == 50
    axis = list(states(kidney)).index("treatment")
    others = tuple(i for i in range(3) if i != axis)
    assert sorted(np.atleast_1d(found.counts.sum(axis=others)).tolist()) == [0.0, 50.0]


def test_rows_outside_the_condition_are_known_to_be_hidden() -> None:
    kidney = world("kidney-stones-v1")
    episode = Episode.new(kidney, interface("graph"), seed=0)
    episode.act({"kind": "observe", "where": {"treatment": "A"}, "n": 50})
    (found,) = evidence_of(episode.log[0], states(kidney))
    assert found.design == Design((), (("treatment", "A"),))
    assert found.n == 50
    assert 0 < found.n_outside < 50


def test_statements_and_forged_rows_are_no_evidence() -> None:
    kidney = world("kidney-stones-v1")
    episode = Episode.new(kidney, interface("graph"), seed=0)
    episode.act({"kind": "submit"})
    assert evidence_of(episode.log[0], states(kidney)) == ()
    episode = Episode.new(kidney, interface("graph"), seed=0)
    episode.act({"kind": "observe", "n": 1})
    forged = type(episode.log[0])({"kind": "submit"}, episode.log[0].observation)
    assert evidence_of(forged, states(kidney)) == ()
