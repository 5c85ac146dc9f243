"""Every curated scenario keeps the contract that other people's scenarios are checked against."""

import re
from pathlib import Path

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.scenarios.contract import check_scenario, is_kept

BIBLIOGRAPHY = Path(__file__).resolve().parents[2] / "docs" / "references.bib"
KEYS = frozenset(re.findall(r"^@\w+\{([^,]+),", BIBLIOGRAPHY.read_text("utf-8"), re.M))


@pytest.mark.parametrize("name", scenarios.ids())
def test_a_curated_scenario_keeps_the_contract(name: str) -> None:
    findings = check_scenario(scenarios.get(name), bibliography=KEYS)
    assert [str(finding) for finding in findings if finding.is_error] == []
    assert is_kept(findings)


@pytest.mark.parametrize("name", scenarios.ids()[12:])
def test_a_scenario_without_published_numbers_says_that_its_numbers_are_chosen(name: str) -> None:
    scenario = scenarios.get(name)
    if "no number" in scenario.published:
        assert "number" in scenario.illustrative


@pytest.mark.parametrize("name", scenarios.ids())
def test_a_renamed_scenario_keeps_every_number(name: str) -> None:
    scenario = scenarios.get(name)
    own = sorted(
        (i.family, i.name, i.truth, sorted(i.lure.items())) for i in scenario.world().items
    )
    other = scenario.world(seed=3).items
    assert sorted((i.family, i.name, i.truth, sorted(i.lure.items())) for i in other) == own
