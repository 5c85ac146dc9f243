"""A run's configuration is checked before anything runs."""

from typing import Any

import pytest

from causal_interface_gym.errors import RunError, ScenarioError
from causal_interface_gym.runs.records import Trial
from causal_interface_gym.runs.spec import RunSpec, parse_seeds

ORACLE = ("reference:oracle",)


def test_trials_are_all_combinations_each_once() -> None:
    spec = RunSpec(("reference:oracle", "reference:uniform"), ("asia-v1", "m-bias-v1"), (0, 1, 5))
    trials = list(spec.trials())
    assert len(set(trials)) == spec.n_trials == len(trials) == 12
    assert trials[0] == Trial("reference:oracle", "asia-v1", "graph", 0)
    assert str(trials[0]) == "reference:oracle/asia-v1/graph/0"


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (((), ("asia-v1",), (0,)), RunError, "needs agents"),
        ((ORACLE, (), (0,)), RunError, "needs scenarios"),
        ((ORACLE, ("asia-v1",), ()), RunError, "needs seeds"),
        ((ORACLE * 2, ("asia-v1",), (0,)), RunError, "each once"),
        ((("reference:orcle",), ("asia-v1",), (0,)), RunError, "did you mean"),
        ((ORACLE, ("asia-v9",), (0,)), ScenarioError, "did you mean"),
        ((ORACLE, ("generated/nothing",), (0,)), ScenarioError, "generated"),
        ((ORACLE, ("asia-v1",), (0,), "graf"), RunError, "did you mean"),
    ],
)
def test_what_is_wrong_is_named(
    arguments: tuple[Any, ...], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        RunSpec(*arguments)


def test_a_spec_reads_back_from_its_json() -> None:
    spec = RunSpec(ORACLE, ("asia-v1",), (3, 1), "survey")
    assert RunSpec.from_json(spec.to_json()) == spec


@pytest.mark.parametrize(
    ("change", "message"),
    [({"version": 99}, "version 99"), ({"seeds": None}, "damaged"), ({"seeds": ["x"]}, "damaged")],
)
def test_a_damaged_spec_is_refused(change: dict[str, Any], message: str) -> None:
    data = {**RunSpec(ORACLE, ("asia-v1",), (0,)).to_json(), **change}
    with pytest.raises(RunError, match=message):
        RunSpec.from_json(data)


@pytest.mark.parametrize(
    ("text", "seeds"),
    [("0-3", (0, 1, 2, 3)), ("7", (7,)), ("3, 1-2,3", (3, 1, 2)), ("5-5", (5,))],
)
def test_seeds_are_numbers_and_ranges(text: str, seeds: tuple[int, ...]) -> None:
    assert parse_seeds(text) == seeds


@pytest.mark.parametrize("text", ["", "x", "1-", "-3", "4-2", "0-99999999", "1.5"])
def test_other_seeds_are_refused(text: str) -> None:
    with pytest.raises(RunError, match="seeds"):
        parse_seeds(text)
