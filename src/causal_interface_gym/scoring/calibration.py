"""Reliability diagram: do beliefs of a size meet truths of that size? A diagnostic, not a score.

Truths are exact probabilities, not outcomes, so a bin's gap is free of outcome noise. Beliefs can
be calibrated and useless: answering the same P(y) everywhere lies on the diagonal.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from causal_interface_gym.errors import InputError
from causal_interface_gym.scoring.marking import Answered, Mark

__all__ = ["Reliability", "ReliabilityBin", "reliability"]


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Beliefs in [low, high): their mean beside the mean of the truths; the last bin holds 1."""

    low: float
    high: float
    belief: float
    truth: float
    n_items: int
    n_worlds: int


@dataclass(frozen=True, slots=True)
class Reliability:
    """The bins that hold a belief, in rising order; missing answers are counted apart."""

    bins: tuple[ReliabilityBin, ...]
    n_items: int
    n_missing: int

    @property
    def mean_gap(self) -> float:
        """The mean distance of a bin from the diagonal, weighted by items; 0 without items."""
        return fsum(b.n_items * abs(b.belief - b.truth) for b in self.bins) / max(1, self.n_items)


def reliability(marks: Sequence[Mark], *, n_bins: int = 10) -> Reliability:
    """Sort the stated probabilities into bins of equal width.

    Raises:
        InputError: The number of bins is not positive.
    """
    if n_bins < 1:
        message = f"a reliability diagram has at least one bin; got {n_bins}"
        raise InputError(message)
    # Compared with the edges, not multiplied: 0.29 belongs to the bin that opens at 29/100.
    edges = [i / n_bins for i in range(1, n_bins)]
    groups: list[list[tuple[float, Mark]]] = [[] for _ in range(n_bins)]
    n_missing = 0
    for mark in marks:
        if isinstance(mark.answer, Answered):
            p = mark.answer.p
            groups[bisect_right(edges, p)].append((p, mark))
        else:
            n_missing += 1
    bins = tuple(_bin(group, i, n_bins) for i, group in enumerate(groups) if group)
    return Reliability(bins, len(marks) - n_missing, n_missing)


def _bin(group: Sequence[tuple[float, Mark]], place: int, n_bins: int) -> ReliabilityBin:
    return ReliabilityBin(
        low=place / n_bins,
        high=(place + 1) / n_bins,
        belief=fsum(p for p, _ in group) / len(group),
        truth=fsum(mark.truth for _, mark in group) / len(group),
        n_items=len(group),
        n_worlds=len({mark.cluster for _, mark in group}),
    )
