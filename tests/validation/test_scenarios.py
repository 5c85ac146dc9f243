"""Every curated scenario is right, by two algorithms, and its sources are in the bibliography."""

import re
from pathlib import Path

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.validation import ValidationResult, validate_all_scenarios

BIBLIOGRAPHY = Path(__file__).resolve().parents[2] / "docs" / "references.bib"


@pytest.fixture(scope="module")
def results() -> dict[str, ValidationResult]:
    return validate_all_scenarios()


def test_every_scenario_is_validated(results: dict[str, ValidationResult]) -> None:
    assert set(results) == set(scenarios.ids())


@pytest.mark.parametrize("name", scenarios.ids())
def test_a_scenario_is_valid(results: dict[str, ValidationResult], name: str) -> None:
    assert results[name].errors == ()
    assert results[name].is_valid


@pytest.mark.parametrize("name", scenarios.ids())
def test_the_sources_of_a_scenario_are_in_the_bibliography(name: str) -> None:
    known = set(re.findall(r"^@\w+\{([^,]+),", BIBLIOGRAPHY.read_text("utf-8"), re.M))
    assert {citation.key for citation in scenarios.get(name).citations} <= known
