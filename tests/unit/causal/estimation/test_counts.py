"""Counts from frames, mappings and tables."""

from typing import Any

import numpy as np
import pytest

from causal_interface_gym.causal.estimation import Counts
from causal_interface_gym.errors import (
    DataError,
    PositivityViolation,
    QueryError,
    UnknownStateError,
    UnknownVariableError,
    WidthError,
)


class Frame:
    """What pandas, polars and pyarrow have in common: names, and columns by name."""

    def __init__(self, names: str, data: dict[str, Any]) -> None:
        """Put the names under ``names``."""
        setattr(self, names, list(data))
        self._data = data

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - a column of any library
        """Give a column."""
        return self._data[name]


DATA = {"X": np.array([0, 0, 1, 1]), "Y": np.array(["no", "yes", "yes", "yes"])}


@pytest.mark.parametrize("frame", [DATA, Frame("columns", DATA), Frame("column_names", DATA)])
def test_any_frame_with_named_columns_is_counted(frame: object) -> None:
    counts = Counts.from_frame(frame)
    assert counts.states == {"X": ("0", "1"), "Y": ("no", "yes")}
    assert counts.table(["Y", "X"]).tolist() == [[0.25, 0], [0.25, 0.5]]
    assert counts.table(["Y"]).tolist() == [0.25, 0.75]
    assert (counts.n_units, counts.total) == (4, 4.0)


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([10, 9, 100], ("9", "10", "100")),
        ([1.0, 0.5], ("0.5", "1")),
        (["10", "9"], ("9", "10")),
        (["b", "a"], ("a", "b")),
        ([True, False], ("False", "True")),
        (np.array(["b", 1], dtype=object), ("1", "b")),
        (np.array([2, 10], dtype=object), ("2", "10")),
    ],
)
def test_states_are_in_order_of_size_or_name(values: Any, labels: tuple[str, ...]) -> None:  # noqa: ANN401
    assert Counts.from_frame({"X": values}).states["X"] == labels


def test_states_that_do_not_occur_can_be_declared() -> None:
    counts = Counts.from_frame({"X": [1, 1]}, states={"X": ("0", "1", "2")})
    assert counts.table(["X"]).tolist() == [0, 1, 0]
    with pytest.raises(UnknownStateError, match="'3'"):
        Counts.from_frame({"X": [3]}, states={"X": ("0", "1")})


def test_a_column_may_say_how_many_units_a_row_stands_for() -> None:
    counts = Counts.from_frame({"X": ["a", "b", "a"], "n": [3, 5, 0]}, count="n")
    assert counts.table(["X"]).tolist() == [3 / 8, 5 / 8]
    assert counts.n_units == 8
    assert len(counts.weights) == 2


def test_counts_of_combinations_are_read() -> None:
    two = Counts.from_mapping(["X", "Y"], {("0", "0"): 1, ("1", "1"): 3})
    assert two.table(["X", "Y"]).tolist() == [[0.25, 0], [0, 0.75]]
    assert Counts.from_mapping(["X"], {"a": 1, "b": 1}).table(["X"]).tolist() == [0.5, 0.5]


def test_a_table_of_probabilities_has_no_sample_size() -> None:
    counts = Counts.from_table({"X": ("0", "1"), "Y": ("0", "1")}, [[0.5, 0.25], [0, 0.25]])
    assert counts.table(["Y", "X"]).tolist() == [[0.5, 0], [0.25, 0.25]]
    assert counts.n_units == 0
    assert len(counts.weights) == 3


def test_many_columns_are_numbered_without_overflow() -> None:
    rng = np.random.default_rng(0)
    data = {f"V{i}": rng.integers(0, 4, 500) for i in range(60)}
    counts = Counts.from_frame(data)
    both = np.zeros((4, 4))
    np.add.at(both, (data["V0"], data["V59"]), 1 / 500)
    assert counts.table(["V0", "V59"]) == pytest.approx(both)
    with pytest.raises(WidthError, match="limit"):
        counts.table([f"V{i}" for i in range(13)])


class NAType:
    """The mark of pandas for a missing value has a type of this name."""


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"X": [1.0, float("nan")]}, "column 'X' is empty in 1 rows"),
        ({"X": [None, "a"]}, "column 'X' is empty in 1 rows"),
        ({"X": np.array([float("nan"), "a"], dtype=object)}, "empty in 1 rows"),
        ({"X": np.array([NAType(), "a"], dtype=object)}, "empty in 1 rows"),
        ({"X": ["", "a", ""]}, "empty in 2 rows"),
        ({"X": np.arange(1000)}, "1000 different values"),
        ({"X": np.arange(1000).astype(object)}, "1000 different values"),
        ({"X": [1, 2], "Y": [1]}, "different lengths: {'X': 2, 'Y': 1}"),
        ({"X": []}, "no row"),
        ({}, "no row"),
        ({"X": [[1, 2], [3, 4]]}, "2 dimensions"),
        ({"X": [[1], [2, 3]]}, "is no column of values"),
        ({"X": np.array([[], {}], dtype=object)}, "is no column of values"),
        ({"X": object()}, "0 dimensions"),
        (3, "got int"),
        (Frame("things", {}), "got Frame"),
    ],
)
def test_data_that_cannot_be_counted_are_refused(data: object, message: str) -> None:
    with pytest.raises(DataError) as error:
        Counts.from_frame(data)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([-1, 2], "not negative"),
        ([float("inf"), 2], "finite"),
        (["many", "few"], "no numbers"),
        ([0, 0], "all counts are 0"),
        ([1], "different lengths"),
    ],
)
def test_counts_that_are_none_are_refused(counts: list[Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        Counts.from_frame({"X": ["a", "b"], "n": counts}, count="n")


def test_a_missing_column_and_ragged_combinations_are_named() -> None:
    with pytest.raises(DataError, match="no column 'Z'; columns: 'X', 'Y'"):
        Counts.from_frame(DATA, ["X", "Z"])
    with pytest.raises(DataError, match="columns: none"):
        Counts.from_frame({}, ["X"])
    with pytest.raises(DataError, match="gives 1 states for X, Y"):
        Counts.from_mapping(["X", "Y"], {("0",): 1})
    with pytest.raises(DataError, match="no column"):
        Counts.from_mapping(["X"], {})
    with pytest.raises(DataError, match=r"shape \(2,\); with these states it is \(3,\)"):
        Counts.from_table({"X": ("a", "b", "c")}, [1, 2])
    with pytest.raises(DataError, match="all counts are 0"):
        Counts.from_table({"X": ("a", "b")}, [0, 0])
    with pytest.raises(UnknownVariableError, match="'Q'"):
        Counts.from_frame(DATA).table(["Q"])


def test_an_experiment_answers_only_for_what_it_assigned() -> None:
    trial = Counts.from_frame({"X": [0, 0, 1, 1], "Y": ["no", "yes", "yes", "yes"]})
    counts = Counts.from_frame(DATA).with_trial(["X"], trial)
    assert counts.table(["Y"], do={"X": "0"}).tolist() == [0.5, 0.5]
    with pytest.raises(QueryError, match="an experiment that sets Y"):
        counts.table(["X"], do={"Y": "no"})
    with pytest.raises(UnknownVariableError):
        counts.with_trial(["Z"], trial)
    with pytest.raises(DataError, match="give both the same states"):
        counts.with_trial(["X"], Counts.from_frame({"X": [0, 1, 2]}))


def test_an_arm_without_units_is_named() -> None:
    trial = Counts.from_frame({"X": [1], "Y": ["no"]}, states={"X": ("0", "1")})
    counts = Counts(trial.states, trial.cells, trial.weights).with_trial(["X"], trial)
    with pytest.raises(PositivityViolation, match=r"do\(X=0\), which has probability 0 in the"):
        counts.table(["Y"], do={"X": "0"})
