"""Marking puts the last accepted statement about each question beside its key."""

import json
from dataclasses import replace

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.errors import LogError
from causal_interface_gym.gym.action import Belief, Believe, Observe, Submit
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import interface
from causal_interface_gym.gym.log import log_from_json, log_to_json
from causal_interface_gym.scoring.marking import Answered, Missing, mark_episode, score

WORLD = scenarios.get("sprinkler-v1").world(seed=2)


def opened() -> Episode:
    return Episode.new(WORLD, interface("graph"), seed=0)


def test_the_last_statement_counts_and_a_final_answer_overrides_beliefs() -> None:
    episode = opened()
    episode.act(Observe(10))
    episode.act(Believe((Belief("q1", 0.1), Belief("q2", 0.2))))
    episode.act(Believe((Belief("q1", 0.3),)))
    episode.act(Submit((Belief("q2", 0.4),)))
    marks = mark_episode(episode.log, WORLD)
    assert [mark.answer for mark in marks[:3]] == [Answered(0.3), Answered(0.4), Missing()]


def test_what_was_refused_does_not_count() -> None:
    episode = opened()
    episode.act(Believe((Belief("q1", 0.1),)))
    episode.act({"kind": "believe", "beliefs": [{"query": "q1", "p": 7}]})
    episode.act(Believe((Belief("q1", 0.9), Belief("q99", 0.5))))
    assert mark_episode(episode.log, WORLD)[0].answer == Answered(0.1)


def test_a_question_called_unanswerable_is_missing() -> None:
    episode = opened()
    episode.act(Believe((Belief("q1", 0.1),)))
    episode.act(Submit(unanswerable=("q1",)))
    answer = mark_episode(episode.log, WORLD)[0].answer
    assert answer == Missing(called_unanswerable=True)


def test_a_mark_carries_the_key_of_its_world() -> None:
    for mark, item in zip(mark_episode((), WORLD), WORLD.items, strict=True):
        assert (mark.truth, mark.family, mark.cluster) == (item.truth, item.family, WORLD.cluster)
        assert mark.answer == Missing()


def closed() -> Episode:
    episode = opened()
    episode.act(Believe((Belief("q1", 0.25),)))
    episode.act(Submit())
    return episode


def test_a_whole_log_is_scored_the_same_for_ever() -> None:
    log = closed().log
    found = score(log, WORLD)
    assert found == score(log_from_json(json.loads(json.dumps(log_to_json(log)))), WORLD)
    assert (found.log, found.world) == (log[-1].digest, WORLD.digest)
    assert found.marks == mark_episode(log, WORLD)


def test_a_log_that_was_cut_or_changed_has_no_score() -> None:
    log = closed().log
    with pytest.raises(LogError, match="does not end here"):
        score(log[:1], WORLD)
    better = replace(log[0], action={"kind": "believe", "beliefs": [{"query": "q1", "p": 1.0}]})
    with pytest.raises(LogError, match="event 0 of the log: its digest"):
        score((better, *log[1:]), WORLD)


def test_a_log_of_another_world_has_no_score() -> None:
    other = scenarios.get("sprinkler-v1").world(seed=3)
    with pytest.raises(LogError, match="made in another world than sprinkler-v1 3"):
        score(closed().log, other)
