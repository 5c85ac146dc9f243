"""Verma constraints: published ones, where there are none, and that data can violate them."""

import numpy as np
import pytest

from causal_interface_gym.causal import ADMG, SCM, verma_constraints
from causal_interface_gym.causal.constraints import FunctionalConstraint
from causal_interface_gym.errors import PositivityViolation
from tests.oracle.general.drawing import graph
from tests.oracle.models import admg_model

VERMA = graph("A>B B>C C>D", "B-D")
NAPKIN = graph("W>R R>X X>Y", "W-X W-Y")


def only(drawn: ADMG) -> FunctionalConstraint:
    (found,) = verma_constraints(drawn)
    return found


def test_vermas_own_constraint_is_found() -> None:
    """[verma1993], as in [tian2002b]."""
    found = only(VERMA)
    assert str(found) == "sum_{B} P(D | A, B, C) P(B | A) does not depend on A"
    assert found.explanation == "it equals P(D | do(C)), and A is no parent there"
    assert found.pairs == (("A", "D"),)


def test_the_napkin_formula_does_not_depend_on_its_instrument() -> None:
    """[pearl2018]: the formula is the same for every R."""
    assert only(NAPKIN).free_of == ("R",)
    assert only(NAPKIN).district == ("Y",)


def test_several_variables_may_be_named_at_once() -> None:
    found = only(graph("A>B F>B B>C C>D", "B-D"))
    assert found.free_of == ("A", "F")
    assert found.explanation.endswith("A, F are no parents there")


@pytest.mark.parametrize(
    "drawn",
    [
        graph("X>M M>Y", "X-Y"),
        graph("X>Y", "X-Y"),
        graph("A>B B>C C>D"),
        graph("A>B", "B-D"),
        graph("A>B B>C C>D A>D", "B-D"),
    ],
    ids=["front-door", "bow", "DAG", "an independence", "an edge more"],
)
def test_graphs_without_such_a_constraint_yield_none(drawn: ADMG) -> None:
    assert list(verma_constraints(drawn)) == []


@pytest.mark.parametrize("drawn", [VERMA, NAPKIN], ids=["Verma", "napkin"])
def test_models_of_the_graph_keep_it_and_others_break_it(drawn: ADMG) -> None:
    found = only(drawn)
    (first, last) = found.pairs[0]
    other = ADMG([*drawn.directed, (first, last)], drawn.bidirected)
    for seed in range(5):
        rng = np.random.default_rng(seed)
        assert found.violation(admg_model(rng, drawn)) < 1e-12
        assert found.violation(admg_model(rng, other)) > 1e-4


def test_an_empty_stratum_is_named() -> None:
    bits = ("0", "1")
    model = SCM.from_tables(
        states=dict.fromkeys("ABCD", bits),
        parents={"B": ("A",), "C": ("B",), "D": ("C",)},
        tables={"A": [1, 0], "B": [[0.5, 0.5]] * 2, "C": [[0.5, 0.5]] * 2, "D": [[0.5, 0.5]] * 2},
    )
    with pytest.raises(PositivityViolation, match="A=1"):
        only(VERMA).violation(model)
