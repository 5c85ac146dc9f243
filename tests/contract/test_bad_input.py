"""What a caller may get wrong with a model, and the words that say so."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from causal_interface_gym.causal.mechanism import Table
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.errors import (
    CausalGymError,
    CycleError,
    ImpossibleEventError,
    InferenceError,
    InputError,
    ModelError,
    QueryError,
    QuerySyntaxError,
    TableError,
    UndeclaredCouplingError,
    UnknownStateError,
    UnknownVariableError,
    WidthError,
)

BINARY = ("0", "1")
STATES = {"rain": ("no", "yes"), "wet": ("no", "yes")}
TABLES: dict[str, Any] = {"rain": [0.8, 0.2], "wet": [[0.9, 0.1], [0.2, 0.8]]}
PARENTS = {"wet": ("rain",)}


def weather(**parts: Any) -> SCM:  # noqa: ANN401 - any wrong type
    """Build a model with some parts exchanged."""
    return SCM.from_tables(**{"states": STATES, "tables": TABLES, "parents": PARENTS, **parts})


@pytest.mark.parametrize(
    ("parts", "error", "words"),
    [
        ({"parents": {"wet": ("rain",), "rain": ("wet",)}}, TableError, r"it must be \(2, 2\)"),
        ({"parents": {"wet": ("rian",)}}, UnknownVariableError, "did you mean 'rain'"),
        ({"parents": {"wed": ("rain",)}}, UnknownVariableError, "did you mean 'wet'"),
        ({"parents": {"wet": "rain"}}, ModelError, "the parents of 'wet' are a list"),
        ({"parents": {"wet": {"rain"}}}, ModelError, "in the order of the axes"),
        ({"parents": {"wet": None}}, ModelError, "the parents of 'wet' are a list"),
        ({"parents": ["rain"]}, ModelError, "parents map each variable"),
        ({"tables": {"rain": [0.8, 0.2]}}, ModelError, "'wet' has states and no table"),
        ({"tables": {**TABLES, "wte": [1.0]}}, UnknownVariableError, "did you mean 'wet'"),
        ({"tables": [1]}, ModelError, "tables map each variable"),
        ({"states": None}, ModelError, "states map each variable"),
        ({"states": {**STATES, "wet": "no"}}, ModelError, "a list of labels"),
        ({"states": {**STATES, "wet": 5}}, ModelError, "a list of labels"),
        ({"states": {**STATES, "wet": (0, 1)}}, ModelError, "a list of labels"),
        ({"states": {**STATES, "wet": ()}}, ModelError, "a list of labels"),
        ({"states": {**STATES, "wet": {"no", "yes"}}}, ModelError, "a list of labels"),
        ({"states": {**STATES, "wet": ("no", "no")}}, ModelError, "a label twice"),
        ({"states": {**STATES, "wet": ("no", "")}}, ModelError, "an empty label"),
        ({"latent": {"ran"}}, UnknownVariableError, "did you mean 'rain'"),
        ({"latent": 5}, UnknownVariableError, "5"),
        ({"coupling": "monotone"}, TableError, "'comonotone' or 'independent'"),
        ({"coupling": ["comonotone"]}, TableError, "'comonotone' or 'independent'"),
        ({"coupling": {"wte": "comonotone"}}, UnknownVariableError, "did you mean 'wet'"),
    ],
)
def test_parts_that_do_not_fit_are_refused(
    parts: dict[str, Any], error: type[InputError], words: str
) -> None:
    with pytest.raises(error, match=words):
        weather(**parts)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ([[0.9, 0.1], [0.2, 0.7]], r"table of 'wet': row \[1\] sums to 0.9, off by -0.1"),
        ([[0.9, 0.2], [0.2, 0.8]], r"row \[0\] sums to 1.1, off by \+0.1: \[0.9, 0.2\]"),
        ([[0.9, 0.1], [np.nan, 0.8]], r"row \[1\] holds \[nan, 0.8\]"),
        ([[0.9, 0.1], [None, 1.0]], r"row \[1\] holds \[nan, 1.0\]"),
        ([[1.1, -0.1], [0.2, 0.8]], r"row \[0\] holds \[1.1, -0.1\]"),
        ([0.5, 0.5], r"shape \(2,\); with parents \['rain'\] it must be \(2, 2\)"),
        (np.full((2, 3), 1 / 3), r"shape \(2, 3\)"),
        ([[0.5, 0.5], [1.0]], "table of 'wet'"),
        ("ab", "table of 'wet'"),
        ({"no": 1.0}, "table of 'wet'"),
        ([[10**400, 0], [0, 1]], "table of 'wet'"),
        (None, "table of 'wet'"),
    ],
)
def test_a_table_that_is_none_names_its_row_and_by_how_much(table: object, words: str) -> None:
    with pytest.raises(TableError, match=words) as caught:
        weather(tables={**TABLES, "wet": table})
    assert caught.value.variable == "wet"


def test_a_circle_of_parents_is_named() -> None:
    square = [[0.5, 0.5], [0.5, 0.5]]
    with pytest.raises(CycleError, match="wet -> rain -> wet"):
        weather(tables={"rain": square, "wet": square}, parents={"wet": ["rain"], "rain": ["wet"]})
    with pytest.raises(CycleError, match=r"the graph has a cycle: (rain|wet) -> "):
        weather().change({"rain": Table(("wet",), np.array(square))})


@pytest.mark.parametrize(
    ("mechanisms", "error", "words"),
    [
        ({"X": None}, ModelError, "'X' needs a Table, Deterministic or NoisyOr"),
        ({"X": [0.5, 0.5]}, ModelError, "'X' needs a Table, Deterministic or NoisyOr"),
        ([], ModelError, "mechanisms map each variable"),
        ({}, ModelError, "no table or other mechanism"),
        ({"X": Table((), np.array([1.0]))}, TableError, r"no parents and its own 2 states"),
        ({"X": Table(("Z",), np.ones((1, 1)))}, UnknownVariableError, "'Z'"),
        (
            {"X": Table(("X", "X"), np.full((2, 2, 2), 0.5))},
            ModelError,
            "a parent twice",
        ),
        (
            {"X": Table((), np.array([0.5, 0.5])), "Y": Table((), np.array([1.0]))},
            UnknownVariableError,
            "'Y'",
        ),
    ],
)
def test_mechanisms_that_do_not_fit_are_refused(
    mechanisms: Any,  # noqa: ANN401 - any wrong type
    error: type[InputError],
    words: str,
) -> None:
    with pytest.raises(error, match=words):
        SCM({"X": BINARY}, mechanisms)


@pytest.mark.parametrize(
    ("query", "error", "words"),
    [
        ("rian=yes", UnknownVariableError, "unknown variable 'rian'; did you mean 'rain'"),
        ("rain=yse", UnknownStateError, "unknown state of 'rain': 'yse'; did you mean 'yes'"),
        ("wet=yes | do(rian=yes)", UnknownVariableError, "did you mean 'rain'"),
        ("wet=yes | do(rain=Yes)", UnknownStateError, "did you mean 'yes'"),
        ("wet=yes | do(rain ~ {maybe: 1.0})", UnknownStateError, "'maybe'"),
        ("wet[rain=maybe]=yes", UnknownStateError, "'maybe'"),
        ("wet[rian[wet=yes]]=yes", UnknownVariableError, "did you mean 'rain'"),
        ("wet=yes | do(rian[wet=yes])", UnknownVariableError, "did you mean 'rain'"),
        ("wet=yes | rain=yes, rain=no", ImpossibleEventError, "rain=yes, rain=no has probability"),
        ("wet=yes | do(rain=yes), rain=no", ImpossibleEventError, r"do\(rain=yes\), rain=no"),
        ("wet", QueryError, "leaves a value open"),
        ("wet=yes | rain", QueryError, "leaves a value open"),
        ("wet=yes | do(rain)", QueryError, "leaves a value open"),
        ("wet==yes", QuerySyntaxError, r"\n  wet==yes\n      \^"),
        ("wet[rain=no]=yes | wet=yes", UndeclaredCouplingError, "ask for bounds"),
        (5, QueryError, "a query is text"),
        (None, QueryError, "a query is text"),
        (b"wet=yes", QueryError, "a query is text"),
    ],
)
def test_a_question_without_an_answer_is_refused(
    query: Any,  # noqa: ANN401 - any wrong type
    error: type[CausalGymError],
    words: str,
) -> None:
    with pytest.raises(error, match=words):
        weather().p(query)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda m: m.distribution("wte"), UnknownVariableError, "did you mean 'wet'"),
        (lambda m: m.distribution("wet", do="rain"), QueryError, "needs a value, e.g. do"),
        (lambda m: m.distribution("wet", given="rain"), QueryError, "needs a value"),
        (lambda m: m.distribution("wet", do={"rain": 0.5}), QueryError, "a state is a string"),
        (lambda m: m.distribution(["wet", "wet"]), QueryError, "each outcome is named once"),
        (lambda m: m.distribution([]), QueryError, "needs an outcome"),
        (lambda m: m.table(["wet"], given={"rain": "si"}), UnknownStateError, "'si'"),
        (lambda m: m.cpt("snow"), UnknownVariableError, "unknown variable 'snow'"),
        (lambda m: m.state("snow", "no"), UnknownVariableError, "unknown variable 'snow'"),
        (lambda m: m.state("wet", 1), UnknownStateError, "known: no, yes"),
        (lambda m: m.change({"snow": m.mechanisms["rain"]}), UnknownVariableError, "'snow'"),
        (lambda m: m.p("wet=yes", limit=1), WidthError, "raise the limit"),
    ],
)
def test_a_call_that_cannot_be_met_is_refused(
    call: Callable[[SCM], object], error: type[CausalGymError], words: str
) -> None:
    with pytest.raises(error, match=words):
        call(weather())


def test_an_impossible_condition_is_named() -> None:
    model = weather(tables={**TABLES, "rain": [1.0, 0.0]})
    for query in ("wet=yes | rain=yes", "wet[rain=no]=yes | rain=yes"):
        with pytest.raises(ImpossibleEventError) as caught:
            model.p(query)
        assert caught.value.event == "rain=yes"
        assert isinstance(caught.value, InferenceError)
    with pytest.raises(ImpossibleEventError):
        model.distribution("wet", given={"rain": "yes"})
