"""Fields and sets hold every curated scenario where it belongs."""

import pytest

from causal_interface_gym import scenarios
from causal_interface_gym.scenarios.catalogue import CURATED, FIELDS, SETS, room_of

CLASSIC = (
    "kidney-stones-v1", "berkeley-admissions-v1", "sprinkler-v1", "smoking-tar-v1",
    "birth-weight-v1", "heart-transplant-v1", "cholestyramine-v1", "m-bias-v1", "homework-v1",
    "simpson-reversal-v1", "blood-pressure-v1", "asia-v1",
)  # fmt: skip


def test_the_classics_never_change() -> None:
    assert SETS["classic"] == CLASSIC
    assert scenarios.ids()[:12] == CLASSIC


def test_there_are_scenarios_in_every_field_that_was_asked_for() -> None:
    assert len(CURATED) >= 25
    assert set(FIELDS) == {
        "medicine", "economics", "education", "admissions", "policy", "epidemics", "engineering",
        "incidents",
    }  # fmt: skip
    assert all(len(names) >= 2 for names in FIELDS.values())


def test_each_scenario_has_one_field_and_is_in_the_set_of_all() -> None:
    listed = [name for names in FIELDS.values() for name in names]
    assert len(listed) == len(set(listed))
    assert set(listed) == set(CURATED) == set(SETS["curated"])
    assert {room_of(name) for name in listed} == set(FIELDS)
    with pytest.raises(KeyError):
        room_of("no-such-scenario-v1")


def test_a_field_is_a_set_for_the_command_line() -> None:
    assert scenarios.select("incidents,economics") == (*FIELDS["incidents"], *FIELDS["economics"])
    for name in CURATED:
        assert scenarios.get(name).id == name
