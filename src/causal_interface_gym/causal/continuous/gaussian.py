"""A normal distribution over named quantities: marginals, conditionals, probabilities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import erfc, inf, isfinite, sqrt
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.errors import ImpossibleEventError, QueryError, UnknownVariableError

__all__ = ["Gaussian"]

Floats = NDArray[np.float64]
Name = TypeVar("Name")

_RELATIVE = 1e-10
"""Directions with a smaller share of the variance have none."""


@dataclass(frozen=True, slots=True, eq=False)
class Gaussian(Generic[Name]):
    """Mean, shape (n,), and covariance, shape (n, n), of ``names``, in order; may be singular."""

    names: tuple[Name, ...]
    mean: Floats
    covariance: Floats

    def mean_of(self, name: Name) -> float:
        """Give the expectation of one quantity."""
        return float(self.mean[self._place(name)])

    def variance_of(self, name: Name) -> float:
        """Give the variance of one quantity."""
        place = self._place(name)
        return float(self.covariance[place, place])

    def covariance_of(self, one: Name, other: Name) -> float:
        """Give the covariance of two quantities."""
        return float(self.covariance[self._place(one), self._place(other)])

    def p(self, name: Name, *, above: float = -inf, below: float = inf) -> float:
        """Give the probability that a quantity lies in the interval (above, below).

        Raises:
            QueryError: The interval is empty.
        """
        if not above < below:
            message = f"an interval runs from a lower to a higher number; got ({above}, {below})"
            raise QueryError(message)
        mean, deviation = self.mean_of(name), sqrt(self.variance_of(name))
        if deviation == 0:
            return float(above < mean < below)
        low, high = (above - mean) / deviation, (below - mean) / deviation
        if low > 0:  # measured from the nearer end, so that tails keep their digits
            low, high = -high, -low
        return _below(high) - _below(low)

    def marginal(self, names: Sequence[Name]) -> "Gaussian[Name]":
        """Keep some of the quantities, in the order given."""
        places = [self._place(name) for name in names]
        return Gaussian(tuple(names), self.mean[places], self.covariance[np.ix_(places, places)])

    def given(self, values: Mapping[Name, float]) -> "Gaussian[Name]":
        """Condition the other quantities on exact values of some.

        Raises:
            ImpossibleEventError: A quantity without variance, or a sum of several, has another
                value than the one given.
        """
        if not values:
            return self
        known = [self._place(name) for name in values]
        rest = [i for i in range(len(self.names)) if i not in known]
        off = np.array([float(x) for x in values.values()]) - self.mean[known]
        spread = self.covariance[np.ix_(known, known)]
        scale = np.sqrt(np.diag(spread))
        size = np.where(scale > 0, scale, 1.0)
        inverse = np.linalg.pinv(spread / np.outer(size, size), rcond=_RELATIVE, hermitian=True)
        missed = off / size - spread / np.outer(size, size) @ (inverse @ (off / size))
        limit = _RELATIVE * (1.0 + np.abs(self.mean[known]).max(initial=0.0))
        if np.abs(missed).max(initial=0.0) > max(limit, 1e-8 * np.abs(off / size).max(initial=0.0)):
            event = ", ".join(f"{name}={value:g}" for name, value in values.items())
            raise ImpossibleEventError(event)
        across = self.covariance[np.ix_(rest, known)] / size
        mean = self.mean[rest] + across @ (inverse @ (off / size))
        left = self.covariance[np.ix_(rest, rest)] - across @ inverse @ across.T
        names = tuple(self.names[i] for i in rest)
        return Gaussian(names, mean, _cleaned(left, self.covariance[np.ix_(rest, rest)]))

    def _place(self, name: Name) -> int:
        if name not in self.names:
            raise UnknownVariableError(str(name), [str(n) for n in self.names])
        return self.names.index(name)


def _below(x: float) -> float:
    """The standard normal distribution function."""
    return 0.5 * erfc(-x / sqrt(2)) if isfinite(x) else float(x > 0)


def _cleaned(left: Floats, before: Floats) -> Floats:
    """Make what is nothing but rounding zero: a variance that conditioning has used up."""
    gone = np.diag(left) <= _RELATIVE * np.diag(before)
    left = (left + left.T) / 2
    left[gone, :] = 0.0
    left[:, gone] = 0.0
    return left
