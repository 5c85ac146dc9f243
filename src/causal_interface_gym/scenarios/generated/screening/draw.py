"""Draw the tables of many candidates at once; every number is a whole number of hundredths.

A brief that prints two decimals therefore shows the exact world, and the truth can be computed from
what is displayed. Tables follow a logistic model with random signs and strengths plus some
interaction, because independently drawn tables average their effects away. In ``Tables`` the first
axis of every array counts candidates.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.scenarios.generated.structure.blueprint import Blueprint, Node
from causal_interface_gym.scenarios.generated.structure.difficulty import Difficulty

__all__ = ["HUNDRED", "Tables", "draw_tables"]

Floats = NDArray[np.float64]
Tables = Mapping[str, Floats]
"""P(v | parents) by variable, shape (n_candidates, n_states of each parent, n_states)."""

HUNDRED: Final = 100
_EFFECT: Final = (1.2, 3.4)
_INTERACTION: Final = 0.5
_BIAS: Final = 1.0
_ROOT: Final = (20, 80)


def draw_tables(
    blueprint: Blueprint, wanted: Difficulty, *, n: int, rng: np.random.Generator
) -> Tables:
    """Draw ``n`` candidates of a blueprint."""
    n_states = {node.name: node.n_states for node in blueprint.nodes}
    return {
        node.name: _table(node, [n_states[p] for p in node.parents], wanted.noise, n=n, rng=rng)
        for node in blueprint.nodes
    }


def _table(
    node: Node, shape: list[int], noise: float, *, n: int, rng: np.random.Generator
) -> Floats:
    scores = _scores(node, shape, n=n, rng=rng)
    if node.n_states == 2:  # noqa: PLR2004 - binary
        return _binary(node, scores, noise, n=n, rng=rng)
    return _ordinal(node.n_states, scores, noise, rng=rng)


def _scores(node: Node, shape: list[int], *, n: int, rng: np.random.Generator) -> Floats:
    """Add up the parents' pushes, shape (n, n_states of each parent)."""
    total = rng.uniform(-_BIAS, _BIAS, size=(n, *[1] * len(shape)))
    for place, (states, strength) in enumerate(zip(shape, node.strengths, strict=True)):
        push = rng.uniform(*_EFFECT, size=n) * rng.choice([-1.0, 1.0], size=n) * strength
        axis = [1] * len(shape)
        axis[place] = states
        centred = np.linspace(-1, 1, states).reshape(axis)
        total = total + push.reshape(-1, *[1] * len(shape)) * centred
    spread = _INTERACTION * min(node.strengths, default=1.0)
    return np.asarray(total + rng.normal(0, spread, size=(n, *shape)))


def _binary(
    node: Node, scores: Floats, noise: float, *, n: int, rng: np.random.Generator
) -> Floats:
    if not node.parents:
        percent = rng.integers(_ROOT[0], _ROOT[1] + 1, size=n).astype(np.float64)
    elif node.is_deterministic:
        percent = HUNDRED * (scores > 0).astype(np.float64)
    else:
        least = np.rint(HUNDRED * noise)
        percent = np.rint(HUNDRED / (1 + np.exp(-scores))).clip(least, HUNDRED - least)
    return np.stack([HUNDRED - percent, percent], axis=-1) / HUNDRED


def _ordinal(states: int, scores: Floats, noise: float, *, rng: np.random.Generator) -> Floats:
    """Spread a score over ordered states; the middle takes what rounding leaves."""
    base = rng.normal(0, _INTERACTION, size=(*scores.shape, states))
    weights = np.exp(scores[..., None] * np.linspace(-1, 1, states) + base)
    least = max(noise, 0.05)
    chances = least + (1 - states * least) * weights / weights.sum(axis=-1, keepdims=True)
    percent = np.rint(HUNDRED * chances)
    middle = states // 2
    percent[..., middle] += HUNDRED - percent.sum(axis=-1)
    return np.asarray(percent / HUNDRED)
