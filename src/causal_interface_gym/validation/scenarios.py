"""Derive every truth of every scenario again, by two independent algorithms.

Elimination on the renamed model and enumeration of the noise must both give the stored truth. A
counterfactual whose coupling is undeclared must not depend on it. Whether a set is valid for
adjustment is tried on random models over the same graph. The seer's answers must be the stored
references of the headline families.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from causal_interface_gym.agents.reference.associational import associational
from causal_interface_gym.agents.reference.oracle import oracle
from causal_interface_gym.causal.enumeration import Enumeration
from causal_interface_gym.causal.mechanism import Coupling
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import CausalGymError
from causal_interface_gym.questions.families import HEADLINE
from causal_interface_gym.questions.question import Item
from causal_interface_gym.scenarios import registry
from causal_interface_gym.scenarios.scenario import Scenario
from causal_interface_gym.scenarios.world import World

__all__ = ["TOLERANCE", "ValidationResult", "validate_all_scenarios", "validate_scenario"]

TOLERANCE: Final = 1e-9
_SEEDS: Final = (0, 1)
_LIMIT: Final = 500_000
"""Noise states that enumeration may visit; the largest classic needs 294,912."""
_COUPLINGS: Final[tuple[Coupling, ...]] = ("comonotone", "independent")


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """Whether a scenario is what it claims; ``errors`` says what is not."""

    is_valid: bool
    errors: tuple[str, ...]


def validate_all_scenarios() -> dict[str, ValidationResult]:
    """Validate every curated scenario, by id."""
    return {name: validate_scenario(registry.get(name)) for name in registry.ids()}


def validate_scenario(scenario: Scenario) -> ValidationResult:
    """Validate one scenario in its own names and in others."""
    try:
        errors = tuple(
            f"seed {seed}, {error}"
            for seed in _SEEDS
            for error in _world_errors(scenario.world(seed=seed))
        )
    except CausalGymError as error:  # a scenario that cannot even be asked is a finding
        errors = (f"{type(error).__name__}: {error}",)
    return ValidationResult(not errors, errors)


def _world_errors(world: World) -> Iterator[str]:
    for question, item in zip(world.questions, world.items, strict=True):
        for error in _item_errors(world.model, item):
            yield f"{question.id} {item.family} {item.name}: {error}"


def _item_errors(model: SCM, item: Item) -> Iterator[str]:
    rng = np.random.default_rng(0)
    if isinstance(item.asked, Query):
        found = {"elimination": model.p(item.asked), **_enumerated(model, item.asked)}
    else:
        found = {"random models": oracle(model, item.asked, rng=rng)}
    for method, value in found.items():
        if not abs(value - item.truth) <= TOLERANCE:
            yield f"the stored truth is {item.truth!r}, {method} gives {value!r}"
    numbers = {"truth": item.truth, **item.lure}
    for name, value in numbers.items():
        if not 0 <= value <= 1:
            yield f"{name} is no probability: {value!r}"
    if item.family in HEADLINE and isinstance(item.reference, float):
        seen = associational(model, item.asked, rng=rng)
        if not abs(seen - item.reference) <= TOLERANCE:
            yield f"the stored reference is {item.reference!r}, the seer answers {seen!r}"


def _enumerated(model: SCM, query: Query) -> dict[str, float]:
    return {
        f"enumeration ({coupling} where undeclared)": Enumeration(
            model, undeclared=coupling, limit=_LIMIT
        ).probability(query)
        for coupling in _COUPLINGS
    }
