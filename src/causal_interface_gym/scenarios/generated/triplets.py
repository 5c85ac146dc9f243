"""Name triplets: one SCM under commonsense, anti-commonsense and fresh nonsense names.

Numbers, questions and graph are the same, so the paired difference between two of the three is the
effect of prior knowledge. Anti-commonsense uses the very names of commonsense the other way round:
treatment and outcome change places, and of the rest the earliest cause takes the name of the last
consequence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from causal_interface_gym.scenarios.generated.derive import Generated
from causal_interface_gym.scenarios.generated.structure.blueprint import Blueprint, stream
from causal_interface_gym.scenarios.generated.themes import THEMES, Theme
from causal_interface_gym.scenarios.names import Naming, nonsense

__all__ = ["CONDITIONS", "Condition", "Dressed", "dress"]

Condition = Literal["commonsense", "anti-commonsense", "nonsense"]

CONDITIONS: Final[tuple[Condition, ...]] = ("commonsense", "anti-commonsense", "nonsense")


@dataclass(frozen=True, slots=True)
class Dressed:
    """New names and the title that goes with them."""

    naming: Naming
    title: str


def dress(world: Generated, condition: Condition, *, seed: int = 0) -> Dressed:
    """Choose names; commonsense and anti-commonsense of one seed use the same words."""
    if condition == "nonsense":
        rng = stream("nonsense", world.digest, seed)
        return Dressed(nonsense(world.model.states, rng=rng), "An unfamiliar system")
    rng = stream("theme", world.digest, seed)
    theme = THEMES[int(rng.integers(len(THEMES)))]
    names = _sensible(world.blueprint, theme, rng=rng)
    if condition == "anti-commonsense":
        names = _turned(names)
    return Dressed(Naming(names, {}), f"An invented case: {theme.name.replace('_', ' ')}")


def _sensible(blueprint: Blueprint, theme: Theme, *, rng: np.random.Generator) -> dict[str, str]:
    """Give each variable an unused name for its part."""
    used: set[str] = set()
    names: dict[str, str] = {}
    for node in blueprint.nodes:
        known = theme.names(node.role)
        is_main = node.role in {"treatment", "outcome"}
        order = range(len(known)) if is_main else rng.permutation(len(known))
        names[node.name] = next(known[i] for i in order if known[i] not in used)
        used.add(names[node.name])
    return names


def _turned(names: Mapping[str, str]) -> dict[str, str]:
    others = [v for v in names if v not in {"X", "Y"}]
    turned = {v: names[w] for v, w in zip(others, reversed(others), strict=True)}
    return {**turned, "X": names["Y"], "Y": names["X"]}
