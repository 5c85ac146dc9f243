"""Numbers of estimands: tables, parameters, scopes, and strata of probability 0."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from causal_interface_gym.causal.expression import Constant, Fraction, Probability, Product, Sum
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identification import Estimand, Evaluated, Identified, identify
from causal_interface_gym.causal.identification.evaluation import (
    Evidence,
    Numbers,
    undefined_stratum,
)
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import (
    PositivityViolation,
    QueryError,
    UnknownStateError,
    UnknownVariableError,
)

BINARY = ("0", "1")
BACK_DOOR = ADMG([("Z", "X"), ("Z", "Y"), ("X", "Y")])
NAPKIN = ADMG([("W", "R"), ("R", "X"), ("X", "Y")], [("W", "X"), ("W", "Y")])


def confounded(p_x_given_z: Sequence[Sequence[float]], p_z: Sequence[float] = (0.3, 0.7)) -> SCM:
    """Build a model of the back-door graph."""
    p_y = [[[0.9, 0.1], [0.6, 0.4]], [[0.5, 0.5], [0.2, 0.8]]]
    return SCM.from_tables(
        parents={"X": ("Z",), "Y": ("X", "Z")},
        states={"Z": BINARY, "X": BINARY, "Y": BINARY},
        tables={"Z": p_z, "X": p_x_given_z, "Y": p_y},
    )


def estimand(graph: ADMG, query: str) -> Estimand:
    """Identify, or fail."""
    answer = identify(graph, query)
    assert isinstance(answer, Identified)
    return answer.estimand


def test_a_query_with_values_gives_a_number() -> None:
    model = confounded([[0.6, 0.4], [0.2, 0.8]])
    found = estimand(BACK_DOOR, "P(Y=1 | do(X=1))").evaluate(model)
    assert found == pytest.approx(0.3 * 0.5 + 0.7 * 0.8, abs=1e-12)


def test_a_symbolic_query_gives_a_table_over_outcome_action_and_given() -> None:
    model = confounded([[0.6, 0.4], [0.2, 0.8]])
    table = estimand(BACK_DOOR, "P(Y | do(X))").evaluate(model)
    assert isinstance(table, Evaluated)
    assert table.variables == ("Y", "X")
    assert table.states == (BINARY, BINARY)
    assert table.values.sum(axis=0) == pytest.approx([1, 1])
    assert table[{"X": "0", "Y": "1"}] == pytest.approx(0.3 * 0.1 + 0.7 * 0.4)


def test_values_bind_what_the_query_leaves_open() -> None:
    model = confounded([[0.6, 0.4], [0.2, 0.8]])
    symbolic = estimand(BACK_DOOR, "P(Y | do(X))")
    assert symbolic.evaluate(model, {"X": "1", "Y": "1"}) == pytest.approx(0.71)
    partly = symbolic.evaluate(model, {"X": "1"})
    assert isinstance(partly, Evaluated)
    assert partly.values == pytest.approx([0.29, 0.71])


def test_a_variable_that_the_formula_lost_still_has_an_axis() -> None:
    model = confounded([[0.6, 0.4], [0.2, 0.8]])
    table = estimand(BACK_DOOR, "P(Z | do(X))").evaluate(model)
    assert isinstance(table, Evaluated)
    assert table.values == pytest.approx(np.array([[0.3, 0.3], [0.7, 0.7]]))


def test_tables_refuse_what_they_do_not_have() -> None:
    table = estimand(BACK_DOOR, "P(Y | do(X))").evaluate(confounded([[0.6, 0.4], [0.2, 0.8]]))
    assert isinstance(table, Evaluated)
    with pytest.raises(UnknownVariableError):
        table[{"X": "0", "Y": "0", "Z": "0"}]
    with pytest.raises(UnknownStateError):
        table[{"X": "0", "Y": "2"}]
    with pytest.raises(QueryError, match="needs a state"):
        table[{"X": "0"}]


def test_values_that_contradict_or_miss_the_model_are_refused() -> None:
    model = confounded([[0.6, 0.4], [0.2, 0.8]])
    fixed = estimand(BACK_DOOR, "P(Y=1 | do(X=1))")
    assert fixed.evaluate(model, {"X": "1"}) == pytest.approx(0.71)
    with pytest.raises(QueryError, match="cannot be '0'"):
        fixed.evaluate(model, {"X": "0"})
    with pytest.raises(UnknownVariableError):
        fixed.evaluate(model, {"Z": "0"})
    with pytest.raises(UnknownStateError):
        estimand(BACK_DOOR, "P(Y=yes | do(X))").evaluate(model)
    with pytest.raises(UnknownVariableError):
        estimand(ADMG([("A", "B")]), "P(B | do(A))").evaluate(model)


def test_a_stratum_of_probability_zero_is_named() -> None:
    model = confounded([[1.0, 0.0], [0.2, 0.8]])
    formula = estimand(BACK_DOOR, "P(Y=1 | do(X=1))")
    with pytest.raises(PositivityViolation) as caught:
        formula.evaluate(model)
    assert caught.value.stratum == "X=1, Z=0"
    assert estimand(BACK_DOOR, "P(Y=1 | do(X=0))").evaluate(model) == pytest.approx(0.31)


def test_an_undefined_term_with_weight_zero_does_not_count() -> None:
    model = confounded([[1.0, 0.0], [0.2, 0.8]], p_z=(0.0, 1.0))
    assert estimand(BACK_DOOR, "P(Y=1 | do(X=1))").evaluate(model) == pytest.approx(0.8)


def test_a_table_with_an_undefined_cell_is_refused_as_a_whole() -> None:
    model = confounded([[1.0, 0.0], [0.2, 0.8]])
    with pytest.raises(PositivityViolation, match="X=1, Z=0"):
        estimand(BACK_DOOR, "P(Y | do(X))").evaluate(model)


def napkin_model(p_r_given_w: Sequence[Sequence[float]]) -> SCM:
    """Build a model of the napkin graph."""
    rng = np.random.default_rng(5)
    draw = rng.dirichlet
    return SCM.from_tables(
        parents={"W": ("U", "V"), "R": ("W",), "X": ("R", "U"), "Y": ("X", "V")},
        states=dict.fromkeys("UVWRXY", BINARY),
        tables={
            "U": [0.4, 0.6], "V": [0.7, 0.3], "W": draw([1, 1], (2, 2)), "R": p_r_given_w,
            "X": draw([1, 1], (2, 2)), "Y": draw([1, 1], (2, 2)),
        },
        latent=["U", "V"],
    )  # fmt: skip


def test_a_parameter_is_set_to_the_first_state_that_is_defined() -> None:
    formula = estimand(NAPKIN, "P(Y=1 | do(X=1))")
    assert formula.parameters == {"R"}
    model = napkin_model([[0.5, 0.5], [0.1, 0.9]])
    assert formula.evaluate(model) == pytest.approx(model.p("Y=1 | do(X=1)"), abs=1e-12)
    assert formula.evaluate(model, {"R": "1"}) == pytest.approx(model.p("Y=1 | do(X=1)"), abs=1e-12)
    always_one = napkin_model([[0.0, 1.0], [0.0, 1.0]])
    assert formula.evaluate(always_one) == pytest.approx(always_one.p("Y=1 | do(X=1)"), abs=1e-12)


def test_where_no_state_of_a_parameter_helps_the_stratum_is_named() -> None:
    never_both = napkin_model([[0.0, 1.0], [1.0, 0.0]])
    with pytest.raises(PositivityViolation) as caught:
        estimand(NAPKIN, "P(Y=1 | do(X=1))").evaluate(never_both)
    assert caught.value.stratum == "W=0, R=0"


class Counts:
    """Relative frequencies: the least that a formula can be evaluated in."""

    def __init__(self, counts: Mapping[str, Sequence[str]], cells: NDArray[np.float64]) -> None:
        """Keep shares instead of counts."""
        self.states = counts
        self.cells = cells / cells.sum()

    def table(self, names: Sequence[str]) -> NDArray[np.float64]:
        """Sum out what is not named."""
        known = list(self.states)
        left = tuple(i for i, v in enumerate(known) if v not in names)
        kept = [v for v in known if v in names]
        summed: NDArray[np.float64] = self.cells.sum(axis=left)
        return summed.transpose([kept.index(v) for v in names])


def test_relative_frequencies_can_be_evaluated() -> None:
    cells = np.array([[[2.0, 2], [1, 3]], [[4, 1], [2, 5]]])
    data = Counts(dict.fromkeys("ZXY", BINARY), cells)
    found = estimand(BACK_DOOR, "P(Y=1 | do(X=1))").evaluate(data)
    assert found == pytest.approx(0.4 * 3 / 4 + 0.6 * 5 / 7)


def coins(**tables: Sequence[float]) -> SCM:
    """Build a model of independent variables."""
    return SCM.from_tables(states=dict.fromkeys(tables, BINARY), tables=tables)


def test_handmade_formulas_follow_the_same_rules() -> None:
    query = Query.parse("P(Y=1)")
    model = coins(Y=(0.25, 0.75), Z=(1.0, 0.0))
    y = Probability(("Y",))
    assert Estimand(Product(()), query).evaluate(model, {}) == 1.0
    doubled = Estimand(Sum(("Z",), y), query)
    assert doubled.evaluate(model) == pytest.approx(1.5)
    quotient = Estimand(Fraction(y, Sum(("Y",), y)), query)
    assert quotient.evaluate(model) == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("expression", "stratum"),
    [
        (Fraction(Probability(("Y",)), Probability(("Z",))), "Z=1"),
        (Fraction(Probability(("Y",), ("Z",)), Probability(("Y",))), "Z=1"),
        (Fraction(Probability(("Y",)), Probability(("Y",), ("Z",))), "Z=1"),
        (Product((Probability(("Y",)), Probability(("Y",), ("Z",)))), "Z=1"),
        (Sum(("Z", "Y"), Product((Probability(("Y",)), Probability(("Y",), ("Z",))))), "Z=1"),
    ],
    ids=["denominator", "above", "below", "product", "sum"],
)
def test_the_culprit_is_found_in_every_part_of_a_formula(
    expression: Fraction | Product | Sum, stratum: str
) -> None:
    query = Query.parse("P(Y=1 | Z=1)")
    with pytest.raises(PositivityViolation) as caught:
        Estimand(expression, query).evaluate(coins(Y=(0.25, 0.75), Z=(1.0, 0.0)))
    assert caught.value.stratum == stratum


def test_text_latex_and_notebook_agree() -> None:
    formula = estimand(ADMG([("X", "M"), ("M", "Y")], [("X", "Y")]), "P(Y=1 | do(X=1))")
    assert str(formula) == "sum_{M} P(M | X=1) sum_{X'} P(Y=1 | X', M) P(X')"
    latex = r"\sum_{M} P(M \mid X{=}1) \sum_{X'} P(Y{=}1 \mid X', M) P(X')"
    assert formula.latex() == latex
    assert formula._repr_latex_() == f"${latex}$"


def test_a_number_is_never_undefined() -> None:
    model = coins(Y=(0.25, 0.75))
    evidence = Evidence({"": model})
    assert Numbers(evidence, {}).of(Constant(0.5)).values == 0.5
    assert undefined_stratum(Constant(0), Numbers(evidence, {})) == ""
