"""Rows drawn from a model."""

import hashlib
from typing import Any

import numpy as np
import pytest

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.sample import sample
from causal_interface_gym.errors import QueryError, UnknownStateError, UnknownVariableError


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
