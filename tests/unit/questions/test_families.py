"""Every family: what it asks, its truth, its reference and its lures, on published numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym import scenarios
from causal_interface_gym.causal.enumeration import enumerate_probability
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import QueryError
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.answerable import is_determined
from causal_interface_gym.questions.doing.frontdoor import FrontDoor
from causal_interface_gym.questions.doing.intervention import Intervention
from causal_interface_gym.questions.doing.simpson import Simpson
from causal_interface_gym.questions.families import FAMILIES, HEADLINE
from causal_interface_gym.questions.imagining.counterfactual import Counterfactual
from causal_interface_gym.questions.imagining.mediation import Mediation
from causal_interface_gym.questions.question import BaseRate
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.questions.seeing.diagnosis import Diagnosis


def model_of(scenario: str) -> SCM:
    return scenarios.get(scenario).model


def test_families_stand_in_the_order_of_the_ladder() -> None:
    rungs = [family.rung for family in FAMILIES.values()]
    assert rungs == sorted(rungs)
    assert set(HEADLINE) >= {
        "intervention",
        "front-door",
        "selection",
        "simpson",
        "mediation",
        "counterfactual",
    }


def test_association_is_seeing_and_its_reference_the_base_rate() -> None:
    model = model_of("kidney-stones-v1")
    a, b = Association("treatment", "recovery=yes", levels=("A", "B")).items(model)
    assert a.truth == pytest.approx(273 / 350, abs=1e-12)
    assert b.truth == pytest.approx(289 / 350, abs=1e-12)
    assert a.reference == pytest.approx(562 / 700, abs=1e-12)
    assert a.lure["inverse"] == pytest.approx(273 / 562, abs=1e-12)
    assert a.lure["do for see"] == model.p("recovery=yes | do(treatment=A)")


def test_diagnosis_goes_from_the_finding_to_the_cause() -> None:
    (item,) = Diagnosis("rain=yes", "wet=yes").items(model_of("sprinkler-v1"))
    assert item.truth == pytest.approx(0.7079276774, abs=1e-9)
    assert item.reference == pytest.approx(0.5, abs=1e-12)
    assert item.lure["inverse"] == pytest.approx(0.9162, abs=1e-3)


def test_intervention_has_the_seer_and_three_lures() -> None:
    model = model_of("birth-weight-v1")
    family = Intervention("smoking", "death=yes", levels=("no", "yes"), wrong_sets=(("weight",),))
    for level, item in zip(("no", "yes"), family.items(model), strict=True):
        assert str(item.asked) == f"P(death=yes | do(smoking={level}))"
        assert item.reference == model.p(f"death=yes | smoking={level}")
        assert list(item.lure) == ["see for do", "wrong adjustment: weight", "backwards"]
        assert item.lure["backwards"] == pytest.approx(model.p(f"smoking={level}"), abs=1e-12)


def test_front_door_gives_the_published_effects() -> None:
    family = FrontDoor("smoking", "cancer=yes", levels=("no", "yes"), mediators=("tar",))
    no, yes = family.items(model_of("smoking-tar-v1"))
    assert no.truth == pytest.approx(0.4975, abs=1e-12)
    assert yes.truth == pytest.approx(0.4525, abs=1e-12)
    assert "wrong adjustment: tar" in yes.lure


@pytest.mark.parametrize(("pooled", "lure"), [(False, 0.78), (True, 0.8325462)])
def test_simpson_lures_to_the_other_level(pooled: bool, lure: float) -> None:
    family = Simpson(
        "treatment", "recovery=yes", levels=("A", "B"), split_by="stone", pooled=pooled
    )
    item = family.items(model_of("kidney-stones-v1"))[0]
    assert item.lure["other level of aggregation"] == pytest.approx(lure, abs=1e-6)


def test_mediation_gives_the_published_direct_effect() -> None:
    family = Mediation(
        "training", "success=yes", levels=("no", "yes"), fixed=(("homework", "yes"),)
    )
    nested, control = family.items(model_of("homework-v1"))
    assert nested.truth - control.truth == pytest.approx(0.32, abs=1e-12)
    assert nested.lure["total effect"] - control.truth == pytest.approx(0.46, abs=1e-12)
    assert nested.lure["controlled direct effect"] == pytest.approx(0.8, abs=1e-12)
    assert nested.reference == pytest.approx(0.7, abs=1e-12)


def test_a_counterfactual_keeps_the_rest_of_the_evidence_for_the_seer() -> None:
    model = model_of("sprinkler-v1")
    family = Counterfactual("wet[sprinkler=off]=yes | sprinkler=on, wet=yes, rain=no")
    (item,) = family.items(model)
    assert item.truth == pytest.approx(0.0, abs=1e-12)
    assert item.reference == model.p("wet=yes | sprinkler=off, rain=no")
    assert item.lure["do for imagine"] == model.p("wet=yes | do(sprinkler=off)")


@pytest.mark.parametrize(
    "text", ["y=1 | x=0", "y[x=1]", "y[x=1]=1, z=1", "y[x=1]=1 | do(w=0)", "y[x=1]=1 | z[x=0]=1"]
)
def test_a_counterfactual_item_has_one_shape(text: str) -> None:
    with pytest.raises(QueryError, match="has the form"):
        Counterfactual(text)


def test_adjustment_elicits_the_validity_of_each_set() -> None:
    family = Adjustment("schooling", "diabetes", candidates=((), ("age",), ("mother", "age")))
    nothing, age, both = family.items(model_of("m-bias-v1"))
    assert [nothing.truth, age.truth, both.truth] == [0.0, 1.0, 0.0]
    assert nothing.reference == BaseRate()
    assert nothing.lure == {"empty set": 1.0, "all variables": 0.0}
    assert both.lure == {"empty set": 0.0, "all variables": 1.0}
    assert str(both.asked).startswith("adjusting for {age, mother}")


@given(seed=st.integers(0, 10_000))
def test_every_truth_of_rung_two_equals_enumeration_on_random_models(seed: int) -> None:
    rng = np.random.default_rng(seed)
    model = SCM.from_tables(
        states={"z": ("0", "1", "2"), "x": ("0", "1"), "m": ("0", "1"), "y": ("0", "1")},
        parents={"x": ("z",), "m": ("x",), "y": ("z", "m")},
        tables={
            "z": rng.dirichlet(np.ones(3)),
            "x": rng.dirichlet(np.ones(2), size=3),
            "m": rng.dirichlet(np.ones(2), size=2),
            "y": rng.dirichlet(np.ones(2), size=(3, 2)),
        },
    )
    for item in Intervention("x", "y=1", levels=("0", "1"), wrong_sets=(("m",),)).items(model):
        assert isinstance(item.asked, Query)
        assert item.truth == pytest.approx(enumerate_probability(model, item.asked), abs=1e-12)
        assert all(0 <= value <= 1 + 1e-12 for value in item.lure.values())


def test_answerable_asks_about_seeing_and_doing_only() -> None:
    model = scenarios.get("kidney-stones-v1").model
    with pytest.raises(QueryError, match="seeing and doing"):
        is_determined(model, Query.parse("P(recovery[treatment=A]=yes | treatment=B)"))
