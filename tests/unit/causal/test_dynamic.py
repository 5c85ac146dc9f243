"""Unrolled models against the forward algorithm and published numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from causal_interface_gym.causal.dynamic import DynamicModel, at, previous
from causal_interface_gym.causal.mechanism import Deterministic, Mechanism, NoisyOr, Table
from causal_interface_gym.errors import ModelError, UnknownVariableError

Floats = NDArray[np.float64]
TWO = ("no", "yes")


def umbrella() -> DynamicModel:
    """The umbrella world [russell2010, section 15.2]."""
    see = Table(("rain",), np.array([[0.8, 0.2], [0.1, 0.9]]))
    return DynamicModel(
        states={"rain": TWO, "umbrella": TWO},
        first=[{"rain": Table((), np.array([0.5, 0.5])), "umbrella": see}],
        transition={
            "rain": Table((previous("rain"),), np.array([[0.7, 0.3], [0.3, 0.7]])),
            "umbrella": see,
        },
        latent=["rain"],
    )


def test_the_umbrella_world_has_its_published_numbers() -> None:
    model = umbrella().unroll(3)
    assert model.p("rain_1=yes | umbrella_1=yes") == pytest.approx(0.818, abs=5e-4)
    seen = "umbrella_1=yes, umbrella_2=yes"
    assert model.p(f"rain_2=yes | {seen}") == pytest.approx(0.883, abs=5e-4)
    assert model.p(f"rain_1=yes | {seen}") == pytest.approx(0.883, abs=5e-4)
    assert model.latent == {"rain_0", "rain_1", "rain_2"}


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(1, 6))
def test_filtering_and_smoothing_are_those_of_the_forward_algorithm(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    start, move = rng.dirichlet([1] * 3), rng.dirichlet([1] * 3, 3)
    emit = rng.dirichlet([1, 1], 3)
    shown = Table(("H",), emit)
    model = DynamicModel(
        states={"H": ("a", "b", "c"), "E": ("0", "1")},
        first=[{"H": Table((), start), "E": shown}],
        transition={"H": Table((previous("H"),), move), "E": shown},
    ).unroll(n)
    seen = rng.integers(2, size=n)
    forward: list[Floats] = []
    for t, e in enumerate(seen):
        prior = start if t == 0 else forward[-1] @ move
        forward.append(prior * emit[:, e])
    backward = [np.ones(3)]
    for e in seen[:0:-1]:
        backward.insert(0, move @ (emit[:, e] * backward[0]))
    given_all = {at("E", t): str(e) for t, e in enumerate(seen)}
    for t in range(n):
        given_then = {at("E", s): str(seen[s]) for s in range(t + 1)}
        filtered = model.table([at("H", t)], given=given_then)
        assert filtered == pytest.approx(forward[t] / forward[t].sum(), abs=1e-12)
        smoothed = forward[t] * backward[t]
        found = model.table([at("H", t)], given=given_all)
        assert found == pytest.approx(smoothed / smoothed.sum(), abs=1e-12)


def test_a_plan_over_time_is_an_intervention_on_several_slices() -> None:
    model = DynamicModel(
        states={"drug": TWO, "ill": TWO},
        first=[{"drug": Table((), np.array([0.5, 0.5])), "ill": Table((), np.array([0.0, 1.0]))}],
        transition={
            "drug": Deterministic((previous("ill"),), np.array([0, 1]), 2),
            "ill": Table(
                (previous("ill"), previous("drug")),
                np.array([[[1, 0], [1, 0]], [[0.1, 0.9], [0.5, 0.5]]], dtype=float),
                "comonotone",
            ),
        },
    ).unroll(3)
    assert model.p("ill_2=yes | do(drug_0=yes, drug_1=yes)") == pytest.approx(0.25)
    assert model.p("ill_2=yes | do(drug_0=no, drug_1=no)") == pytest.approx(0.81)
    imagined = model.p("ill_1[drug_0=yes]=yes | drug_0=no, ill_1=yes")
    assert imagined == pytest.approx(0.5 / 0.9)


def test_parents_may_lie_several_steps_back() -> None:
    model = DynamicModel(
        states={"X": TWO},
        first=[{"X": Table((), np.array([0.2, 0.8]))}, {"X": NoisyOr((previous("X"),), (0.5,))}],
        transition={"X": Deterministic((previous("X", 2),), np.array([1, 0]), 2)},
    ).unroll(4)
    assert model.dag.directed == (("X_0", "X_1"), ("X_0", "X_2"), ("X_1", "X_3"))
    assert model.p("X_2=yes") == pytest.approx(0.2)


class _Strange:
    parents: tuple[str, ...] = ()


@pytest.mark.parametrize(
    ("transition", "error"),
    [
        ({"X": Table((previous("Q"),), np.eye(2))}, UnknownVariableError),
        ({"X": Table(("Q",), np.eye(2))}, UnknownVariableError),
        ({"X": Table((previous("X", 2),), np.eye(2))}, ModelError),
        ({}, ModelError),
        ({"X": _Strange()}, ModelError),
    ],
)
def test_malformed_templates_are_refused(
    transition: dict[str, Mechanism], error: type[Exception]
) -> None:
    first = [{"X": Table((), np.array([0.5, 0.5]))}]
    with pytest.raises(error):
        DynamicModel({"X": TWO}, first, transition).unroll(2)


def test_malformed_numbers_of_slices_are_refused() -> None:
    with pytest.raises(ModelError, match="one slice"):
        umbrella().unroll(0)
    with pytest.raises(ModelError, match="one step back"):
        previous("X", 0)


def test_names_that_end_in_a_number_keep_their_slices_apart() -> None:
    fair = Table((), np.array([0.5, 0.5]))
    both = {"X": fair, "X_1": fair}
    model = DynamicModel({"X": TWO, "X_1": TWO}, [both], both).unroll(12)
    assert len(model.nodes) == 24
