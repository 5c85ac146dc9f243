"""The interval loss is proper: who says the sharp ends it believes in does best, hedging costs.

A participant that does not know P(v) holds a distribution over it, and so over the ends. Here it is
the exact posterior after some rows; beliefs are scored against worlds drawn from that posterior.
"""

import numpy as np
import pytest
from numpy.typing import NDArray

from causal_interface_gym.causal import ADMG
from causal_interface_gym.causal.bounds import Knowledge, bounds

Floats = NDArray[np.float64]

BOW = ADMG([("X", "Y")], [("X", "Y")])
STATES = {"X": ("0", "1"), "Y": ("0", "1")}
N_WORLDS = 4_000


def sharp_ends(tables: Floats) -> Floats:
    """Give the ends for P(Y=1 | do(X=1)) by [manski1990], shape (n, 2)."""
    low = tables[:, 1, 1]
    return np.stack([low, low + tables[:, 0].sum(axis=1)], axis=1)


def loss(stated: Floats, truth: Floats) -> float:
    return float(((stated - truth) ** 2).sum(axis=1).mean())


def posterior(n_rows: int, rng: np.random.Generator) -> Floats:
    """Draw P(X, Y) from what a uniform prior becomes after some rows."""
    counts = rng.multinomial(n_rows, [0.3, 0.15, 0.2, 0.35])
    return rng.dirichlet(1.0 + counts, size=N_WORLDS).reshape(-1, 2, 2)


def test_the_closed_form_is_what_the_engine_says() -> None:
    tables = posterior(20, np.random.default_rng(0))[:20]
    for table, (low, high) in zip(tables, sharp_ends(tables), strict=True):
        known = Knowledge.from_tables(BOW, STATES, observational=table)
        found = bounds(known, "P(Y=1 | do(X=1))")
        assert (found.lower, found.upper) == pytest.approx((low, high), abs=1e-9)


@pytest.mark.parametrize("n_rows", [0, 5, 50, 500])
def test_the_expected_ends_are_the_best_statement_and_every_shift_costs_its_square(
    n_rows: int,
) -> None:
    truth = sharp_ends(posterior(n_rows, np.random.default_rng(n_rows)))
    honest = truth.mean(axis=0)
    best = loss(honest[None], truth)
    for low in np.linspace(-0.3, 0.3, 13):
        for high in np.linspace(-0.3, 0.3, 13):
            shifted = loss(honest[None] + [low, high], truth)
            assert shifted - best == pytest.approx(low**2 + high**2, abs=1e-12)


@pytest.mark.parametrize("n_rows", [0, 5, 50])
def test_widening_to_hold_the_truth_more_often_is_not_rewarded(n_rows: int) -> None:
    truth = sharp_ends(posterior(n_rows, np.random.default_rng(n_rows)))
    honest = truth.mean(axis=0)
    for coverage in (0.5, 0.8, 0.95, 1.0):
        # The ends that a share of all worlds lies within, as one who fears to be wrong would say.
        cautious = np.array(
            [
                np.quantile(truth[:, 0], (1 - coverage) / 2),
                np.quantile(truth[:, 1], (1 + coverage) / 2),
            ]
        )
        assert loss(cautious[None], truth) > loss(honest[None], truth)
    assert loss(np.array([[0.0, 1.0]]), truth) > loss(honest[None], truth)
    middle = np.full((1, 2), honest.mean())
    assert loss(middle, truth) > loss(honest[None], truth)


def test_who_knows_the_distribution_loses_nothing_and_only_by_the_sharp_ends() -> None:
    truth = sharp_ends(posterior(5, np.random.default_rng(3)))
    assert loss(truth, truth) == 0
    rng = np.random.default_rng(4)
    noise = rng.uniform(-0.1, 0.1, size=truth.shape)
    assert loss(truth + noise, truth) == pytest.approx(float((noise**2).sum(axis=1).mean()))
