"""identify: what it accepts, what it answers, what the answers say of themselves."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from causal_interface_gym.causal.enumeration import enumerate_joint
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identification import Identified, NotIdentified, identify
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import InferenceError, QueryError, UnknownVariableError
from tests.oracle.models import admg_model

BOW = ADMG([("X", "Y")], [("X", "Y")])
BACK_DOOR = ADMG([("Z", "X"), ("Z", "Y"), ("X", "Y")])
FRONT_DOOR = ADMG([("X", "M"), ("M", "Y")], [("X", "Y")])


def test_text_and_query_give_the_same_answer() -> None:
    query = Query.of(outcome={"Y": 1}, do={"X": 0})
    assert identify(BACK_DOOR, query) == identify(BACK_DOOR, "P(Y=1 | do(X=0))")


def test_the_answer_states_the_equation_with_the_querys_values() -> None:
    answer = identify(BACK_DOOR, "P(Y=1 | do(X=1))")
    assert str(answer) == "P(Y=1 | do(X=1)) = sum_{Z} P(Y=1 | X=1, Z) P(Z)"


def test_a_variable_that_may_take_any_state_is_named() -> None:
    napkin = ADMG([("W", "R"), ("R", "X"), ("X", "Y")], [("W", "X"), ("W", "Y")])
    assert str(identify(napkin, "P(Y | do(X))")).endswith("for any R")


def test_no_action_is_a_matter_of_seeing() -> None:
    answer = identify(BOW, "P(Y | X)")
    assert isinstance(answer, Identified)
    assert str(answer.estimand) == "P(Y | X)"
    assert [step.rule for step in answer.derivation] == ["seeing"]


def test_an_action_without_effect_is_dropped() -> None:
    answer = identify(BOW, "P(X | do(Y))")
    assert isinstance(answer, Identified)
    assert str(answer.estimand) == "P(X)"
    assert [step.rule for step in answer.derivation] == ["actions without effect"]


def test_only_the_actions_next_to_the_outcome_count() -> None:
    chain = ADMG([("A", "B"), ("B", "C")], [("A", "B")])
    assert str(identify(chain, "P(C | do(A, B))")) == "P(C | do(A, B)) = P(C | B)"


def test_unconfounded_doing_is_seeing() -> None:
    answer = identify(ADMG([("X", "M"), ("M", "Y")]), "P(Y | do(X))")
    assert str(answer) == "P(Y | do(X)) = P(Y | X)"


def test_the_bow_is_not_identified() -> None:
    answer = identify(BOW, "P(Y=1 | do(X=1))")
    assert isinstance(answer, NotIdentified)
    assert answer.hedge.forest == {"X", "Y"}
    assert answer.hedge.subforest == answer.hedge.root == {"Y"}
    assert str(answer).startswith("P(Y=1 | do(X=1)) is not identified: forest {X, Y}")
    assert answer.derivation[-1].rule == "hedge"
    assert answer.witness is answer.witness


@pytest.mark.parametrize(
    "graph",
    [
        ADMG([("Z", "X"), ("X", "Y")], [("X", "Y")]),
        ADMG([("X", "M"), ("M", "Y")], [("X", "M")]),
    ],
    ids=["instrument", "confounded mediator"],
)
def test_neither_an_instrument_nor_a_confounded_mediator_identifies(graph: ADMG) -> None:
    assert isinstance(identify(graph, "P(Y | do(X))"), NotIdentified)


def test_references_are_bibliography_keys() -> None:
    assert identify(FRONT_DOOR, "P(Y | do(X))").references == ("shpitser2006", "tian2002")


def test_every_answer_says_what_it_is_computed_from() -> None:
    assert identify(BOW, "P(Y | do(X))").input == "P(v)"
    assert identify(BOW, "P(Y[X=0]=1)", experiments="all").input == "all experiments"
    some = identify(BOW, "P(Y | do(X))", experiments=[(), "X"])
    assert some.input == "P(v), P(v | do(X))"


def test_a_refusal_without_a_hedge_says_what_it_has_instead() -> None:
    verdict = identify(BOW, "P(Y[X=0]=1 | X=1)")
    assert isinstance(verdict, NotIdentified)
    with pytest.raises(InferenceError, match="read obstruction"):
        _ = verdict.hedge


def test_a_random_action_is_refused_with_the_way_out() -> None:
    with pytest.raises(QueryError, match="average"):
        identify(BOW, "P(Y | do(X ~ {0: 0.5, 1: 0.5}))")


@pytest.mark.parametrize("query", ["P(Y=1, Y=0)", "P(Y | do(X), Z=1, Z=0)", "P(Y | do(X), X)"])
def test_a_variable_named_twice_is_refused(query: str) -> None:
    with pytest.raises(QueryError):
        identify(BACK_DOOR, query)


def test_an_unknown_variable_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownVariableError, match="Y"):
        identify(BOW, "P(Yy | do(X))")


def test_a_deep_graph_needs_no_recursion() -> None:
    n = 1200
    names = [f"V{i}" for i in range(n)]
    arrows = list(pairwise(names))
    arcs = list(zip(names, names[2:], strict=False))
    answer = identify(ADMG(arrows, arcs), f"P({names[-1]} | do({names[0]}))")
    assert isinstance(answer, Identified)
    assert len(answer.derivation) > 2


@st.composite
def questions(draw: st.DrawFn) -> tuple[ADMG, list[str], list[str], list[str]]:
    """Draw a graph of 3 to 6 nodes and disjoint treatments, outcomes and givens."""
    names = list("ABCDEF"[: draw(st.integers(3, 6))])
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    arrows = [pair for pair in pairs if draw(st.booleans())]
    arcs = draw(st.lists(st.sampled_from(pairs), max_size=4, unique=True))
    mixed = draw(st.permutations(names))
    n_do, n_out = draw(st.integers(1, 2)), 1
    n_given = draw(st.integers(0, min(2, len(names) - n_do - n_out)))
    do, out = mixed[:n_do], mixed[n_do : n_do + n_out]
    return ADMG(arrows, arcs, names), do, out, mixed[n_do + n_out :][:n_given]


@given(questions(), st.integers(0, 2**32 - 1))
def test_estimands_equal_enumeration_and_refusals_carry_a_true_witness(
    question: tuple[ADMG, list[str], list[str], list[str]], seed: int
) -> None:
    graph, do, out, given_ = question
    answer = identify(graph, Query.of(outcome=out, do=do, given=given_))
    if isinstance(answer, Identified):
        model = admg_model(np.random.default_rng(seed), graph)
        values = {v: model.states[v][0] for v in (*out, *do, *given_)}
        joint = enumerate_joint(model, do={v: values[v] for v in do}, limit=2**20)
        truth = _total(model, joint, [*out, *given_]) / _total(model, joint, given_)
        assert answer.estimand.evaluate(model, values) == pytest.approx(truth, abs=1e-9)
    else:
        witness = answer.witness
        numbers = [model.p(witness.query) for model in (witness.first, witness.second)]
        assert numbers == pytest.approx([witness.p_first, witness.p_second], abs=1e-12)
        assert abs(numbers[0] - numbers[1]) > 1e-6


def _total(model: SCM, joint: NDArray[np.float64], first: list[str]) -> float:
    """Sum the cells in which some variables have their first state."""
    return float(joint[tuple(0 if v in first else slice(None) for v in model.nodes)].sum())
