"""Beliefs: probabilities, distributions that sum to 1, and intervals the right way round."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.errors import ActionError
from causal_interface_gym.gym.belief import (
    Belief,
    StatedDistribution,
    StatedInterval,
    Statement,
    statement_from_json,
    statement_to_json,
)

STATEMENTS: list[Statement] = [
    Belief("q1", 0.25),
    StatedDistribution("d1", (("x->y", 0.7), ("y->x", 0.1), ("common", 0.2))),
    StatedInterval("i1", 0.2, 0.2),
]


@pytest.mark.parametrize("statement", STATEMENTS, ids=str)
def test_a_statement_reads_back_from_its_json(statement: Statement) -> None:
    assert statement_from_json(statement_to_json(statement)) == statement


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ((("a", 0.5), ("b", 0.4)), "sum to 0.9"),
        ((("a", 0.5), ("b", 0.500002)), "sum to 1.000002"),
        ((("a", 1.5), ("b", -0.5)), "from 0 to 1"),
        ((("a", math.nan), ("b", 0.5)), "from 0 to 1"),
        ((("a", 0.5), ("a", 0.5)), "each alternative once"),
        ((), "each alternative once"),
        ((("a", True),), "is a number"),
    ],
    ids=str,
)
def test_parts_that_are_no_distribution_are_refused(parts: Any, message: str) -> None:  # noqa: ANN401 - wrong types
    with pytest.raises(ActionError, match=message):
        StatedDistribution("d1", parts)


def test_a_distribution_may_miss_one_by_rounding_only() -> None:
    assert StatedDistribution("d1", (("a", 0.5), ("b", 0.5 + 9e-7))).parts[1][1] > 0.5


@pytest.mark.parametrize(
    ("low", "high", "message"),
    [(0.6, 0.2, "runs upwards"), (-0.1, 0.2, "from 0 to 1"), (0.1, math.nan, "from 0 to 1")],
)
def test_an_interval_has_two_ends_in_order(low: float, high: float, message: str) -> None:
    with pytest.raises(ActionError, match=message) as caught:
        StatedInterval("i1", low, high)
    assert caught.value.code == "belief"


@pytest.mark.parametrize(
    "data",
    [
        None,
        "q1",
        {"query": "q1"},
        {"query": 1, "p": 0.5},
        {"query": "q1", "p": "0.5"},
        {"query": "q1", "p": True},
        {"query": "q1", "p": 0.5, "why": "a hunch"},
        {"query": "q1", "distribution": [0.5, 0.5]},
        {"query": "q1", "distribution": {"a": "1"}},
        {"query": "q1", "interval": [0.1]},
        {"query": "q1", "interval": ["a", "b"]},
        {"query": "q1", "p": 0.5, "interval": [0.1, 0.2]},
    ],
    ids=str,
)
def test_any_other_form_is_refused_with_examples(data: object) -> None:
    with pytest.raises(ActionError, match="a belief is an object such as"):
        statement_from_json(data)


def test_an_id_is_a_string() -> None:
    wrong: Any = 7
    with pytest.raises(ActionError, match="named by its id"):
        Belief(wrong, 0.5)


@given(st.floats(allow_nan=True) | st.integers())
def test_a_belief_is_taken_if_and_only_if_it_lies_in_the_unit_interval(p: float) -> None:
    if 0 <= p <= 1:
        assert Belief("q1", p).p == p
    else:
        with pytest.raises(ActionError):
            Belief("q1", p)
