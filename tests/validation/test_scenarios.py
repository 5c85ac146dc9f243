"""Every curated scenario and a sample of generated worlds are right, by two algorithms."""

import re
from pathlib import Path

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.scenarios.generated.structure.strata import FORMS, STRATA
from causal_interface_gym.validation import SAMPLE, ValidationResult, validate_all_scenarios

pytestmark = pytest.mark.timeout(120)  # the first test derives everything

BIBLIOGRAPHY = Path(__file__).resolve().parents[2] / "docs" / "references.bib"


@pytest.fixture(scope="module")
def results() -> dict[str, ValidationResult]:
    return validate_all_scenarios()


def test_every_scenario_and_structure_and_form_is_validated(
    results: dict[str, ValidationResult],
) -> None:
    assert set(results) == {*scenarios.ids(), *SAMPLE}
    drawn = {name.split("/")[1] for name in results if "/" in name}
    assert drawn == {*STRATA, *FORMS}


@pytest.mark.parametrize("name", [*scenarios.ids(), *SAMPLE])
def test_a_world_is_valid(results: dict[str, ValidationResult], name: str) -> None:
    assert results[name].errors == ()
    assert results[name].is_valid


@pytest.mark.parametrize("name", scenarios.ids())
def test_the_sources_of_a_scenario_are_in_the_bibliography(name: str) -> None:
    known = set(re.findall(r"^@\w+\{([^,]+),", BIBLIOGRAPHY.read_text("utf-8"), re.M))
    assert {citation.key for citation in scenarios.get(name).citations} <= known
