"""Finding adjustment sets: published cases, the oracle over all subsets, laziness, hash seeds."""

import os
import subprocess
import sys
from itertools import combinations, islice

import pytest
from hypothesis import given, settings

from causal_interface_gym.causal.adjustment import (
    NoAdjustmentSet,
    OpenBackdoor,
    adjustment_sets,
    is_adjustment_set,
    minimal_adjustment_set,
)
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.errors import QueryError
from tests.strategies.paths import Case, Drawing, cases, minimal


def listed(graph: ADMG, treatment: object = "X", outcome: object = "Y") -> list[list[str]]:
    """Sort the sets and their members."""
    found = adjustment_sets(graph, treatment=treatment, outcome=outcome)  # type: ignore[arg-type] # names
    return sorted(sorted(z) for z in found)


M_BIAS = ADMG([("A", "X"), ("A", "C"), ("B", "C"), ("B", "Y")])


def test_m_bias_needs_nothing() -> None:
    assert listed(M_BIAS) == [[]]


def test_m_bias_with_its_collider_forced_has_dagittys_two_sets() -> None:
    found = adjustment_sets(M_BIAS, treatment="X", outcome="Y", include="C")
    assert sorted(sorted(z) for z in found) == [["A", "C"], ["B", "C"]]


def test_the_bow_has_none_and_says_why() -> None:
    bow = ADMG([("X", "Y")], [("X", "Y")])
    assert listed(bow) == []
    reason = minimal_adjustment_set(bow, treatment="X", outcome="Y")
    assert str(reason) == (
        "no adjustment set exists: no allowed set closes the non-causal path X <-> Y is open: "
        "its ends are adjacent"
    )


def test_pearls_figure_has_its_four_minimal_sets() -> None:
    # Pearl 2009, figure 3.4; the book names {X3, X4} and {X4, X5}.
    graph = ADMG(
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
    assert listed(graph) == [["X1", "X4"], ["X2", "X4"], ["X3", "X4"], ["X4", "X5"]]


def test_a_mediator_is_never_the_minimal_set() -> None:
    # A library's answer was {v2}, a mediator, under some hash seeds.
    graph = ADMG([("v0", "v1"), ("v0", "v2"), ("v1", "v2"), ("v1", "v3"), ("v2", "v3")])
    assert minimal_adjustment_set(graph, treatment="v1", outcome="v3") == frozenset({"v0"})


def test_a_confounder_is_not_forgotten() -> None:
    # A library listed the empty set as a back-door set of a confounded pair.
    graph = ADMG([("L", "X"), ("L", "Y"), ("X", "Y")])
    assert listed(graph) == [["L"]]


def test_dagittys_joint_treatment_example() -> None:
    graph = ADMG(
        [
            *[("C", "Y1"), ("C", "m"), ("X1", "X2"), ("X1", "Y2"), ("Y2", "Y1")],
            *[("X2", "Y1"), ("X1", "m2"), ("m2", "m"), ("m", "X2")],
        ]
    )
    assert listed(graph, ["X1", "X2"], ["Y1", "Y2"]) == [["C"], ["m", "m2"]]


SHRIER_PLATT = {
    "Coach": "FitnessLevel TeamMotivation",
    "Genetics": "FitnessLevel NeuromuscularFatigue ConnectiveTissueDisorder",
    "TeamMotivation": "PreviousInjury WarmUpExercises",
    "PreGameProprioception": "WarmUpExercises",
    "ConnectiveTissueDisorder": "TissueWeakness NeuromuscularFatigue",
    "ContactSport": "IntraGameProprioception PreviousInjury",
    "TissueWeakness": "Injury",
    "IntraGameProprioception": "Injury",
    "FitnessLevel": "PreGameProprioception NeuromuscularFatigue",
    "NeuromuscularFatigue": "IntraGameProprioception Injury",
    "WarmUpExercises": "IntraGameProprioception",
}
POLZER = {
    "ToothLoss": "Mortality",
    "Periodontitis": "ToothLoss",
    "Caries": "ToothLoss",
    "Diabetes": "Mortality Periodontitis Hypertension Lipids",
    "Obesity": "Mortality Periodontitis Diabetes Hypertension Lipids",
    "Hypertension": "Mortality",
    "Psychosocial": "ToothLoss Mortality Periodontitis Caries Diabetes Obesity Hypertension "
    "Alcohol Smoking Sport Lipids",
    "Age": "ToothLoss Mortality Periodontitis Caries Diabetes Obesity Hypertension Psychosocial "
    "Alcohol Smoking Sport Lipids",
    "Sex": "ToothLoss Mortality Periodontitis Caries Diabetes Obesity Hypertension Psychosocial "
    "Alcohol Smoking Sport Lipids",
    "Alcohol": "ToothLoss Mortality Diabetes Obesity Hypertension Smoking Lipids",
    "Smoking": "ToothLoss Mortality Periodontitis Diabetes Obesity Hypertension Sport",
    "Sport": "Mortality Periodontitis Diabetes Obesity Hypertension Lipids",
    "Lipids": "Mortality",
}


def graph_of(children: dict[str, str]) -> ADMG:
    """Build a DAG from each node's children."""
    return ADMG([(a, b) for a, listing in children.items() for b in listing.split()])


def test_shrier_and_platt_2008() -> None:
    graph = graph_of(SHRIER_PLATT)
    roles = {"treatment": "WarmUpExercises", "outcome": "Injury"}
    found = list(adjustment_sets(graph, **roles))
    # The paper's choice, and its warning that a measured risk factor can mislead.
    assert frozenset({"NeuromuscularFatigue", "TissueWeakness"}) in found
    assert frozenset({"TeamMotivation", "PreGameProprioception"}) == found[0]
    assert is_adjustment_set(graph, [], **roles).failures
    assert not is_adjustment_set(graph, ["PreviousInjury", "FitnessLevel"], **roles)


def test_polzer_et_al_2012_as_dagitty_lists_it() -> None:
    common = {"Age", "Alcohol", "Psychosocial", "Sex", "Smoking"}
    found = set(adjustment_sets(graph_of(POLZER), treatment="ToothLoss", outcome="Mortality"))
    assert found == {
        frozenset(common | {"Diabetes", "Obesity", "Sport"}),
        frozenset(common | {"Periodontitis"}),
    }


def test_a_forced_node_that_is_forbidden_is_the_reason() -> None:
    chain = ADMG([("X", "M"), ("M", "Y")])
    roles = {"treatment": "X", "outcome": "Y", "include": "M"}
    assert list(adjustment_sets(chain, **roles)) == []
    reason = minimal_adjustment_set(chain, **roles)
    assert str(reason) == "no adjustment set includes M: M lies on the causal path X -> M -> Y"


def test_barred_nodes_leave_the_path_open_that_needed_them() -> None:
    graph = ADMG([("Z", "X"), ("Z", "Y"), ("X", "Y")])
    found = minimal_adjustment_set(graph, treatment="X", outcome="Y", exclude=["Z"])
    assert isinstance(found, NoAdjustmentSet)
    assert isinstance(found.reason, OpenBackdoor)
    assert str(found.reason.path) == "X <- Z -> Y"


def test_a_node_cannot_be_forced_and_barred() -> None:
    graph = ADMG([("Z", "X"), ("X", "Y")])
    with pytest.raises(QueryError, match="cannot be both in include and in exclude"):
        adjustment_sets(graph, treatment="X", outcome="Y", include="Z", exclude="Z")


def test_the_first_of_exponentially_many_sets_comes_at_once() -> None:
    # 40 back-door paths of three nodes each: 3^40 minimal sets.
    edges = [("X", "Y")]
    for i in range(40):
        a, b, c = f"A{i}", f"B{i}", f"C{i}"
        edges += [(b, a), (b, c), (a, "X"), (c, "Y")]
    graph = ADMG(edges)
    some = list(islice(adjustment_sets(graph, treatment="X", outcome="Y"), 50))
    assert some[0] == {f"A{i}" for i in range(40)}
    assert len(set(some)) == 50
    for one, other in combinations(some, 2):
        assert not one <= other
    for z in some:
        assert is_adjustment_set(graph, z, treatment="X", outcome="Y")


@pytest.mark.oracle
@settings(max_examples=200)
@given(cases())
def test_all_minimal_sets_are_found_once_and_nothing_else(case: Case) -> None:
    valid = Drawing.of(case.graph).adjustment_sets(case.x, case.y, case.rest)
    bounds = {"include": case.include, "exclude": case.exclude}
    within = [z for z in valid if case.include <= z and not case.exclude & z]
    for given_bounds, expected in (({}, minimal(valid)), (bounds, minimal(within))):
        found = list(adjustment_sets(case.graph, treatment=case.x, outcome=case.y, **given_bounds))
        one = minimal_adjustment_set(case.graph, treatment=case.x, outcome=case.y, **given_bounds)
        assert len(found) == len(set(found))
        assert set(found) == expected
        assert isinstance(one, NoAdjustmentSet) if not found else one == found[0]


@settings(max_examples=60)
@given(cases(most=12))
def test_larger_graphs_give_valid_sets_that_lose_it_with_any_member(case: Case) -> None:
    roles = {"treatment": case.x, "outcome": case.y}
    for z in islice(adjustment_sets(case.graph, **roles), 20):
        assert is_adjustment_set(case.graph, z, **roles)
        assert not any(is_adjustment_set(case.graph, z - {v}, **roles) for v in z)


SCRIPT = """
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.adjustment import *
edges = {(f"V{i}", f"V{j}") for i in range(9) for j in range(i + 1, 9) if (3 * i + 5 * j) % 4 == 0}
graph = ADMG(edges, {("V0", "V8"), ("V1", "V2")})
roles = {"treatment": "V3", "outcome": "V7"}
print([sorted(z) for z in adjustment_sets(graph, **roles)])
print(minimal_adjustment_set(graph, **roles) and adjustment_report(graph, **roles))
print([sorted(z) for z in frontdoor_sets(graph, **roles)])
print(*instruments(graph, **roles), *implied_independencies(graph), sep="; ")
"""


def test_every_hash_seed_gives_the_same_answers() -> None:
    outputs = set()
    for seed in ("0", "1", "2", "3"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT], env=environment, check=True, capture_output=True
        )
        outputs.add(run.stdout)
    assert len(outputs) == 1
    assert b"V" in outputs.pop()
