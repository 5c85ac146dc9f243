"""The optimal set: published cases, validity, and the separations that prove it best."""

import pytest
from hypothesis import given, settings

from causal_interface_gym.causal.adjustment import (
    HiddenCause,
    NoAdjustmentSet,
    NoCausalPath,
    optimal_adjustment_set,
)
from causal_interface_gym.causal.graph import ADMG
from tests.strategies.paths import Case, Drawing, cases


def test_it_holds_the_causes_of_the_outcome_rather_than_of_the_treatment() -> None:
    graph = ADMG([("A", "X"), ("A", "B"), ("B", "Y"), ("X", "Y"), ("R", "Y"), ("P", "X")])
    assert optimal_adjustment_set(graph, treatment="X", outcome="Y") == frozenset({"B", "R"})


def test_it_takes_in_the_parents_of_mediators_but_no_mediator() -> None:
    graph = ADMG([("X", "M"), ("M", "Y"), ("W", "M"), ("V", "Y")])
    assert optimal_adjustment_set(graph, treatment="X", outcome="Y") == frozenset({"W", "V"})


def test_without_a_causal_path_none_is_defined() -> None:
    graph = ADMG([("Z", "X"), ("Z", "Y")])
    found = optimal_adjustment_set(graph, treatment="X", outcome="Y")
    assert found == NoCausalPath("Y")
    assert str(found) == "no set is optimal: the treatment has no proper causal path to Y"


def test_a_hidden_cause_of_a_causal_node_leaves_it_open() -> None:
    graph = ADMG([("X", "Y"), ("Z", "X")], [("Z", "Y"), ("W", "Y")])
    found = optimal_adjustment_set(graph, treatment="X", outcome="Y")
    assert found == HiddenCause("Y", "Z")
    assert str(found) == (
        "no set is known to be optimal: Y is on a causal path and shares a hidden cause with Z"
    )


def test_a_hidden_cause_that_ends_at_a_forbidden_node_does_no_harm() -> None:
    graph = ADMG([("X", "M"), ("M", "Y"), ("W", "Y")], [("M", "Y")])
    assert optimal_adjustment_set(graph, treatment="X", outcome="Y") == frozenset({"W"})


def test_the_bow_has_no_set_at_all() -> None:
    bow = ADMG([("X", "Y")], [("X", "Y")])
    assert isinstance(optimal_adjustment_set(bow, treatment="X", outcome="Y"), NoAdjustmentSet)


@pytest.mark.oracle
@settings(max_examples=200)
@given(cases())
def test_it_is_valid_and_beats_every_valid_set_by_the_published_separations(case: Case) -> None:
    drawing = Drawing.of(case.graph)
    valid = drawing.adjustment_sets(case.x, case.y, case.rest)
    best = optimal_adjustment_set(case.graph, treatment=case.x, outcome=case.y)
    if isinstance(best, frozenset):
        assert best in valid
        for z in valid:
            assert drawing.separated(case.y, z - best, best | case.x)
            assert drawing.separated(case.x, best - z, z)
    elif isinstance(best, NoAdjustmentSet):
        assert not valid


@settings(max_examples=100)
@given(cases(arcs=False))
def test_in_a_dag_it_exists_whenever_any_set_does(case: Case) -> None:
    drawing = Drawing.of(case.graph)
    best = optimal_adjustment_set(case.graph, treatment=case.x, outcome=case.y)
    assert not isinstance(best, HiddenCause)
    if case.y <= drawing.causal_nodes(case.x, case.y):
        valid = drawing.adjustment_sets(case.x, case.y, case.rest)
        assert isinstance(best, frozenset) == bool(valid)
