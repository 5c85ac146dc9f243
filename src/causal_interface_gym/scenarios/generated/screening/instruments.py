"""What a batch can say of a binary treatment with instruments, in closed form.

With X, Y binary and Z all that acts on X from outside, P(Y(x)=y) is at most g(x, y), the smaller of
min over z of P(x, y | z) + P(x', | z), and min over two different z, w of P(x, y | z) +
P(x', y' | z) + P(x, y | w) + P(x', y | w); it is at least 1 - g(x, y'). The prime is the other
state. Both are sharp for any number of states of Z.

Source: [richardson2014], [balke1997] for two states.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.query import Query
from causal_interface_gym.scenarios.generated.screening.batch import Batch

__all__ = ["BoundEnd", "Wald", "bound_end", "wald"]

Floats = NDArray[np.float64]

_YES: Final = 1


@dataclass(frozen=True, slots=True)
class BoundEnd:
    """An end of what P(Y=yes given do X=level) can be."""

    level: str
    is_upper: bool


@dataclass(frozen=True, slots=True)
class Wald:
    """P(Y=yes given do X=level) by the linear formula of the instrument I."""

    level: str


def bound_end(batch: Batch, asked: BoundEnd) -> Floats:
    """Compute an end for every candidate."""
    blueprint = batch.blueprint
    outside = tuple(p for p in blueprint.node("X").parents if not blueprint.node(p).is_hidden)
    joint = batch.marginal((*outside, "X", "Y")).reshape(len(batch), -1, 2, 2)
    x = ("no", "yes").index(asked.level)
    chances = joint / joint.sum(axis=(2, 3), keepdims=True)
    if asked.is_upper:
        return _most(chances, x, _YES)
    return 1 - _most(chances, x, 1 - _YES)


def _most(chances: Floats, x: int, y: int) -> Floats:
    """Give g(x, y); the axes are candidate, setting of the instruments, X, Y."""
    here, other = chances[:, :, x, y], chances[:, :, 1 - x, :]
    alone = (here + other.sum(axis=2)).min(axis=1)
    first, second = here + other[:, :, 1 - y], here + other[:, :, y]
    pairs = first[:, :, None] + second[:, None, :]
    same = np.eye(pairs.shape[1], dtype=bool)
    together = np.where(same, np.inf, pairs).min(axis=(1, 2))
    least: Floats = np.minimum(alone, together)
    return least


def wald(batch: Batch, asked: Wald) -> Floats:
    """Compute the estimate for every candidate; NaN where the instrument moves nothing."""
    x, y = {"X": asked.level}, {"Y": "yes"}

    def rise(event: dict[str, str]) -> Floats:
        above, below = (batch.p(Query.of(event, given={"I": z})) for z in ("yes", "no"))
        return above - below

    moved = rise(x)
    slope = np.full(len(batch), np.nan)
    np.divide(rise(y), moved, out=slope, where=moved != 0)
    value: Floats = batch.p(Query.of(y)) + slope * (1 - batch.p(Query.of(x)))
    return value.clip(0, 1)
