"""The general algorithm: what it says of several worlds and several experiments."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from causal_interface_gym.causal import ADMG, SCM, Identified, NotIdentified, identify
from causal_interface_gym.causal.identification import Evaluated, Thicket
from causal_interface_gym.errors import ImpossibleEventError, PositivityViolation, QueryError

BITS = ("0", "1")
BACK_DOOR = ADMG([("Z", "X"), ("Z", "Y"), ("X", "Y")])


@pytest.fixture
def model() -> SCM:
    return SCM.from_tables(
        states=dict.fromkeys(("Z", "X", "Y"), BITS),
        parents={"X": ("Z",), "Y": ("Z", "X")},
        tables={
            "Z": [0.4, 0.6],
            "X": [[0.7, 0.3], [0.2, 0.8]],
            "Y": [[[0.9, 0.1], [0.6, 0.4]], [[0.5, 0.5], [0.3, 0.7]]],
        },
        coupling="independent",
    )


def answered(graph: ADMG, query: str, experiments: object = None) -> Identified:
    verdict = identify(graph, query, experiments=experiments)  # type: ignore[arg-type]  # passed on
    assert isinstance(verdict, Identified)
    return verdict


def test_the_treated_are_what_the_model_says(model: SCM) -> None:
    query = "P(Y[X=0]=1 | X=1)"
    assert answered(BACK_DOOR, query).estimand.evaluate(model) == pytest.approx(model.p(query))


def test_what_the_query_leaves_open_is_given_at_evaluation(model: SCM) -> None:
    verdict = answered(BACK_DOOR, "P(Y[X=0] | X=1)")
    table = verdict.estimand.evaluate(model)
    assert isinstance(table, Evaluated)
    assert table.variables == ("Y",)
    truth = model.p("P(Y[X=0]=1 | X=1)")
    assert table[{"Y": "1"}] == pytest.approx(truth)
    assert verdict.estimand.evaluate(model, {"Y": "1"}) == pytest.approx(truth)


def test_one_variable_may_be_open_and_fixed(model: SCM) -> None:
    verdict = answered(BACK_DOOR, "P(Y[X]=1 | X=1)")
    assert str(verdict.estimand) == "(sum_{Z} P(Y=1 | Z, X) P(Z, X=1)) / (P(X=1))"
    assert verdict.estimand.evaluate(model, {"X": "0"}) == pytest.approx(
        model.p("P(Y[X=0]=1 | X=1)")
    )
    assert r"X{=}1" in verdict.estimand.latex()


def test_a_contradiction_is_zero_whatever_stays_open(model: SCM) -> None:
    verdict = answered(BACK_DOOR, "P(Y=1, Y[X=1]=0, X=1, Z)")
    assert str(verdict.estimand) == "0"
    assert verdict.derivation[0].rule == "contradiction"
    assert verdict.estimand.evaluate(model, {"Z": "0"}) == 0.0
    both = answered(BACK_DOOR, "P(Y[X]=1, Y[X]=0)")
    assert both.estimand.evaluate(model, {"X": "1"}) == 0.0


def test_impossible_conditions_have_no_answer() -> None:
    with pytest.raises(ImpossibleEventError, match="Y=1, Y=0"):
        identify(BACK_DOOR, "P(X | Y=1, Y=0)", experiments="all")
    with pytest.raises(ImpossibleEventError):
        identify(BACK_DOOR, "P(X[Z=0]=1 | Y[Y=1]=0)")


def test_conditions_that_only_the_outcome_contradicts_make_it_zero() -> None:
    graph = ADMG([("A", "B")], [("A", "B")])
    assert str(answered(graph, "P(A=0 | B=0, B[A=0]=1)").estimand) == "0"


def test_whether_open_events_contradict_cannot_be_said() -> None:
    with pytest.raises(QueryError, match="leaves 'Y' open"):
        identify(BACK_DOOR, "P(Y, Y[Z]=1 | Z)")
    with pytest.raises(QueryError, match="leaves 'X' open"):
        identify(BACK_DOOR, "P(X[X=1])")


def test_an_empty_stratum_of_an_experiment_is_named() -> None:
    never = SCM.from_tables(
        states=dict.fromkeys(("X", "Z", "Y"), BITS),
        parents={"Z": ("X",), "Y": ("Z",)},
        tables={"X": [0.5, 0.5], "Z": [[1.0, 0.0], [1.0, 0.0]], "Y": [[0.5, 0.5], [0.1, 0.9]]},
    )
    graph = ADMG([("X", "Z"), ("Z", "Y")])
    estimand = answered(graph, "P(Y=1 | do(X=0), Z=1)", [("X",)]).estimand
    assert str(estimand) == "P(Y=1 | do(X=0), Z=1)"
    with pytest.raises(PositivityViolation, match="Z=1, X=0"):
        estimand.evaluate(never)


def test_observation_cannot_stand_in_for_an_experiment() -> None:
    class Frequencies:
        """Observed shares."""

        states = dict.fromkeys(("X", "Y"), BITS)

        def table(self, names: Sequence[str]) -> NDArray[np.float64]:
            """Give uniform ones."""
            return np.full([2] * len(names), 0.5 ** len(names))

    bow = ADMG([("X", "Y")], [("X", "Y")])
    estimand = answered(bow, "P(Y=1 | do(X=1))", [("X",)]).estimand
    with pytest.raises(QueryError, match="needs experiments that set X"):
        estimand.evaluate(Frequencies())


def test_every_step_says_what_licenses_it() -> None:
    steps = answered(BACK_DOOR, "P(Y[X=0]=1 | X=1)").derivation
    assert [step.rule for step in steps[:4]] == ["worlds", "one variable", "condition", "districts"]
    assert steps[-1].statement.endswith("/ (P(X=1))")
    assert "each fits into one world" in steps[3].licence


def test_conditions_apart_from_the_outcome_drop_out() -> None:
    steps = answered(ADMG([("X", "Y")]), "P(Y[X=0]=1 | X=1)").derivation
    assert any("independent of the outcome" in step.licence for step in steps)


def test_a_conflict_and_a_thicket_end_the_derivation() -> None:
    bow = ADMG([("X", "Y")], [("X", "Y")])
    conflict = identify(bow, "P(Y[X=0]=1 | X=1)")
    assert conflict.derivation[-1].rule == "conflicting worlds"
    assert "shpitser2008" in conflict.references
    thicket = identify(bow, "P(Y | do(X))", experiments=[()])
    assert isinstance(thicket, NotIdentified)
    assert isinstance(thicket.obstruction, Thicket)
    assert thicket.derivation[-1].rule == "hedge"


def test_an_experiment_shows_all_that_it_sets() -> None:
    """Q[Y] does not depend on Z, but the distribution that it is read from does set Z."""
    graph = ADMG([("Z", "W"), ("W", "Y")], [("Z", "Y")])
    verdict = answered(graph, "P(Y | do(W))", [("Z",)])
    assert str(verdict) == "P(Y | do(W)) = P(Y | do(Z), W) for any Z"
    with_z = answered(graph, "P(Y[W=1]=1, W[Z=0]=1)", [("Z",)])
    assert "do(Z=0)" in str(with_z.estimand)


def test_a_value_never_takes_the_name_of_a_variable() -> None:
    graph = ADMG([("X", "Y")], nodes=["Y#0", "Y#1", "X#0", "X#1"])
    assert str(answered(graph, "P(Y[X=0]=1)").estimand) == "P(Y=1 | X=0)"


def test_a_formula_with_sums_inside_keeps_its_own_names(model: SCM) -> None:
    napkin = ADMG([("W", "R"), ("R", "X"), ("X", "Y")], [("W", "X"), ("W", "Y")])
    verdict = answered(napkin, "P(Y=1 | do(X=1))", [()])
    assert str(verdict) == (
        "P(Y=1 | do(X=1)) = (sum_{W} P(X=1, Y=1 | W, R) P(W)) / (sum_{W} P(X=1 | W, R) P(W)) "
        "for any R"
    )
