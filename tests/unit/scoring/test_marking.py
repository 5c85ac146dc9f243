"""Marking puts the last accepted statement about each question beside its key."""

from causal_interface_gym import scenarios
from causal_interface_gym.gym.action import Belief, Believe, Observe, Submit
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import interface
from causal_interface_gym.scoring.marking import Answered, Missing, mark_episode

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
