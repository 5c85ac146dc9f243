"""Formats are equivalent, balanced, and dealt out so that no setting is tied to another."""

from collections import Counter
from itertools import combinations, product

import pytest

from causal_interface_gym.agents.elicitation.format import FACTORS, FORMATS, Format, format_of


def test_there_are_eight_different_formats() -> None:
    assert len(set(FORMATS)) == 8
    assert len({str(made) for made in FORMATS}) == 8


@pytest.mark.parametrize("factor", FACTORS)
def test_each_setting_stands_in_half_of_the_formats(factor: str) -> None:
    settings = Counter(getattr(made, factor) for made in FORMATS)
    assert settings == dict.fromkeys(FACTORS[factor], 4)


@pytest.mark.parametrize(("first", "second"), list(combinations(FACTORS, 2)))
def test_each_pair_of_settings_stands_in_a_quarter_of_the_formats(first: str, second: str) -> None:
    pairs = Counter((getattr(made, first), getattr(made, second)) for made in FORMATS)
    assert pairs == dict.fromkeys(product(FACTORS[first], FACTORS[second]), 2)


@pytest.mark.parametrize("scenario", ["sprinkler-v1", "kidney-stones-v1", "x"])
def test_seeds_of_a_scenario_meet_the_formats_equally_often(scenario: str) -> None:
    counts = Counter(format_of(scenario, seed) for seed in range(20))
    assert set(counts.values()) == {2, 3}
    assert set(Counter(format_of(scenario, seed) for seed in range(16)).values()) == {2}


def test_scenarios_of_one_seed_meet_all_formats() -> None:
    counts = Counter(format_of(f"scenario-{number}", 0) for number in range(800))
    assert len(counts) == 8
    assert min(counts.values()) > 60


def test_four_seeds_in_turn_hold_both_settings_of_the_first_two_factors() -> None:
    for first in range(8):
        some = [FORMATS[(first + step) % 8] for step in range(4)]
        assert {made.wording for made in some} == set(FACTORS["wording"])
        assert {made.order for made in some} == set(FACTORS["order"])


def test_the_whole_is_what_certainty_is_called() -> None:
    assert Format(unit="percent").whole == 100
    assert Format(unit="out_of_1000").whole == 1_000
