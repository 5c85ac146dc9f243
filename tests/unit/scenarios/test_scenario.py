"""Scenarios are valid by construction, and found by id."""

from dataclasses import replace
from typing import Any

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.errors import ScenarioError, UnknownVariableError
from causal_interface_gym.questions.families import HEADLINE
from causal_interface_gym.scenarios.registry import FORM_WORLDS, select

KIDNEY = scenarios.get("kidney-stones-v1")


def test_at_least_eleven_classics_cover_the_named_structures() -> None:
    found = {scenarios.get(name).structure for name in scenarios.ids()}
    assert len(scenarios.ids()) >= 11
    assert found >= {
        "confounder", "mediator", "collider", "m-bias", "front-door", "instrument", "simpson",
        "transport",
    }  # fmt: skip


@pytest.mark.parametrize("name", scenarios.ids())
def test_every_scenario_says_what_is_published_and_cites_it(name: str) -> None:
    scenario = scenarios.get(name)
    assert scenario.id == name
    assert scenario.published
    assert all(len(citation.text) > 40 for citation in scenario.citations)
    assert {family.name for family in scenario.families} >= {"association", "adjustment"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": "Kidney"}, "words-with-hyphens"),
        ({"title": ""}, "title"),
        ({"citations": ()}, "citation"),
        ({"published": "", "illustrative": ""}, "which numbers are published"),
        ({"families": ()}, "at least one question"),
        ({"outcome": "treatment"}, "must differ"),
        ({"structure": "maze"}, "structure is one of"),
        ({"variables": KIDNEY.variables[:2]}, "are not the model's"),
    ],
)
def test_a_scenario_that_does_not_hold_together_is_refused(
    change: dict[str, Any], message: str
) -> None:
    with pytest.raises(ScenarioError, match=message):
        replace(KIDNEY, **change)


def test_treatment_and_outcome_are_observed_variables() -> None:
    with pytest.raises(UnknownVariableError):
        replace(KIDNEY, treatment="drug")


def test_an_unknown_scenario_gets_the_nearest_name() -> None:
    with pytest.raises(ScenarioError, match="did you mean 'kidney-stones-v1'"):
        scenarios.get("kidney-stones")
    with pytest.raises(ScenarioError, match="known: "):
        scenarios.get("qqqq")


def test_sets_and_ids_are_selected_once_each() -> None:
    assert scenarios.select("classic, asia-v1") == scenarios.ids()[:12]
    assert scenarios.select("curated") == scenarios.ids()
    assert scenarios.select("asia-v1,sprinkler-v1") == ("asia-v1", "sprinkler-v1")
    with pytest.raises(ScenarioError):
        scenarios.select("asia-v1,clasic")


def test_generated_worlds_are_selected_by_id_by_range_and_as_forms() -> None:
    chosen = select("form/intervention/level-1/3-5,generated/confounder/level-2/7/commonsense")
    assert chosen == (
        "form/intervention/level-1/3",
        "form/intervention/level-1/4",
        "form/intervention/level-1/5",
        "generated/confounder/level-2/7/commonsense",
    )
    assert len(select("forms")) == FORM_WORLDS * len(HEADLINE)


@pytest.mark.parametrize(
    "name",
    [
        "form/intervention/level-1/5-3",
        "form/nonsense/level-1/0-3",
        "generated/confounder/x",
        "form/",
    ],
)
def test_a_generated_name_that_says_nothing_is_refused(name: str) -> None:
    with pytest.raises(ScenarioError):
        select(name)
