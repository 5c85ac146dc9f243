"""Front doors: published cases, every condition's reason, and the oracle over all subsets."""

from itertools import islice, pairwise

import pytest
from hypothesis import given, settings

from causal_interface_gym.causal.adjustment import (
    MissedCausalPath,
    OutcomeBackdoor,
    TreatmentBackdoor,
    frontdoor_sets,
    is_frontdoor_set,
)
from causal_interface_gym.causal.graph import ADMG
from tests.strategies.paths import Case, Drawing, cases, minimal, subsets

SMOKING = ADMG([("X", "M"), ("M", "Y")], [("X", "Y")])


def found(graph: ADMG) -> list[list[str]]:
    """Sort the sets and their members."""
    return sorted(sorted(z) for z in frontdoor_sets(graph, treatment="X", outcome="Y"))


def test_pearls_smoking_graph_has_its_front_door() -> None:
    assert found(SMOKING) == [["M"]]
    check = is_frontdoor_set(SMOKING, "M", treatment="X", outcome="Y")
    assert str(check) == "{M} is a front door: it meets the front-door criterion"


def test_a_mediator_with_a_confounder_needs_it_in_the_set() -> None:
    # The shape of dowhy #971: {M} fails, {M, R} and {M, E} hold.
    graph = ADMG([("X", "M"), ("M", "Y"), ("E", "M"), ("E", "R"), ("R", "Y")], [("X", "Y")])
    assert found(graph) == [["E", "M"], ["M", "R"]]
    check = is_frontdoor_set(graph, "M", treatment="X", outcome="Y")
    (failure,) = check.failures
    assert isinstance(failure, OutcomeBackdoor)
    assert str(failure.path) == "M <- E -> R -> Y"
    assert check.reason.startswith(
        "given the treatment, the back-door path from the set to the outcome M <- E -> R -> Y"
    )
    hidden = ADMG([("X", "M"), ("M", "Y")], [("X", "Y"), ("M", "Y")])
    assert found(hidden) == []


def test_two_parallel_mediators_are_both_needed() -> None:
    graph = ADMG([("X", "A"), ("X", "B"), ("A", "Y"), ("B", "Y")], [("X", "Y")])
    assert found(graph) == [["A", "B"]]
    (failure,) = is_frontdoor_set(graph, ["A"], treatment="X", outcome="Y").failures
    assert failure == MissedCausalPath(("X", "B", "Y"))
    assert str(failure) == "the set misses the directed path X -> B -> Y"


def test_a_confounded_mediator_is_no_front_door() -> None:
    graph = ADMG([("X", "M"), ("M", "Y")], [("X", "M")])
    assert found(graph) == []
    check = is_frontdoor_set(graph, "M", treatment="X", outcome="Y")
    (failure,) = check.failures
    assert isinstance(failure, TreatmentBackdoor)
    assert str(check) == (
        "{M} is not a front door: the back-door path from the treatment to the set "
        "X <-> M is open: its ends are adjacent"
    )


def test_a_direct_effect_leaves_none() -> None:
    assert found(ADMG([("X", "M"), ("M", "Y"), ("X", "Y")], [("X", "Y")])) == []


def test_without_an_effect_the_empty_set_is_the_one_front_door() -> None:
    assert found(ADMG([("X", "M")], [("X", "Y")])) == [[]]


def test_bounds_are_kept() -> None:
    graph = ADMG([("X", "A"), ("A", "B"), ("B", "Y")], [("X", "Y")])
    roles = {"treatment": "X", "outcome": "Y"}
    assert [sorted(z) for z in frontdoor_sets(graph, **roles, include="B")] == [["B"]]
    assert [sorted(z) for z in frontdoor_sets(graph, **roles, exclude="B")] == [["A"]]
    assert list(frontdoor_sets(graph, **roles, exclude=["A", "B"])) == []
    confounded = ADMG([("X", "A"), ("A", "Y")], [("X", "Y"), ("Z", "X")], ["Z"])
    assert list(frontdoor_sets(confounded, **roles, include="Z")) == []


def test_a_set_that_could_lose_a_member_is_not_listed() -> None:
    # {A, C} and {B, C} are front doors too, but C alone is one.
    graph = ADMG([("X", "A"), ("X", "B"), ("A", "C"), ("B", "C"), ("C", "Y")], [("X", "Y")])
    assert is_frontdoor_set(graph, ["A", "C"], treatment="X", outcome="Y")
    assert found(graph) == [["A", "B"], ["C"]]


def test_the_first_set_of_many_comes_at_once() -> None:
    # 25 parallel chains of three mediators: 3^25 minimal front doors.
    edges = []
    for i in range(25):
        chain = ["X", f"A{i}", f"B{i}", f"C{i}", "Y"]
        edges += list(pairwise(chain))
    graph = ADMG(edges, [("X", "Y")])
    some = list(islice(frontdoor_sets(graph, treatment="X", outcome="Y"), 3))
    assert len(set(some)) == 3
    for z in some:
        assert is_frontdoor_set(graph, z, treatment="X", outcome="Y")


def is_front_door(drawing: Drawing, case: Case, z: frozenset[str]) -> bool:
    """Apply Pearl's three conditions to the enumerated paths."""
    meets_all = all(z & set(w.nodes) for w in drawing.directed_paths(case.x, case.y))
    first = drawing.without_outgoing(case.x).separated(case.x, z, frozenset())
    second = drawing.without_outgoing(z).separated(z, case.y, case.x)
    return meets_all and first and second


@pytest.mark.oracle
@settings(max_examples=200)
@given(cases())
def test_the_check_and_the_search_equal_the_definition(case: Case) -> None:
    drawing = Drawing.of(case.graph)
    roles = {"treatment": case.x, "outcome": case.y}
    valid = [z for z in subsets(case.rest) if is_front_door(drawing, case, z)]
    for z in subsets(case.rest):
        assert bool(is_frontdoor_set(case.graph, z, **roles)) == (z in valid)
    bounds = {"include": case.include, "exclude": case.exclude}
    within = [z for z in valid if case.include <= z and not case.exclude & z]
    for given_bounds, expected in (({}, minimal(valid)), (bounds, minimal(within))):
        sets = list(frontdoor_sets(case.graph, **roles, **given_bounds))
        assert len(sets) == len(set(sets))
        assert set(sets) == expected
