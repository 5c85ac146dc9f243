"""Rows drawn from a model."""

import hashlib
from typing import Any

import numpy as np
import pytest

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.causal.sample import sample, sampled_probability
from causal_interface_gym.errors import (
    InferenceError,
    QueryError,
    UnknownStateError,
    UnknownVariableError,
    WidthError,
)
from tests.oracle.models import random_model


def model() -> SCM:
    """Give a hidden cause of a treatment of three states and an outcome."""
    return SCM.from_tables(
        states={"U": ("0", "1"), "X": ("a", "b", "c"), "Y": ("0", "1")},
        parents={"X": ("U",), "Y": ("X", "U")},
        tables={
            "U": [0.3, 0.7],
            "X": [[0.2, 0.3, 0.5], [0.6, 0.4, 0.0]],
            "Y": [[[0.9, 0.1], [0.2, 0.8]], [[0.5, 0.5], [0.4, 0.6]], [[0.1, 0.9], [1, 0]]],
        },
        latent={"U"},
    )


@pytest.mark.parametrize("do", [None, {"X": "b"}, {"U": "1"}])
def test_frequencies_approach_the_exact_joint(do: dict[str, str] | None) -> None:
    n = 200_000
    rows = sample(model(), n, rng=np.random.default_rng(7), do=do)
    assert list(rows) == ["X", "Y"]
    counts = np.zeros((3, 2))
    np.add.at(counts, (rows["X"], rows["Y"]), 1)
    exact = model().table(["X", "Y"], do=do or {})
    assert np.abs(counts / n - exact).max() < 5 * 0.5 / np.sqrt(n)
    assert (counts[exact == 0] == 0).all()


def test_the_stream_of_a_seed_stays_the_same() -> None:
    rows = sample(model(), 1000, rng=np.random.default_rng(2026))
    digest = hashlib.sha256(b"".join(rows[v].astype("<i2").tobytes() for v in rows)).hexdigest()
    assert digest == "97c7116d143537204fad5a87251900ac4f51d8ba5e83935107eed5dcc9dd03d5"


def test_a_state_of_probability_zero_is_never_drawn() -> None:
    # Ten tenths add up to a float below 1; the largest draw lies above it.
    coins = SCM.from_tables(states={"X": tuple("abcdefghijk")}, tables={"X": [0.1] * 10 + [0.0]})

    class Largest(np.random.Generator):
        def random(self, *_: object, **__: object) -> Any:  # noqa: ANN401 - as numpy types it
            return np.array([np.nextafter(1.0, 0.0)])

    rows = sample(coins, 1, rng=Largest(np.random.PCG64(0)))
    assert rows["X"].tolist() == [9]


def test_a_sample_may_be_empty() -> None:
    rows = sample(model(), 0, rng=np.random.default_rng(0))
    assert {name: len(column) for name, column in rows.items()} == {"X": 0, "Y": 0}
    assert rows["X"].dtype == np.int16


def test_bad_requests_are_refused() -> None:
    rng = np.random.default_rng(0)
    for n in (-1, 2.5):
        with pytest.raises(QueryError, match="n_rows is a whole number, 0 or more"):
            sample(model(), n, rng=rng)  # type: ignore[arg-type]  # the mistake
    with pytest.raises(UnknownVariableError):
        sample(model(), 1, rng=rng, do={"Z": "0"})
    with pytest.raises(UnknownStateError):
        sample(model(), 1, rng=rng, do={"X": "d"})


@pytest.mark.parametrize(
    "query",
    [
        "P(Y=1)",
        "P(Y=1 | X=b)",
        "P(Y=1 | do(X=b))",
        "P(Y=1, U=0 | do(X=c))",
        "P(U=1 | do(X=a), Y=1)",
        "P(Y=1 | do(X ~ {a: 0.25, c: 0.75}))",
    ],
)
def test_a_sampled_answer_is_within_its_error_of_the_exact_one(query: str) -> None:
    found = sampled_probability(model(), query, n=150_000, seed=3)
    assert abs(found.value - model().p(query)) < 5 * found.standard_error < 0.02
    assert found.n == 150_000
    assert 0 < found.n_kept <= found.n


def test_errors_are_as_large_as_they_say() -> None:
    off = []
    for seed in range(60):
        one = random_model(np.random.default_rng(seed))
        names = one.observed
        query = Query.of({names[-1]: one.states[names[-1]][0]})
        found = sampled_probability(one, query, n=2_000, seed=seed)
        off.append((found.value - one.p(query)) / found.standard_error)
    assert np.abs(off).max() < 4.5
    assert 0.6 < np.sqrt(np.mean(np.square(off))) < 1.4


def test_a_sampled_answer_follows_from_its_seed() -> None:
    once, again = (sampled_probability(model(), "Y=1 | do(X=a)", n=9_000, seed=5) for _ in "12")
    assert once == again
    assert once != sampled_probability(model(), "Y=1 | do(X=a)", n=9_000, seed=6)
    assert str(once).endswith("(9000 of 9000 rows)")


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("P(Y[X=a]=1 | X=b)", "counterfactual"),
        ("P(Y | do(X=a))", "Y has no value"),
        ("P(Y=1 | do(X))", "say what X is set to"),
    ],
)
def test_what_rows_cannot_answer_is_refused(query: str, why: str) -> None:
    with pytest.raises(QueryError, match=why):
        sampled_probability(model(), query)


@pytest.mark.parametrize("n", [0, -1, 1.5])
def test_the_number_of_rows_is_checked(n: Any) -> None:  # noqa: ANN401 - wrong on purpose
    with pytest.raises(QueryError, match="whole number"):
        sampled_probability(model(), "Y=1", n=n)


def test_a_condition_that_hardly_a_row_meets_has_no_answer() -> None:
    with pytest.raises(InferenceError, match="holds in 0 of 500 rows and 50 are needed"):
        sampled_probability(model(), "P(U=1 | do(X=c), U=1, Y=1)", n=500)


def test_a_model_too_wide_to_be_exact_says_its_width_and_is_sampled() -> None:
    rng = np.random.default_rng(4)
    names = [f"V{i}_{j}" for i in range(24) for j in range(24)]
    parents = {
        f"V{i}_{j}": tuple(f"V{a}_{b}" for a, b in ((i - 1, j), (i, j - 1)) if a >= 0 and b >= 0)
        for i in range(24)
        for j in range(24)
    }
    tables = {v: rng.dirichlet([1, 1], size=(2,) * len(parents[v])) for v in names}
    grid = SCM.from_tables(states=dict.fromkeys(names, ("0", "1")), parents=parents, tables=tables)
    query = "P(V23_23=1 | do(V0_0=1))"
    with pytest.raises(WidthError, match=r"induced width \d+\).*sampled answer") as caught:
        grid.p(query)
    assert caught.value.width > 15
    found = sampled_probability(grid, query, n=4_000)
    assert 0 < found.value < 1
    assert found.standard_error < 0.01
