"""Update metrics on played episodes, the Bayes participant first."""

from math import exp, log

import pytest

from causal_interface_gym.gym.action import Belief, Believe, Observe
from causal_interface_gym.gym.episode import Episode, Event
from causal_interface_gym.gym.learner import (
    model_learner,
)
from causal_interface_gym.scoring.unscored import Unscored
from causal_interface_gym.scoring.update import (
    UpdateFit,
    UpdateMetrics,
    log_odds,
    update_metrics,
)
from tests.unit.scoring.playing import BLIND, WORLD, play, prior


def updates(log_: tuple[Event, ...]) -> UpdateMetrics:
    found = update_metrics(log_, WORLD, learner=prior())
    assert isinstance(found, UpdateMetrics)
    return found


def halfway(before: float, now: float) -> float:
    odds = (log_odds(before) + log_odds(now)) / 2
    return 1 / (1 + exp(-odds))


def test_a_bayes_participant_moves_as_the_learner() -> None:
    found = updates(play(lambda _, now: now))
    assert isinstance(found.fit, UpdateFit)
    assert found.fit.slope == pytest.approx(1, abs=1e-9)
    assert found.fit.intercept == pytest.approx(0, abs=1e-9)
    assert found.fit.n_changes == len(found.changes) == 12 * 6
    assert [d.value for d in found.divergences] == pytest.approx([0] * len(found.divergences))


def test_one_who_moves_half_as_far_has_slope_one_half() -> None:
    found = updates(play(halfway))
    assert isinstance(found.fit, UpdateFit)
    assert found.fit.slope == pytest.approx(0.5, abs=1e-9)
    assert found.fit.intercept == pytest.approx(0, abs=1e-9)


def test_one_who_never_moves_has_slope_zero_and_diverges() -> None:
    found = updates(play(lambda before, _: before, n_rows=100, n_actions=2))
    assert isinstance(found.fit, UpdateFit)
    assert found.fit.slope == 0
    assert found.divergences[0].value == 0
    assert found.divergences[-1].value > 0.01
    assert found.divergences[-1].n_questions == 6


def test_saying_it_again_without_evidence_is_no_update() -> None:
    episode = Episode.new(WORLD, BLIND, seed=0)
    for p in (0.25, 0.75):
        episode.act(Believe((Belief("q3", p),)))
    found = updates(episode.log)
    assert found.changes == ()
    assert found.fit == Unscored("fewer than two changes of belief had evidence in between")


def test_changes_that_are_all_alike_determine_no_line() -> None:
    known = model_learner([WORLD.model])
    episode = Episode.new(WORLD, BLIND, seed=0)
    for p in (0.25, 0.5, 0.75):
        episode.act(Believe((Belief("q3", p),)))
        episode.act(Observe(1))
    found = update_metrics(episode.log, WORLD, learner=known)
    assert isinstance(found, UpdateMetrics)
    odds = log(3)
    assert [c.own for c in found.changes] == pytest.approx([odds, odds])
    assert found.fit == Unscored("the learner's changes are all alike, so no line is determined")


def test_questions_the_learner_cannot_answer_are_counted() -> None:
    episode = Episode.new(WORLD, BLIND, seed=0)
    episode.act(Believe((Belief("q6", 0.5),)))
    found = updates(episode.log)
    assert found.n_unpredictable == 1
    assert found.divergences == ()


def test_rows_hidden_by_a_condition_leave_it_unscored() -> None:
    episode = Episode.new(WORLD, BLIND, seed=0)
    episode.act({"kind": "observe", "n": 50, "where": {"treatment": "A"}})
    found = update_metrics(episode.log, WORLD, learner=prior())
    assert isinstance(found, Unscored)
    assert "hidden by a condition" in found.reason
