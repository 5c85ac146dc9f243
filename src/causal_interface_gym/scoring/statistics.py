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

_KEPT_REFERENCES: Final = 256
"""How many references are kept in their draws: 16 kB a family, a report has about a hundred."""

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
    if n_clusters <= _FEW:
        weights = _draws(n_clusters, n_draws, seed)
        drawn = _kept_reference(references.tobytes(), *references.shape, n_draws, seed)
    else:
        weights = _draws.__wrapped__(n_clusters, n_draws, seed)
        drawn = _reference(weights, references)
    lost = _sums(weights, losses)
    scores = np.where(drawn.telling, 1 - lost / drawn.available, 0).sum(axis=0)
    means = scores[drawn.is_counted] / drawn.n_telling
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """The reference in each draw: its losses (1 where there are none), and where there are some.

    ``n_telling`` counts the families of the draws that count at all.
    """

    available: Floats
    telling: NDArray[np.bool_]
    is_counted: NDArray[np.bool_]
    n_telling: NDArray[np.int64]


@lru_cache(maxsize=_KEPT_REFERENCES)
def _kept_reference(
    data: bytes, n_clusters: int, n_families: int, n_draws: int, seed: int
) -> _Drawn:
    """Keep the reference, which all participants of a form share."""
    references = np.frombuffer(data).reshape(n_clusters, n_families)
    return _reference(_draws(n_clusters, n_draws, seed), references)


def _reference(weights: NDArray[np.int32], references: Floats) -> _Drawn:
    available = _sums(weights, references)
    telling = available > 0
    counted = telling.sum(axis=0)
    return _Drawn(np.where(telling, available, 1), telling, counted > 0, counted[counted > 0])


def _sums(weights: NDArray[np.int32], sums: Floats) -> Floats:
    """Sum in each draw, shape (n_families, n_draws)."""
    # einsum, not @: its order of summation does not depend on the number of threads.
    found: Floats = np.einsum("cd,cf->fd", weights.astype(np.float64), sums)
    return found


@lru_cache(maxsize=_KEPT)
def _draws(n_clusters: int, n_draws: int, seed: int) -> NDArray[np.int32]:
    """Draw how often each cluster counts, shape (n_clusters, n_draws).

    A report asks for the same draws for each agent and family.
    """
    rng = np.random.default_rng(seed)
    shares = np.full(n_clusters, 1 / n_clusters)
    drawn = np.ascontiguousarray(rng.multinomial(n_clusters, shares, size=n_draws).T, np.int32)
    drawn.flags.writeable = False
    return drawn
