"""A family: one variable with its parents, its counts, and what follows in closed form."""

from dataclasses import dataclass
from math import lgamma

import numpy as np
from numpy.typing import NDArray

__all__ = ["Family", "family"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """The posterior of one table, over the axes of all variables.

    ``concentration`` has size 1 on the axes of variables outside the family; ``log_evidence`` is
    the log probability of the variable's column given its parents' columns, tables averaged out;
    ``log_mean`` is the log of the mean table, spread over all cells of a row.
    """

    concentration: Floats
    log_evidence: float
    log_mean: Floats

    def draw(self, v: int, rng: np.random.Generator) -> Floats:
        """Draw the table of variable ``v`` from its posterior."""
        gammas = rng.standard_gamma(self.concentration)
        total = gammas.sum(axis=v, keepdims=True)
        # Tiny concentrations can underflow to a row of zeros; its limit is a corner.
        corner = np.zeros_like(gammas)
        corner[(slice(None),) * v + (0,)] = 1.0
        drawn: Floats = np.where(total > 0, gammas / np.where(total > 0, total, 1.0), corner)
        return drawn


def family(counts: Floats, v: int, parents: int, pseudo_count: float) -> Family:
    """Compute a family from the rows in which ``v`` was not set.

    Args:
        counts: The rows, over all variables' states.
        v: The variable's axis.
        parents: Its parents, as a bitmask of axes.
        pseudo_count: The Dirichlet parameter of each cell.
    """
    outside = tuple(u for u in range(counts.ndim) if u != v and not parents >> u & 1)
    cells = counts.sum(axis=outside, keepdims=True)
    settings = cells.sum(axis=v, keepdims=True)
    size = counts.shape[v]
    posterior = cells + pseudo_count
    seen = sum(_rise(pseudo_count, n) for n in cells.ravel().tolist() if n)
    drawn = sum(_rise(pseudo_count * size, n) for n in settings.ravel().tolist() if n)
    mean = posterior / (settings + pseudo_count * size)
    return Family(posterior, seen - drawn, np.broadcast_to(np.log(mean), counts.shape).ravel())


def _rise(start: float, n: float) -> float:
    """Give the log of start (start + 1) ... (start + n - 1)."""
    return lgamma(start + n) - lgamma(start)
