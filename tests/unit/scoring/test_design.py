"""Design metrics on played episodes, the Bayes participant first."""

from math import log

import pytest

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.gym.action import Observe, Submit
from causal_interface_gym.gym.episode import Episode, Event
from causal_interface_gym.gym.interface import Interface
from causal_interface_gym.gym.learner import (
    Design,
    NoLearner,
    model_learner,
    reference_learner,
)
from causal_interface_gym.scoring.design import DesignMetrics, best_choices, design_metrics
from causal_interface_gym.scoring.unscored import Unscored
from tests.unit.scoring.playing import BLIND, WORLD, play, prior


def choices(log_: tuple[Event, ...], *, n_draws: int = 0) -> DesignMetrics:
    found = design_metrics(log_, BLIND, learner=prior(), n_draws=n_draws)
    assert isinstance(found, DesignMetrics)
    return found


def test_a_bayes_participant_has_no_regret() -> None:
    chosen = choices(play(lambda _, now: now))
    assert chosen.regret == pytest.approx(0, abs=1e-12)
    assert chosen.efficiency == pytest.approx(1)
    assert [s.regret for s in chosen.steps] == pytest.approx([0] * 12, abs=1e-12)


def test_refused_actions_are_no_steps() -> None:
    episode = Episode.new(WORLD, BLIND, seed=0)
    episode.act({"kind": "observe", "n": BLIND.budget + 1})
    episode.act({"kind": "dance"})
    assert choices(episode.log).steps == ()


def test_without_rows_there_is_no_efficiency() -> None:
    episode = Episode.new(WORLD, BLIND, seed=0)
    episode.act(Submit())
    found = choices(episode.log)
    nothing = Unscored("no rows were drawn")
    assert (found.efficiency, found.efficiency_per_cost, found.regret) == (nothing,) * 3
    assert found.stopping.budget_left == BLIND.budget
    assert found.stopping.entropy_left == pytest.approx(log(25))


def test_where_nothing_can_be_told_efficiency_is_unscored() -> None:
    known = reference_learner(WORLD, shows_graph=True)
    assert not isinstance(known, NoLearner)
    episode = Episode.new(WORLD, BLIND, seed=0)
    episode.act(Observe(5))
    found = design_metrics(episode.log, BLIND, learner=known)
    assert isinstance(found, DesignMetrics)
    assert isinstance(found.efficiency, Unscored)
    assert found.regret == pytest.approx(0, abs=1e-12)


def test_a_careless_choice_has_regret_and_a_batch_has_its_estimate() -> None:
    episode = Episode.new(WORLD, BLIND, seed=0)
    for _ in range(2):
        episode.act(Observe(200))
    found = choices(episode.log, n_draws=20)
    careless = found.steps[1]
    assert careless.chosen.design == Design()
    assert careless.best.by_gain.design.do
    assert careless.regret > 0
    assert careless.n_rows == 200
    assert not isinstance(careless.batch, Unscored)
    assert careless.batch.n_draws == 20
    assert isinstance(choices(episode.log).steps[1].batch, Unscored)
    assert isinstance(found.efficiency, float)
    assert isinstance(found.efficiency_per_cost, float)
    assert 0 <= found.efficiency < 1
    assert found.efficiency <= found.efficiency_per_cost <= 1


def test_a_spent_budget_leaves_nothing_to_gain() -> None:
    tight = Interface("tight", shows_graph=False, can_intervene=True, budget=3)
    episode = Episode.new(WORLD, tight, seed=0)
    episode.act(Observe(3))
    found = design_metrics(episode.log, tight, learner=prior())
    assert isinstance(found, DesignMetrics)
    assert found.stopping.value_left == 0
    assert (found.stopping.budget_left, found.stopping.budget_spent) == (0, 3)


def test_what_costs_nothing_is_taken_as_one_unit() -> None:
    free = Interface("free", shows_graph=False, can_intervene=False, budget=0, row_cost=0)
    (best,) = best_choices(model_learner([WORLD.model, other_model()]), free, budget=0)
    assert best.by_gain.design == Design()
    assert best.by_gain.gain_per_cost == best.by_gain.gain > 0


def test_rows_hidden_by_a_condition_leave_it_unscored() -> None:
    episode = Episode.new(WORLD, BLIND, seed=0)
    episode.act({"kind": "observe", "n": 50, "where": {"treatment": "A"}})
    found = design_metrics(episode.log, BLIND, learner=prior())
    assert isinstance(found, Unscored)
    assert "hidden by a condition" in found.reason


def other_model() -> SCM:
    return SCM.from_tables(
        states={v.name: v.labels for v in WORLD.variables},
        tables={v.name: [1 / len(v.labels)] * len(v.labels) for v in WORLD.variables},
    )
