"""Mechanisms: what they give for one setting, and for several under one noise."""

import pickle
from itertools import product
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.causal.mechanism import (
    Coupling,
    Deterministic,
    Mechanism,
    NoisyOr,
    Table,
)
from causal_interface_gym.errors import (
    ModelError,
    UndeclaredCouplingError,
    UnknownStateError,
    UnknownVariableError,
    WidthError,
)
from tests.strategies.noise import models, responses

BINARY = ("0", "1")
THREE_ROWS = [[0.5, 0.3, 0.2], [0.1, 0.2, 0.7], [0.4, 0.4, 0.2]]


def summed(mechanism: Mechanism, settings: list[int]) -> np.ndarray[Any, Any]:
    """Sum the chances of the response functions, the slow way."""
    size = mechanism.cpt.shape[-1]
    total = np.zeros((size,) * len(settings))
    for chance, response in responses(mechanism):
        total[tuple(response[s] for s in settings)] += chance
    return total


@given(models(), st.data())
def test_the_joint_of_copies_is_the_sum_over_the_noise(model: Any, data: st.DataObject) -> None:  # noqa: ANN401 - a model
    mechanism = model.mechanisms[data.draw(st.sampled_from(model.nodes))]
    n_rows = mechanism.cpt[..., 0].size
    settings = data.draw(st.lists(st.integers(0, n_rows - 1), min_size=1, max_size=3))
    joint = mechanism.joint("V", [np.array(s) for s in settings])
    np.testing.assert_allclose(joint, summed(mechanism, settings), atol=1e-12)


@pytest.mark.parametrize("coupling", get_args(Coupling))
def test_each_copy_alone_follows_its_row(coupling: Coupling) -> None:
    table = Table(("X",), np.array(THREE_ROWS), coupling)
    joint = table.joint("Y", [np.array(0), np.array(1), np.array(2)])
    for copy in range(3):
        others = tuple(axis for axis in range(3) if axis != copy)
        np.testing.assert_allclose(joint.sum(axis=others), THREE_ROWS[copy], atol=1e-15)


def test_three_comonotone_copies_overlap_all_at_once() -> None:
    table = Table(("X",), np.array([[0.5, 0.5], [0.2, 0.8], [0.7, 0.3]]), "comonotone")
    joint = table.joint("Y", [np.array(0), np.array(1), np.array(2)])
    pieces = {"000": 0.2, "010": 0.3, "110": 0.2, "111": 0.3}
    for values in product((0, 1), repeat=3):
        assert joint[values] == pytest.approx(pieces.get("{}{}{}".format(*values), 0), abs=1e-15)


def test_the_same_setting_has_the_same_draw_in_all_copies() -> None:
    table = Table(("X",), np.array(THREE_ROWS), "independent")
    joint = table.joint("Y", [np.array(1), np.array(0), np.array(1)])
    assert joint[0, 0, 1] == 0
    assert joint[2, 0, 2] == pytest.approx(0.7 * 0.5)


def test_a_root_has_one_value_under_every_coupling() -> None:
    for coupling in (None, *get_args(Coupling)):
        joint = Table((), np.array([0.3, 0.7]), coupling).joint("U", [np.array(0), np.array(0)])
        np.testing.assert_allclose(joint, np.diag([0.3, 0.7]))


def test_a_table_without_coupling_is_refused_only_where_it_matters() -> None:
    table = Table(("X",), np.array([[0.5, 0.5], [1.0, 0.0]]))
    joint = table.joint("Y", [np.array(0), np.array(1)])  # a certain row couples one way only
    np.testing.assert_allclose(joint, [[0.5, 0.0], [0.5, 0.0]])
    table = Table(("X",), np.array([[0.5, 0.5], [0.9, 0.1]]))
    table.joint("Y", [np.array(1), np.array(1)])
    with pytest.raises(UndeclaredCouplingError) as caught:
        table.joint("Y", [np.array([0, 1]), np.array([1, 1])])
    assert caught.value.variable == "Y"


RARE = st.sampled_from([0.0, 1e-300, 1e-12, 1e-9, 0.25, 0.5])


@given(st.lists(st.tuples(RARE, RARE), min_size=2, max_size=3))
def test_rare_states_at_either_end_keep_their_digits(ends: list[tuple[float, float]]) -> None:
    rows = np.array([[low, 1 - low - high, high] for low, high in ends])
    joint = Table(("X",), rows, "comonotone").joint("Y", [np.array(i) for i in range(len(ends))])
    first, last = (0,) * len(ends), (2,) * len(ends)
    assert joint[first] == pytest.approx(min(low for low, _ in ends), rel=1e-9, abs=0)
    assert joint[last] == pytest.approx(min(high for _, high in ends), rel=1e-9, abs=0)
    assert joint.sum() == pytest.approx(1.0, abs=1e-12)


def test_a_rare_state_in_the_middle_keeps_its_digits() -> None:
    rows = np.array([[0.5, 1e-12, 0.5 - 1e-12], [0.25, 0.5, 0.25]])
    joint = Table(("X",), rows, "comonotone").joint("Y", [np.array(0), np.array(1)])
    assert joint[1].tolist() == [0.0, 1e-12, 0.0]


def test_noisy_or_multiplies_the_inhibitors_of_what_is_present() -> None:
    # Pearl 1988, section 4.3.2: each present cause acts unless its own inhibitor stops it.
    mechanism = NoisyOr(("A", "B"), (0.8, 0.5), leak=0.1)
    np.testing.assert_allclose(mechanism.cpt[..., 0], [[0.9, 0.45], [0.18, 0.09]])
    assert not mechanism.cpt.flags.writeable


def test_a_noisy_or_keeps_its_inhibitors_in_all_worlds() -> None:
    joint = NoisyOr(("A", "B"), (0.8, 0.5)).joint("Y", [np.array(2), np.array(1), np.array(3)])
    assert joint[1, 0, 0] == 0  # A acts alone, so it acts beside B
    assert joint[1, 0, 1] == pytest.approx(0.8 * 0.5)


def test_rare_inhibitors_keep_their_digits() -> None:
    mechanism = NoisyOr(("A",), (1e-200,), leak=2e-200)
    np.testing.assert_allclose(mechanism.cpt[:, 1], [2e-200, 3e-200], rtol=1e-12)


def test_a_function_gives_certain_rows() -> None:
    states = {"A": BINARY, "B": BINARY, "C": BINARY}
    exclusive = Deterministic.of(
        lambda a, b: str(int(a != b)), parents=("A", "B"), states=states, variable="C"
    )
    assert exclusive.states.tolist() == [[0, 1], [1, 0]]
    assert exclusive.cpt[0, 1].tolist() == [0.0, 1.0]
    assert Deterministic((), np.array(1), 2).cpt.tolist() == [0.0, 1.0]
    with pytest.raises(UnknownStateError, match="unknown state of 'C': 'no'"):
        Deterministic.of(lambda _: "no", parents=("A",), states=states, variable="C")
    for parents, variable in ((("Z",), "C"), (("A",), "Z")):
        with pytest.raises(UnknownVariableError):
            Deterministic.of(lambda _: "0", parents=parents, states=states, variable=variable)


def test_mechanisms_survive_pickling_and_are_read_only() -> None:
    table = Table(("X",), np.array(THREE_ROWS), "comonotone")
    again = pickle.loads(pickle.dumps(table))  # noqa: S301 - our own bytes
    settings = [np.array(0), np.array(1)]
    assert (again.joint("Y", settings) == table.joint("Y", settings)).all()
    with pytest.raises(ValueError, match="read-only"):
        table.cpt[0, 0] = 1.0


def test_a_table_is_a_copy_of_what_was_given() -> None:
    given_table = np.array([0.5, 0.5])
    table = Table((), given_table)
    given_table[0] = 9.0
    assert table.cpt.tolist() == [0.5, 0.5]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([[0.5, 0.5], [0.4, 0.5]], r"row \[1\] sums to 0.9, off by -0.1: \[0.4, 0.5\]"),
        ([[0.5, 0.5 + 1e-6], [0.5, 0.5]], r"row \[0\] sums to 1.000001, off by \+1e-06"),
        ([[0.5, 0.5], [np.nan, 0.5]], r"row \[1\] holds \[nan, 0.5\]"),
        ([[np.inf, 0.5], [0.5, 0.5]], r"row \[0\] holds \[inf, 0.5\]"),
        ([[-0.5, 1.5], [0.5, 0.5]], r"row \[0\] holds \[-0.5, 1.5\]; .* finite numbers >= 0"),
        ([0.5, 0.5], r"needs 2 non-empty axes .* got shape \(2,\)"),
        ([[], []], r"got shape \(2, 0\)"),
        ([[0.5, 0.5], [1.0]], "numbers are needed"),
        ([["a", "b"]], "numbers are needed"),
        ([[10**400, 0]], "numbers are needed"),
    ],
)
def test_what_is_no_table_is_refused(values: Any, words: str) -> None:  # noqa: ANN401 - any wrong type
    with pytest.raises(ModelError, match=words):
        Table(("X",), values)


def test_the_only_row_is_called_so_and_rounding_is_forgiven() -> None:
    with pytest.raises(ModelError, match=r"the only row sums to 1\.1, off by"):
        Table((), np.array([0.5, 0.6]))
    assert Table((), np.array([1 + 1e-16, -1e-16])).cpt.tolist() == [1.0, 0.0]
    assert Table((), np.array([0.1] * 10)).cpt.sum() == pytest.approx(1.0, abs=1e-15)


@pytest.mark.parametrize("parents", ["X", {"X"}, None, [1]])
def test_parents_without_an_order_are_refused(parents: Any) -> None:  # noqa: ANN401 - any wrong type
    for make in (
        lambda: Table(parents, np.full((2, 2), 0.5)),
        lambda: Deterministic(parents, np.array([0, 1]), 2),
        lambda: NoisyOr(parents, (0.5,)),
    ):
        with pytest.raises(ModelError, match="parents are a list of names"):
            make()


def test_an_unknown_coupling_is_refused() -> None:
    with pytest.raises(ModelError, match="coupling is None, 'comonotone' or 'independent'"):
        Table((), np.array([0.5, 0.5]), "monotone")  # type: ignore[arg-type]  # the mistake


@pytest.mark.parametrize(
    ("states", "n_states", "words"),
    [
        ([0, 2], 2, "state numbers run from 0 to 1"),
        ([-1, 0], 2, "state numbers run from 0 to 1"),
        ([0.5, 1.2], 2, "state numbers run from 0 to 1"),
        ([np.nan, 1], 2, "state numbers run from 0 to 1"),
        ([[0, 1]], 2, "1 parents need as many axes"),
        ([], 2, "1 parents need as many axes"),
        (["a", "b"], 2, "numbers are needed"),
        ([0, 1], 2.5, "n_states is a whole number"),
    ],
)
def test_what_is_no_function_is_refused(states: Any, n_states: Any, words: str) -> None:  # noqa: ANN401
    with pytest.raises(ModelError, match=words):
        Deterministic(("X",), states, n_states)


@pytest.mark.parametrize(
    ("strengths", "leak", "words"),
    [
        ((), 0.0, "1 parents need as many strengths"),
        ((1.5,), 0.0, r"lie in \[0, 1\]"),
        ((0.5,), -0.1, r"lie in \[0, 1\]"),
        ((np.nan,), 0.0, r"lie in \[0, 1\]"),
        (("a",), 0.0, "numbers are needed"),
    ],
)
def test_what_is_no_noisy_or_is_refused(strengths: Any, leak: float, words: str) -> None:  # noqa: ANN401
    with pytest.raises(ModelError, match=words):
        NoisyOr(("X",), strengths, leak)


def test_a_noisy_or_of_too_many_causes_is_refused_before_its_table_exists() -> None:
    with pytest.raises(WidthError):
        NoisyOr(tuple(f"X{i}" for i in range(60)), (0.5,) * 60)
