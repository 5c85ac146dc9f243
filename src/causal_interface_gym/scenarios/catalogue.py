"""The ids of the curated scenarios: by field, which is also their room in the library, and by set.

A field names what a scenario is about, never how its world is built; that is its structure.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["CURATED", "FIELDS", "SETS", "room_of"]

_CLASSIC: Final = (
    "kidney-stones-v1",
    "berkeley-admissions-v1",
    "sprinkler-v1",
    "smoking-tar-v1",
    "birth-weight-v1",
    "heart-transplant-v1",
    "cholestyramine-v1",
    "m-bias-v1",
    "homework-v1",
    "simpson-reversal-v1",
    "blood-pressure-v1",
    "asia-v1",
)
"""The twelve that every introduction uses; runs name this set, so it never changes."""

FIELDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "medicine": (
            "kidney-stones-v1",
            "smoking-tar-v1",
            "birth-weight-v1",
            "heart-transplant-v1",
            "cholestyramine-v1",
            "m-bias-v1",
            "simpson-reversal-v1",
            "blood-pressure-v1",
            "asia-v1",
            "hormone-therapy-v1",
            "hospital-patients-v1",
            "cholestyramine-bounds-v1",
        ),
        "economics": (
            "lagged-market-v1",
            "price-ceiling-v1",
            "college-wages-v1",
            "shared-rides-v1",
        ),
        "education": ("homework-v1", "class-size-v1", "lords-paradox-v1"),
        "admissions": ("berkeley-admissions-v1", "graduate-success-v1"),
        "policy": (
            "job-training-v1",
            "police-stops-v1",
            "moving-vouchers-v1",
            "trial-elsewhere-v1",
            "drug-lawsuit-v1",
        ),
        "epidemics": (
            "cholera-water-v1",
            "covid-testing-v1",
            "flu-vaccine-v1",
            "case-fatality-v1",
        ),
        "engineering": (
            "sprinkler-v1",
            "thermostat-v1",
            "returning-bombers-v1",
            "car-start-v1",
        ),
        "incidents": ("retry-storm-v1", "alert-pages-v1", "burglar-alarm-v1"),
    }
)
"""The curated scenarios of each field."""

CURATED: Final = tuple(
    dict.fromkeys([*_CLASSIC, *(name for names in FIELDS.values() for name in names)])
)
"""All of them, the classics first."""

SETS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"classic": _CLASSIC, "curated": CURATED, **FIELDS}
)
"""Named sets of scenarios, for the command line."""


def room_of(scenario: str) -> str:
    """Give the field of a curated scenario.

    >>> room_of("retry-storm-v1")
    'incidents'

    Raises:
        KeyError: No curated scenario has this id.
    """
    for field, names in FIELDS.items():
        if scenario in names:
            return field
    raise KeyError(scenario)
