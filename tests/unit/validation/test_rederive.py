"""Numbers are derived again by algorithms that share nothing, and a wrong key is named."""

from dataclasses import replace

import numpy as np
import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import ImpossibleEventError, WidthError
from causal_interface_gym.questions.claims import (
    Confounded,
    Determined,
    Direction,
    FromSelected,
    InPopulation,
    IntervalEnd,
)
from causal_interface_gym.questions.question import Asked, Lure, ValidAdjustment
from causal_interface_gym.validation.rederive import (
    EnumeratedModel,
    by_name,
    disagreements,
    items_of,
    key_errors,
    truths,
)

KIDNEY = scenarios.get("kidney-stones-v1")
SMOKING = scenarios.get("smoking-tar-v1").model
EFFECT = "P(recovery=yes | do(treatment=A))"


def slow(model: SCM) -> EnumeratedModel:
    return EnumeratedModel(model.states, model.mechanisms, model.latent)


@pytest.mark.parametrize("name", ["kidney-stones-v1", "asia-v1", "sprinkler-v1", "homework-v1"])
def test_enumerated_tables_are_those_of_elimination(name: str) -> None:
    model = scenarios.get(name).model
    names = model.observed[::-1]
    given = {names[0]: model.states[names[0]][0]}
    expected = model.table(names[1:], given=given)
    assert np.allclose(slow(model).table(names[1:], given=given), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["kidney-stones-v1", "asia-v1", "sprinkler-v1", "drug-lawsuit-v1"])
def test_enumerated_tables_of_an_action_are_those_of_elimination(name: str) -> None:
    model = scenarios.get(name).model
    *free, last = model.observed[::-1]
    action = {last: model.states[last][-1]}
    expected = model.table(free, do=action)
    assert np.allclose(slow(model).table(free, do=action), expected, rtol=0, atol=1e-12)


def test_enumerated_tables_refuse_impossible_conditions() -> None:
    model = SCM.from_tables(
        states={"A": ("0", "1"), "B": ("0", "1")}, tables={"A": [1.0, 0.0], "B": [0.5, 0.5]}
    )
    with pytest.raises(ImpossibleEventError, match="A=1"):
        slow(model).table(["A"], given={"A": "1"})
    with pytest.raises(ImpossibleEventError, match="A=1"):
        slow(model).table(["A"], do={"B": "1"}, given={"A": "1"})


def test_an_effect_behind_a_front_door_is_found_four_ways() -> None:
    question = scenarios.get("smoking-tar-v1").world().questions[0].asked
    found = truths(SMOKING, question)
    assert len(found) == 4
    assert max(found.values()) - min(found.values()) < 1e-12


def test_a_formula_whose_strata_are_empty_is_left_out() -> None:
    model = SCM.from_tables(
        states=dict.fromkeys("ZXY", ("0", "1")),
        parents={"X": ("Z",), "Y": ("X", "Z")},
        tables={"Z": [0.5, 0.5], "X": [[1, 0], [0.5, 0.5]], "Y": [[[0.2, 0.8]] * 2] * 2},
    )
    assert "identification" not in truths(model, Query.parse("Y=1 | do(X=1)"))
    assert "identification" in truths(model, Query.parse("Y=1 | do(X=0)"))


def test_an_effect_that_is_not_identified_has_no_formula() -> None:
    model = SCM.from_tables(
        states=dict.fromkeys("UXY", ("0", "1")),
        parents={"X": ("U",), "Y": ("X", "U")},
        tables={
            "U": [0.5, 0.5],
            "X": [[0.9, 0.1], [0.2, 0.8]],
            "Y": [[[0.1, 0.9], [0.6, 0.4]], [[0.3, 0.7], [0.8, 0.2]]],
        },
        latent={"U"},
    )
    assert set(truths(model, Query.parse("Y=1 | do(X=1)"))) == {
        "elimination",
        "enumeration (comonotone where undeclared)",
        "enumeration (independent where undeclared)",
    }


@pytest.mark.parametrize(
    ("asked", "truth"),
    [
        (ValidAdjustment("treatment", "recovery", ("stone",)), 1.0),
        (ValidAdjustment("treatment", "recovery"), 0.0),
        (Confounded("treatment", "recovery", "yes"), 1.0),
        (Direction("treatment", "recovery", "forward"), 1.0),
        (Direction("treatment", "recovery", "backward"), 0.0),
        (Determined(Query.parse("recovery=yes | do(treatment=A)")), 1.0),
    ],
)
def test_a_claim_is_decided_by_its_criterion_and_by_trying(asked: Asked, truth: float) -> None:
    assert truths(KIDNEY.model, asked) == {"its criterion": truth, "trying": truth}


def test_a_question_from_a_selected_sample_is_one_about_the_population() -> None:
    asked = FromSelected(Query.parse(EFFECT), (("stone", "small"),))
    assert truths(KIDNEY.model, asked) == truths(KIDNEY.model, asked.query)


def test_lures_and_references_come_out_the_same_by_enumeration() -> None:
    fast = by_name(items_of(KIDNEY.model, KIDNEY.families))
    again = by_name(items_of(KIDNEY.model, KIDNEY.families, enumerated=True))
    assert fast.keys() == again.keys()
    assert [e for key in fast for e in key_errors(fast[key], again[key], method="it")] == []


def test_each_part_of_a_key_that_differs_is_named() -> None:
    item = items_of(KIDNEY.model, KIDNEY.families)[0]
    first = item.lures[0]
    changed = {
        "truth": replace(item, truth=item.truth + 1e-6),
        "reference": replace(item, reference=0.123),
        "lure": replace(item, lures=(Lure(first.fallacy, 0.0), *item.lures[1:])),
        "lures": replace(item, lures=(Lure("invented", 0.0),)),
        "question": replace(item, family="nothing"),
    }
    for part, stored in changed.items():
        errors = list(key_errors(stored, item, method="elimination"))
        assert len(errors) == 1
        assert f"the stored {part}" in errors[0]


def test_a_wrong_truth_is_named_once_for_each_algorithm_that_finds_another() -> None:
    item = items_of(KIDNEY.model, KIDNEY.families)[0]
    assert list(disagreements(KIDNEY.model, item)) == []
    wrong = list(disagreements(KIDNEY.model, replace(item, truth=item.truth + 0.01)))
    assert len(wrong) == len(truths(KIDNEY.model, item.asked))


def wide_model(n_parents: int) -> SCM:
    names = [f"A{i}" for i in range(n_parents)]
    return SCM.from_tables(
        states=dict.fromkeys((*names, "Y"), ("0", "1")),
        parents={"Y": tuple(names)},
        tables={
            **{name: [0.5, 0.5] for name in names},
            "Y": np.tile([0.25, 0.75], (*[2] * n_parents, 1)),
        },
    )


def test_a_coupling_that_is_too_wide_is_left_out_and_the_other_stands() -> None:
    query = Query.parse("Y[A0=1]=1 | A0=1")
    assert list(truths(wide_model(5), query))[1:] == ["enumeration (comonotone where undeclared)"]


def test_a_truth_that_no_enumeration_reaches_is_refused() -> None:
    states = {f"V{i}": ("0", "1") for i in range(20)}
    model = SCM.from_tables(states=states, tables={v: [0.5, 0.5] for v in states})
    with pytest.raises(WidthError):
        truths(model, Query.parse("V0=1"))


def test_an_interval_is_found_by_two_programmes() -> None:
    model = scenarios.get("cholestyramine-v1").model
    found = truths(model, IntervalEnd(Query.parse("response=yes | do(taken=yes)"), "upper"))
    assert list(found) == ["bounds", "response types"]
    assert list(found.values()) == pytest.approx([0.861] * 2, abs=1e-9)


def test_an_effect_elsewhere_is_found_in_the_target_and_by_the_transport_formula() -> None:
    world = scenarios.get("trial-elsewhere-v1").world()
    (asked, _) = [q.asked for q in world.questions if isinstance(q.asked, InPopulation)]
    found = truths(world.model, asked)
    assert {"elimination", "transport"} < set(found)
    assert max(found.values()) - min(found.values()) < 1e-12
