"""Every curated scenario and a sample of generated worlds are right, by two algorithms."""

import re
from pathlib import Path

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.scenarios.generated.structure.strata import FORMS, STRATA
from causal_interface_gym.validation.scenarios import (
    SAMPLE,
    ValidationResult,
    validate_all_scenarios,
    validate_generated,
    validate_scenario,
)

BIBLIOGRAPHY = Path(__file__).resolve().parents[2] / "docs" / "references.bib"


def test_every_scenario_and_structure_and_form_is_validated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    valid = ValidationResult(is_valid=True, errors=())
    for name in ("validate_scenario", "validate_generated"):
        monkeypatch.setattr(f"{validate_all_scenarios.__module__}.{name}", lambda _: valid)
    results = validate_all_scenarios()
    assert set(results) == {*scenarios.ids(), *SAMPLE}
    drawn = {name.split("/")[1] for name in results if "/" in name}
    assert drawn == {*STRATA, *FORMS}


@pytest.mark.parametrize("name", scenarios.ids())
def test_a_scenario_is_valid(name: str) -> None:
    assert validate_scenario(scenarios.get(name)) == ValidationResult(is_valid=True, errors=())


@pytest.mark.parametrize("name", SAMPLE)
def test_a_generated_world_is_valid(name: str) -> None:
    assert validate_generated(name) == ValidationResult(is_valid=True, errors=())


@pytest.mark.parametrize("name", scenarios.ids())
def test_the_sources_of_a_scenario_are_in_the_bibliography(name: str) -> None:
    known = set(re.findall(r"^@\w+\{([^,]+),", BIBLIOGRAPHY.read_text("utf-8"), re.M))
    assert {citation.key for citation in scenarios.get(name).citations} <= known
