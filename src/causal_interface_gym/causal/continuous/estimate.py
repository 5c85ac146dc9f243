"""A number that was sampled, and by how much it may be off."""

from dataclasses import dataclass
from math import isfinite, sqrt

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.errors import ImpossibleEventError, InferenceError

__all__ = ["FEWEST", "Estimate", "weighted_mean"]

Floats = NDArray[np.float64]

FEWEST = 50
"""Effective draws below which a standard error cannot be trusted."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A Monte Carlo mean: never exact; the error shrinks with the square root of ``n``.

    ``standard_error`` is that of ``value``, ``n`` how many draws were made.
    """

    value: float
    standard_error: float
    n: int

    def within(self, other: float, *, errors: float = 5.0) -> bool:
        """Say whether a number lies within so many standard errors."""
        return bool(abs(self.value - other) <= errors * self.standard_error)

    def __str__(self) -> str:
        """Show the value with its error."""
        return f"{self.value:.6g} ± {self.standard_error:.2g} ({self.n} draws)"


def weighted_mean(values: Floats, weights: Floats, *, event: str) -> Estimate:
    """Average with weights, as importance sampling does, with the error of the ratio.

    Args:
        values: Shape (n,).
        weights: Shape (n,), nonnegative.
        event: The condition in words, for errors.

    Raises:
        ImpossibleEventError: All weights are 0.
        InferenceError: Too few draws carry the weight, or a value is not finite.
    """
    total = float(weights.sum())
    if total <= 0:
        raise ImpossibleEventError(f"{event} (in {len(weights)} draws)")
    effective = total**2 / float((weights**2).sum())
    if effective < FEWEST:
        message = (
            f"{event} holds in too few of {len(weights)} draws (worth {effective:.0f}, at least "
            f"{FEWEST} are needed); raise n or condition on less"
        )
        raise InferenceError(message)
    value = float(weights @ values) / total
    off = weights * (values - value)
    error = sqrt(float(off @ off)) / total
    if not isfinite(value) or not isfinite(error):
        message = "the sampled values are not all finite numbers"
        raise InferenceError(message)
    return Estimate(value, error, len(weights))
