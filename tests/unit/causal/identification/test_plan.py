"""Plans: what they state, how they are evaluated, what is refused."""

import numpy as np
import pytest

from causal_interface_gym.causal import ADMG, SCM, Source, identify_plan
from causal_interface_gym.causal.identification import (
    Evaluated,
    IdentifiedPlan,
    NotIdentifiedPlan,
)
from causal_interface_gym.causal.mechanism import Table
from causal_interface_gym.errors import CycleError, QueryError, UnknownVariableError
from tests.oracle.models import admg_model

BACK_DOOR = ADMG([("Z", "X"), ("Z", "Y"), ("X", "Y")])
TWO_STAGES = ADMG([("X1", "Z"), ("Z", "X2"), ("X1", "Y"), ("X2", "Y"), ("Z", "Y")])


@pytest.fixture
def model() -> SCM:
    return admg_model(np.random.default_rng(1), BACK_DOOR)


def identified(graph: ADMG, plan: dict[str, list[str]]) -> IdentifiedPlan:
    answer = identify_plan(graph, "Y", plan)
    assert isinstance(answer, IdentifiedPlan)
    return answer


def rows(
    rng: np.random.Generator, *shape: int
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return rng.dirichlet(np.ones(shape[-1]), shape[:-1])


def test_the_value_is_that_of_the_model_which_follows_the_plan(model: SCM) -> None:
    answer = identified(BACK_DOOR, {"X": ["Z"]})
    policy = rows(np.random.default_rng(0), len(model.states["Z"]), len(model.states["X"]))
    followed = model.change({"X": Table(("Z",), policy)})
    table = answer.evaluate(model, {"X": policy})
    assert isinstance(table, Evaluated)
    assert table.values == pytest.approx(followed.table(["Y"]))
    assert answer.evaluate({"": model}, {"X": policy}, {"Y": "1"}) == pytest.approx(
        followed.p("Y=1")
    )


def test_two_actions_in_turn_keep_their_own_tables() -> None:
    answer = identified(TWO_STAGES, {"X1": [], "X2": ["X1", "Z"]})
    assert str(answer) == (
        "P(Y | do(X1 := plan(), X2 := plan(X1, Z))) = sum_{X1, Z, X2} P_plan(X2 | X1, Z) "
        "P_plan(X1) P(Y | X1, Z, X2) P(Z | X1)"
    )
    model = admg_model(np.random.default_rng(2), TWO_STAGES)
    sizes = {v: len(labels) for v, labels in model.states.items()}
    rng = np.random.default_rng(0)
    policy = {"X1": rows(rng, sizes["X1"]), "X2": rows(rng, sizes["X1"], sizes["Z"], sizes["X2"])}
    tables = {"X1": Table((), policy["X1"]), "X2": Table(("X1", "Z"), policy["X2"])}
    table = answer.evaluate(model, policy)
    assert isinstance(table, Evaluated)
    assert table.values == pytest.approx(model.change(tables).table(["Y"]))


def test_an_action_that_does_not_matter_has_no_table_in_the_formula() -> None:
    graph = ADMG([("X", "Y")], nodes=["W"])
    assert str(identified(graph, {"X": [], "W": ["X"]}).expression) == "sum_{X} P_plan(X) P(Y | X)"
    assert str(identified(graph, {"W": []}).expression) == "P(Y)"
    assert "P_plan(X)" in identified(graph, {"X": []}).derivation[0].statement


def test_a_plan_may_be_identified_where_its_district_meets_no_action() -> None:
    steps = identified(BACK_DOOR, {"X": ["Z"]}).derivation
    assert [step.rule for step in steps] == [
        "plan",
        "district of the past",
        "district of the past",
        "result",
    ]
    assert identified(BACK_DOOR, {"X": ["Z"]}).input == "P(v)"


def test_a_refusal_has_a_thicket_and_two_models_that_a_plan_tells_apart() -> None:
    graph = ADMG([("Z", "X"), ("Z", "Y"), ("X", "Y")], [("X", "Y")])
    answer = identify_plan(graph, ["Y"], {"X": ["Z"]})
    assert isinstance(answer, NotIdentifiedPlan)
    assert "is not identified: no source determines Q[Y]" in str(answer)
    assert answer.derivation[-1].rule == "hedge"
    pair = answer.witness
    numbers = [
        m.change({"X": Table(("Z",), pair.policy["X"])}).p(pair.query)
        for m in (pair.first, pair.second)
    ]
    assert numbers == pytest.approx([pair.p_first, pair.p_second])
    assert abs(numbers[0] - numbers[1]) > 1e-3
    assert pair.is_checked


def test_an_experiment_on_the_action_helps() -> None:
    graph = ADMG([("Z", "X"), ("Z", "Y"), ("X", "Y")], [("X", "Y")])
    sources = [Source(), Source(frozenset({"X"}))]
    answer = identify_plan(graph, "Y", {"X": ["Z"]}, sources=sources)
    assert str(answer).endswith("sum_{Z, X} P_plan(X | Z) P(Y | do(X), Z) P(Z)")
    other = [Source(), Source(frozenset({"X"}), "LA", frozenset({"Y"}))]
    refused = identify_plan(graph, "Y", {"X": ["Z"]}, sources=other)
    assert isinstance(refused, NotIdentifiedPlan)
    assert refused.derivation[-1].reference == "[lee2020]"


def test_what_is_no_plan_is_refused() -> None:
    with pytest.raises(CycleError):
        identify_plan(BACK_DOOR, "Y", {"X": ["Y"]})
    with pytest.raises(UnknownVariableError, match="Q"):
        identify_plan(BACK_DOOR, "Y", {"X": ["Q"]})
    for outcome, plan in (("Y", {}), ([], {"X": []}), ("X", {"X": []})):
        with pytest.raises(QueryError, match="needs an outcome and an action"):
            identify_plan(BACK_DOOR, outcome, plan)


def test_no_population_may_be_called_like_the_plan() -> None:
    with pytest.raises(QueryError, match="cannot be called 'plan'"):
        identify_plan(BACK_DOOR, "Y", {"X": []}, sources=[Source(domain="plan")])


def test_a_table_that_is_none_of_the_plan_is_refused(model: SCM) -> None:
    answer = identified(BACK_DOOR, {"X": ["Z"]})
    n_z, n_x = len(model.states["Z"]), len(model.states["X"])
    with pytest.raises(QueryError, match="needs a table of shape"):
        answer.evaluate(model, {})
    with pytest.raises(QueryError, match="must be a distribution"):
        answer.evaluate(model, {"X": np.full((n_z, n_x), 2.0)})
