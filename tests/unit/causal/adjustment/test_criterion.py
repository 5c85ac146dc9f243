"""The generalized and the back-door criterion: published cases, reasons, and the oracle."""

import itertools

import pytest
from hypothesis import given, settings

from causal_interface_gym.causal.adjustment import (
    DescendantOfTreatment,
    ForbiddenNode,
    OpenBackdoor,
    is_adjustment_set,
    is_backdoor_set,
)
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.errors import QueryError, UnknownVariableError
from tests.strategies.paths import Case, Drawing, cases, subsets

# Pearl 2009, figure 3.4, with the treatment X and the outcome Y.
PEARL = ADMG(
    [
        ("X1", "X3"),
        ("X1", "X4"),
        ("X2", "X4"),
        ("X2", "X5"),
        ("X3", "X"),
        ("X4", "X"),
        ("X4", "Y"),
        ("X5", "Y"),
        ("X", "X6"),
        ("X6", "Y"),
    ]
)


@pytest.mark.parametrize("adjustment", [("X3", "X4"), ("X4", "X5")])
def test_pearls_two_back_door_sets_are_valid(adjustment: tuple[str, str]) -> None:
    assert is_backdoor_set(PEARL, adjustment, treatment="X", outcome="Y")
    assert is_adjustment_set(PEARL, adjustment, treatment="X", outcome="Y")


def test_pearls_x4_alone_opens_a_path() -> None:
    check = is_backdoor_set(PEARL, "X4", treatment="X", outcome="Y")
    assert not check
    assert check.reason == (
        "the non-causal path X <- X3 <- X1 -> X4 <- X2 -> X5 -> Y is open: "
        "X3 is a chain and is not given; X1 is a fork and is not given; "
        "X4 is a collider and is given; X2 is a fork and is not given; "
        "X5 is a chain and is not given"
    )


def test_pearls_mediator_is_forbidden() -> None:
    check = is_adjustment_set(PEARL, ["X3", "X4", "X6"], treatment="X", outcome="Y")
    assert check.failures == (ForbiddenNode("X6", ("X", "X6", "Y"), ("X6",)),)
    assert str(check) == (
        "{X3, X4, X6} cannot be adjusted for: X6 lies on the causal path X -> X6 -> Y"
    )


def test_a_descendant_of_a_mediator_is_forbidden_with_its_descent() -> None:
    graph = ADMG([("X", "M"), ("M", "Y"), ("M", "D"), ("D", "E")])
    check = is_adjustment_set(graph, ["E"], treatment="X", outcome="Y")
    assert check.reason == (
        "E is a descendant of M (M -> D -> E), which lies on the causal path X -> M -> Y"
    )


def test_m_bias_needs_nothing_and_is_biased_by_its_collider() -> None:
    graph = ADMG([("A", "X"), ("A", "C"), ("B", "C"), ("B", "Y"), ("X", "Y")])
    assert is_adjustment_set(graph, [], treatment="X", outcome="Y")
    (failure,) = is_adjustment_set(graph, ["C"], treatment="X", outcome="Y").failures
    assert isinstance(failure, OpenBackdoor)
    assert str(failure.path) == "X <- A -> C <- B -> Y"
    for pair in (["A", "C"], ["B", "C"]):
        assert is_adjustment_set(graph, pair, treatment="X", outcome="Y")


def test_a_butterfly_collider_between_hidden_causes_fails_as_in_dagitty() -> None:
    # DAGitty's test: x <-> m <-> y, x -> y; m cannot be adjusted for, nothing can.
    graph = ADMG([("x", "y")], [("x", "m"), ("m", "y")])
    assert not is_adjustment_set(graph, ["m"], treatment="x", outcome="y")
    assert is_adjustment_set(graph, [], treatment="x", outcome="y")


def test_the_bow_has_no_valid_set() -> None:
    bow = ADMG([("X", "Y")], [("X", "Y")])
    check = is_adjustment_set(bow, [], treatment="X", outcome="Y")
    assert check.reason == "the non-causal path X <-> Y is open: its ends are adjacent"


def test_a_descendant_of_the_treatment_off_the_causal_paths_is_barred_by_pearl_only() -> None:
    graph = ADMG([("X", "Y"), ("X", "D"), ("D", "E")])
    assert is_adjustment_set(graph, ["E"], treatment="X", outcome="Y")
    check = is_backdoor_set(graph, ["E"], treatment="X", outcome="Y")
    assert check.failures == (DescendantOfTreatment("E", ("X", "D", "E")),)
    assert check.reason == "E is a descendant of the treatment: X -> D -> E"


def test_every_failure_is_listed() -> None:
    graph = ADMG([("X", "M"), ("M", "Y"), ("Y", "D"), ("Z", "X"), ("Z", "Y")])
    check = is_adjustment_set(graph, ["M", "D"], treatment="X", outcome="Y")
    kinds = [type(failure) for failure in check.failures]
    assert kinds == [ForbiddenNode, ForbiddenNode, OpenBackdoor]


def test_a_good_set_says_so() -> None:
    check = is_adjustment_set(PEARL, ["X4", "X3"], treatment="X", outcome="Y")
    assert str(check) == "{X3, X4} can be adjusted for: it meets the criterion"


def test_roles_must_be_filled_known_and_disjoint() -> None:
    with pytest.raises(QueryError, match="treatment is empty"):
        is_adjustment_set(PEARL, [], treatment=[], outcome="Y")
    with pytest.raises(QueryError, match="outcome is empty"):
        is_adjustment_set(PEARL, [], treatment="X", outcome=())
    with pytest.raises(QueryError, match="'Y' cannot be both in outcome and in include"):
        is_adjustment_set(PEARL, ["Y"], treatment="X", outcome="Y")
    with pytest.raises(UnknownVariableError, match="did you mean"):
        is_backdoor_set(PEARL, ["X33"], treatment="X", outcome="Y")


@pytest.mark.oracle
@settings(max_examples=150)
@given(cases())
def test_the_criterion_equals_its_definition_on_every_subset(case: Case) -> None:
    valid = Drawing.of(case.graph).adjustment_sets(case.x, case.y, case.rest)
    for z in subsets(case.rest):
        check = is_adjustment_set(case.graph, z, treatment=case.x, outcome=case.y)
        assert bool(check) == (z in valid)


@pytest.mark.oracle
@settings(max_examples=100)
@given(cases())
def test_the_back_door_criterion_equals_its_definition_on_every_subset(case: Case) -> None:
    drawing = Drawing.of(case.graph)
    barred = drawing.affected(case.x)
    for z in subsets(case.rest):
        expected = not z & barred and all(
            drawing.without_outgoing([x]).separated([x], case.y, z) for x in case.x
        )
        assert bool(is_backdoor_set(case.graph, z, treatment=case.x, outcome=case.y)) == expected


@settings(max_examples=100)
@given(cases(most=7))
def test_reasons_are_true_of_the_graph(case: Case) -> None:
    drawing = Drawing.of(case.graph)
    arrows = set(case.graph.directed)
    check = is_adjustment_set(case.graph, case.include, treatment=case.x, outcome=case.y)
    for failure in check.failures:
        if isinstance(failure, ForbiddenNode):
            path, descent = failure.causal_path, failure.descent
            assert path in {walk.nodes for walk in drawing.causal_paths(case.x, case.y)}
            assert set(itertools.pairwise(descent)) <= arrows
            assert descent[0] in path[1:]
            assert descent[-1] == failure.node
        else:
            assert isinstance(failure, OpenBackdoor)
            assert failure.path


@settings(max_examples=100)
@given(cases(most=7))
def test_a_back_door_set_for_one_treatment_is_an_adjustment_set(case: Case) -> None:
    roles = {"treatment": min(case.x), "outcome": case.y}
    if is_backdoor_set(case.graph, case.include, **roles):
        assert is_adjustment_set(case.graph, case.include, **roles)
