"""CR2 with Satterthwaite's degrees: fractions by hand, its definition in full, HC2, and lies."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from causal_interface_gym.errors import InputError
from causal_interface_gym.scoring.robust import (
    MIN_DF,
    Coefficient,
    Estimate,
    cluster_robust,
    regress,
)
from causal_interface_gym.scoring.unscored import Unscored

Floats = NDArray[np.float64]
seeds = st.integers(0, 2**32 - 1)


def estimate(coefficient: Coefficient) -> Estimate:
    assert isinstance(coefficient, Estimate)
    return coefficient


def reason(coefficient: Coefficient) -> str:
    assert isinstance(coefficient, Unscored)
    return coefficient.reason


def by_definition(columns: Floats, response: Floats, clusters: list[int]) -> dict[str, Floats]:
    """CR2 with n x n matrices, one cluster after the other, as the papers write it."""
    n, width = columns.shape
    bread = np.linalg.inv(columns.T @ columns)
    annihilator = np.eye(n) - columns @ bread @ columns.T
    variance, pieces = np.zeros((width, width)), []
    for cluster in sorted(set(clusters)):
        rows = [i for i in range(n) if clusters[i] == cluster]
        block = annihilator[np.ix_(rows, rows)]
        values, vectors = np.linalg.eigh(block)
        adjust = vectors @ np.diag(values**-0.5) @ vectors.T
        score = bread @ columns[rows].T @ adjust @ (annihilator @ response)[rows]
        variance += np.outer(score, score)
        pieces.append(annihilator[:, rows] @ adjust @ columns[rows] @ bread)
    df = []
    for j in range(width):
        stacked = np.array([piece[:, j] for piece in pieces])
        form = stacked @ stacked.T
        df.append(np.trace(form) ** 2 / (form**2).sum())
    return {"errors": np.sqrt(np.diag(variance)), "df": np.array(df)}


def random_problem(seed: int, *, n: int = 40, n_clusters: int = 12) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    del n_clusters
    return rng.normal(size=(n, 3)), rng.normal(size=n)


def test_a_mean_over_clusters_of_one_one_and_two_by_hand() -> None:
    # y = 0 | 1 | 2, 5 has mean 2 and sums of residuals -2, -1, 3. The leverage of a cluster of m
    # items is m/4, so V = (4/(3/4) + 1/(3/4) + 9/(1/2)) / 16. With D_g = m/(n(n-m)) and
    # b_g^2/n = m^2/(n^2(n-m)), P has diagonal 1/16, 1/16, 1/8 and squares off it of
    # 1/2304, 1/384, 1/384, each twice: df = (1/4)^2 / (5/144).
    fit = regress(np.ones((4, 1)), np.array([0.0, 1.0, 2.0, 5.0]), clusters=["a", "b", "c", "c"])
    variance = (
        Fraction(4) / Fraction(3, 4) + Fraction(1) / Fraction(3, 4) + Fraction(9) / Fraction(1, 2)
    ) / 16
    squares = 2 * Fraction(1, 16) ** 2 + Fraction(1, 8) ** 2
    squares += 2 * (Fraction(1, 2304) + 2 * Fraction(1, 384))
    assert variance == Fraction(37, 24)
    assert fit.values == pytest.approx([2.0])
    assert fit.standard_errors**2 == pytest.approx([float(variance)])
    assert fit.df == pytest.approx([float(Fraction(1, 16) / squares)])
    assert fit.df == pytest.approx([9 / 5])
    assert fit.seen == pytest.approx([1.0])


@given(seed=seeds)
def test_it_equals_its_definition_with_full_matrices(seed: int) -> None:
    columns, response = random_problem(seed)
    clusters = np.random.default_rng([seed, 1]).integers(0, 12, size=len(response)).tolist()
    fit, expected = (
        regress(columns, response, clusters=clusters),
        by_definition(columns, response, clusters),
    )
    assert fit.values == pytest.approx(np.linalg.lstsq(columns, response)[0])
    assert fit.standard_errors == pytest.approx(expected["errors"], rel=1e-9)
    assert fit.df == pytest.approx(expected["df"], rel=1e-9)


@given(seed=seeds)
def test_with_clusters_of_one_item_it_is_hc2(seed: int) -> None:
    columns, response = random_problem(seed)
    fit = regress(columns, response, clusters=range(len(response)))
    bread = np.linalg.inv(columns.T @ columns)
    leverage = np.einsum("ij,jk,ik->i", columns, bread, columns)
    residuals = response - columns @ (bread @ columns.T @ response)
    meat = columns.T @ (columns * (residuals**2 / (1 - leverage))[:, None])
    assert fit.standard_errors == pytest.approx(np.sqrt(np.diag(bread @ meat @ bread)), rel=1e-9)


def test_an_intercept_of_single_items_is_the_one_sample_t_test() -> None:
    response = np.random.default_rng(0).normal(loc=0.3, size=25)
    (found,) = cluster_robust(np.ones((25, 1)), response, clusters=range(25), names=["mean"])
    expected = stats.ttest_1samp(response, 0.0)
    interval = expected.confidence_interval(0.95)
    assert estimate(found).df == pytest.approx(24)
    assert estimate(found).p_value == pytest.approx(expected.pvalue)
    assert (estimate(found).low, estimate(found).high) == pytest.approx(
        (interval.low, interval.high)
    )


def test_the_order_of_items_does_not_matter() -> None:
    columns, response = random_problem(5)
    clusters = [i % 9 for i in range(len(response))]
    shuffled = np.random.default_rng(1).permutation(len(response))
    one = regress(columns, response, clusters=clusters)
    two = regress(columns[shuffled], response[shuffled], clusters=[clusters[i] for i in shuffled])
    assert two.standard_errors == pytest.approx(one.standard_errors)
    assert two.df == pytest.approx(one.df)


def test_an_exact_fit_has_an_interval_that_holds_its_rounding() -> None:
    columns, _ = random_problem(3)
    found = cluster_robust(
        columns, columns[:, 0], clusters=[i // 2 for i in range(40)], names="abc"
    )
    for coefficient, value in zip(found, (1.0, 0.0, 0.0), strict=True):
        assert estimate(coefficient).low <= value <= estimate(coefficient).high
        assert estimate(coefficient).standard_error < 1e-13
    assert estimate(found[1]).p_value > 0.05


def test_no_error_at_all_gives_zero_and_a_p_value_of_one() -> None:
    columns, _ = random_problem(4)
    found = cluster_robust(columns, np.zeros(40), clusters=[i // 2 for i in range(40)], names="abc")
    assert [(estimate(c).value, estimate(c).p_value) for c in found] == [(0.0, 1.0)] * 3


@given(seed=seeds, scale=st.sampled_from([1e-6, 1.0, 1e6]))
def test_a_collinear_group_is_named_and_leaves_the_others_as_they_are(
    seed: int, scale: float
) -> None:
    columns, response = random_problem(seed)
    clusters = [i // 2 for i in range(40)]
    twin = scale * (columns[:, :1] - 2 * columns[:, 1:2])
    found = cluster_robust(
        np.hstack([columns, twin]), response, clusters=clusters, names=["a", "b", "c", "d"]
    )
    assert [reason(found[i]) for i in (0, 1, 3)] == [
        "not told apart from: b, d",
        "not told apart from: a, d",
        "not told apart from: a, b",
    ]
    alone = cluster_robust(columns, response, clusters=clusters, names="abc")
    assert estimate(found[2]).value == pytest.approx(estimate(alone[2]).value)
    assert estimate(found[2]).df == pytest.approx(estimate(alone[2]).df)


def test_a_column_of_zeros_has_no_coefficient() -> None:
    columns, response = random_problem(0)
    columns[:, 1] = 0
    found = cluster_robust(columns, response, clusters=[i // 2 for i in range(40)], names="abc")
    assert reason(found[1]) == "it equals the truth in every item"
    assert estimate(found[0])
    none = cluster_robust(columns[:, 1:2], response, clusters=range(40), names=["b"])
    assert reason(none[0]) == "it equals the truth in every item"


def test_a_column_that_one_cluster_decides_has_no_interval() -> None:
    columns, response = random_problem(0)
    columns[:, 1] = 0
    columns[0, 1] = 1
    found = cluster_robust(columns, response, clusters=[i // 2 for i in range(40)], names="abc")
    assert reason(found[1]) == "a single world decides it"
    assert estimate(found[2])


def test_a_single_cluster_gives_no_interval() -> None:
    columns, response = random_problem(0)
    found = cluster_robust(columns, response, clusters=["w"] * 40, names="abc")
    assert {reason(c) for c in found} == {"all items belong to one world"}


def test_too_few_clusters_give_no_interval() -> None:
    columns, response = random_problem(0)
    found = cluster_robust(columns, response, clusters=[i // 10 for i in range(40)], names="abc")
    assert all(f"{MIN_DF:.0f} are needed" in reason(c) for c in found)


@pytest.mark.parametrize(
    ("columns", "response", "clusters"),
    [
        (np.ones(3), np.ones(3), range(3)),
        (np.ones((3, 1)), np.ones(2), range(3)),
        (np.ones((3, 1)), np.ones(3), range(2)),
        (np.array([[1.0], [np.nan], [1.0]]), np.ones(3), range(3)),
        (np.ones((3, 1)), np.array([1.0, np.inf, 1.0]), range(3)),
    ],
)
def test_what_is_no_regression_is_refused(
    columns: Floats, response: Floats, clusters: range
) -> None:
    with pytest.raises(InputError, match="a regression needs"):
        cluster_robust(columns, response, clusters=clusters, names="a")


@pytest.mark.parametrize("columns", [np.ones((5, 2)), np.ones((1, 2))])
def test_a_fit_of_collinear_columns_is_refused(columns: Floats) -> None:
    with pytest.raises(InputError, match="collinear"):
        regress(columns, np.ones(len(columns)), clusters=range(len(columns)))
