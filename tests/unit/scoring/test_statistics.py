"""The bootstrap draws whole clusters."""

import numpy as np
import pytest

from causal_interface_gym.scoring.statistics import Interval, NoInterval, score_interval


def interval(losses: list[list[float]], references: list[list[float]]) -> Interval:
    found = score_interval(np.array(losses), np.array(references), seed=0)
    assert isinstance(found, Interval)
    return found


def test_the_interval_surrounds_the_score_and_narrows_with_more_clusters() -> None:
    rng = np.random.default_rng(1)
    losses = rng.uniform(0, 1, size=(400, 1))
    few = interval(losses[:20].tolist(), [[1.0]] * 20)
    many = interval(losses.tolist(), [[1.0]] * 400)
    assert few.low < 1 - losses[:20].mean() < few.high
    assert many.high - many.low < (few.high - few.low) / 2


def test_it_agrees_with_the_normal_approximation_on_many_clusters() -> None:
    losses = np.random.default_rng(2).uniform(0, 1, size=(500, 1))
    found = interval(losses.tolist(), [[1.0]] * 500)
    half = 1.96 * losses.std() / np.sqrt(500)
    assert found.high - found.low == pytest.approx(2 * half, rel=0.1)


def test_thousands_of_clusters_are_drawn_as_few_are() -> None:
    losses = np.random.default_rng(3).uniform(0, 1, size=(1_500, 1))
    found = interval(losses.tolist(), [[1.0]] * 1_500)
    half = 1.96 * losses.std() / np.sqrt(1_500)
    assert found.low < 1 - losses.mean() < found.high
    assert found.high - found.low == pytest.approx(2 * half, rel=0.1)


def test_a_family_without_reference_loss_is_left_out_of_a_draw() -> None:
    found = interval([[0.0, 9.0], [0.0, 0.0]], [[1.0, 0.0], [1.0, 0.0]])
    assert found == Interval(1.0, 1.0)


def test_draws_that_tell_nothing_are_left_out() -> None:
    found = interval([[0.0], [0.0], [5.0]], [[1.0], [1.0], [0.0]])
    assert found.high == 1.0


def test_one_telling_cluster_has_no_interval() -> None:
    found = score_interval(np.array([[0.1], [0.0]]), np.array([[1.0], [0.0]]), seed=0)
    assert found == NoInterval("fewer than two distinct worlds")
