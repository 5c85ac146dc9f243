"""Derive every truth and every lure of every scenario again, by two independent algorithms.

Questions are put to elimination, to enumeration of the noise and, where the graph identifies them,
to the formula over what is observed. Lures and references are computed by their family twice, the
second time on a model that knows nothing but enumeration. The seer's answers must be the stored
references of the headline families. Renamed worlds must keep every number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from causal_interface_gym.agents.reference.associational import associational
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.errors import CausalGymError
from causal_interface_gym.questions.families import HEADLINE
from causal_interface_gym.questions.question import Family, Item
from causal_interface_gym.scenarios import registry
from causal_interface_gym.scenarios.generated.structure.difficulty import LEVELS
from causal_interface_gym.scenarios.generated.structure.strata import FORMS, STRATA
from causal_interface_gym.scenarios.generated.worlds import WorldId, as_world, generated_world
from causal_interface_gym.scenarios.scenario import Scenario
from causal_interface_gym.scenarios.world import World
from causal_interface_gym.validation.rederive import (
    TOLERANCE,
    by_name,
    disagreements,
    items_of,
    key_errors,
)

__all__ = [
    "SAMPLE",
    "ValidationResult",
    "validate_all_scenarios",
    "validate_generated",
    "validate_scenario",
]

_SEEDS: Final = (0, 1)

SAMPLE: Final = (
    *(
        f"generated/{stratum}/level-{level}/{level}"
        for stratum in STRATA
        for level in range(1, len(LEVELS) + 1)
    ),
    *(f"form/{family}/level-2/0" for family in FORMS),
)
"""The generated worlds that are validated: each structure at each level, each family's form."""


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """Whether a scenario is what it claims; ``errors`` says what is not."""

    is_valid: bool
    errors: tuple[str, ...]


def validate_all_scenarios() -> dict[str, ValidationResult]:
    """Validate every curated scenario and a sample of generated worlds, by id."""
    curated = {name: validate_scenario(registry.get(name)) for name in registry.ids()}
    return curated | {name: validate_generated(name) for name in SAMPLE}


def validate_scenario(scenario: Scenario) -> ValidationResult:
    """Validate one scenario in its own names and in others."""
    return _result(_scenario_errors(scenario))


def validate_generated(world: str) -> ValidationResult:
    """Validate one generated world, by its id, in two orders and sets of names."""
    return _result(_generated_errors(world))


def _result(found: Iterator[str]) -> ValidationResult:
    try:
        errors = tuple(found)
    except CausalGymError as error:  # a world that cannot even be asked is a finding
        errors = (f"{type(error).__name__}: {error}",)
    return ValidationResult(not errors, errors)


def _scenario_errors(scenario: Scenario) -> Iterator[str]:
    worlds = [scenario.world(seed=seed) for seed in _SEEDS]
    yield from _family_errors(scenario.model, scenario.families, worlds)


def _generated_errors(text: str) -> Iterator[str]:
    wanted = WorldId.parse(text)
    generated = generated_world(wanted)
    worlds = [as_world(generated, text, names=wanted.names, seed=seed) for seed in _SEEDS]
    yield from _family_errors(generated.model, generated.questions, worlds)


def _family_errors(
    model: SCM, families: Sequence[Family], worlds: Sequence[World]
) -> Iterator[str]:
    again = {
        "elimination": by_name(items_of(model, families)),
        "enumeration": by_name(items_of(model, families, enumerated=True)),
    }
    for world in worlds:
        for question, item in zip(world.questions, world.items, strict=True):
            place = f"seed {world.seed}, {question.id} {item.family} {item.name}"
            for method, items in again.items():
                for error in key_errors(item, items[item.family, item.name], method=method):
                    yield f"{place}: {error}"
            for error in (*disagreements(world.model, item), *_seer_errors(world.model, item)):
                yield f"{place}: {error}"


def _seer_errors(model: SCM, item: Item) -> Iterator[str]:
    if item.family in HEADLINE and isinstance(item.reference, float):
        seen = associational(model, item.asked, rng=np.random.default_rng(0))
        if not abs(seen - item.reference) <= TOLERANCE:
            yield f"the stored reference is {item.reference!r}, the seer answers {seen!r}"
