"""Intervals from a bootstrap over clusters: the unit is the distinct SCM, never the item.

Whole clusters are drawn with replacement, so many seeds of one classic count as one world.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["LEVEL", "N_DRAWS", "Interval", "NoInterval", "score_interval"]

LEVEL: Final = 0.95
N_DRAWS: Final = 2000

_KEPT: Final = 16
"""How many sets of draws are kept."""

_FEW: Final = 1024
"""Up to so many clusters the draws are kept: at most 128 MB, 5 for a form of 600 worlds."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A percentile interval of ``LEVEL``."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class NoInterval:
    """No interval can be given; the reason says why."""

    reason: str


def score_interval(
    losses: Floats, references: Floats, *, seed: int, n_draws: int = N_DRAWS
) -> Interval | NoInterval:
    """Bootstrap the unweighted mean over families of 1 - sum(loss) / sum(reference loss).

    A family whose reference loses nothing in a draw is left out of that draw's mean, and a draw
    in which that holds for every family is left out.

    Args:
        losses: Shape (n_clusters, n_families), summed within each cluster.
        references: The same of the reference.
        seed: Fixes the draws.
        n_draws: How many.
    """
    n_clusters = len(losses)
    n_telling = int((references.sum(axis=1) > 0).sum())
    if n_telling < 2:  # noqa: PLR2004 - one cluster has no spread
        return NoInterval("fewer than two distinct worlds")
    draw = _draws if n_clusters <= _FEW else _draws.__wrapped__
    weights = draw(n_clusters, n_draws, seed)
    # einsum, not @: its order of summation does not depend on the number of threads.
    lost = np.einsum("dc,cf->df", weights, losses)
    available = np.einsum("dc,cf->df", weights, references)
    telling = available > 0
    scores = np.where(telling, 1 - lost / np.where(telling, available, 1), 0)
    counted = telling.sum(axis=1)
    means = scores.sum(axis=1)[counted > 0] / counted[counted > 0]
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))


@lru_cache(maxsize=_KEPT)
def _draws(n_clusters: int, n_draws: int, seed: int) -> NDArray[np.int32]:
    """Draw how often each cluster counts, shape (n_draws, n_clusters).

    A report asks for the same draws for each agent and family.
    """
    rng = np.random.default_rng(seed)
    shares = np.full(n_clusters, 1 / n_clusters)
    drawn = rng.multinomial(n_clusters, shares, size=n_draws).astype(np.int32)
    drawn.flags.writeable = False
    return drawn
