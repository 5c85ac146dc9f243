"""The answers of one participant, summed by item as they stream by."""

from array import array
from collections.abc import Sequence
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.runs.grades.items import ItemTable
from causal_interface_gym.scoring.marking import LastWords

__all__ = ["N_BINS", "N_POINTS", "Tally"]

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

N_BINS: Final = 10
"""Bins of the reliability diagram."""

N_POINTS: Final = 600
"""Distinct answers of a participant that are kept for drawing, chosen by a fixed hash."""

_BUFFER: Final = 1 << 15
_GRID: Final = 10_000
"""Beliefs are told apart to this many parts of 1 in a drawing."""

_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_EDGES: Final = np.array([i / N_BINS for i in range(1, N_BINS)])
"""Where bins begin, as quotients: 0.3 belongs to the bin that opens at 3/10."""


class Tally:
    """Sums by item: arrays of one entry an item (``near``, ``binned``: one row an item).

    ``n`` answers with sum ``total``, squared errors ``squared``, least ``low`` and greatest
    ``high`` (infinite without answers); ``missing`` answers. ``near`` counts the answers nearer to
    each lure than to the truth, ``binned`` those in each bin, with sums ``bin_totals``.
    """

    def __init__(self, table: ItemTable) -> None:
        """Start at zero."""
        self._table = table
        self._items = array("q")
        self._beliefs = array("d")
        self._unanswered = array("q")
        self.codes: Counts = np.empty(0, dtype=np.int64)
        self.n: Counts = np.zeros(0, dtype=np.int64)
        self.missing: Counts = np.zeros(0, dtype=np.int64)
        self.total: Floats = np.zeros(0)
        self.squared: Floats = np.zeros(0)
        self.low: Floats = np.zeros(0)
        self.high: Floats = np.zeros(0)
        self.near: Counts = np.zeros((0, 0), dtype=np.int64)
        self.binned: Counts = np.zeros((0, N_BINS), dtype=np.int64)
        self.bin_totals: Floats = np.zeros(N_BINS)

    def add(self, asked: Sequence[tuple[str, int]], said: LastWords) -> None:
        """Add an episode: the questions asked, each with the number of its item, and answers."""
        beliefs = said.beliefs
        for question, number in asked:
            if question in beliefs:
                self._items.append(number)
                self._beliefs.append(beliefs[question])
            else:
                self._unanswered.append(number)
        if len(self._items) + len(self._unanswered) >= _BUFFER:
            self.settle()

    def settle(self) -> Self:
        """Move what is buffered into the sums; reading them needs it."""
        self._grow()
        items = np.frombuffer(self._items, dtype=np.int64)
        beliefs = np.frombuffer(self._beliefs)
        self.missing += np.bincount(
            np.frombuffer(self._unanswered, dtype=np.int64), minlength=len(self.n)
        )
        if len(items):
            self._sum(items, beliefs)
        self._items, self._beliefs, self._unanswered = array("q"), array("d"), array("q")
        return self

    def plus(self, other: "Tally") -> "Tally":
        """Give the sums of two parts of a run."""
        both = Tally(self._table)
        both.settle()
        for part in (self.settle(), other.settle()):
            both.low = np.minimum(both.low, part.low)
            both.high = np.maximum(both.high, part.high)
            for name in ("n", "missing", "total", "squared", "near", "binned", "bin_totals"):
                setattr(both, name, getattr(both, name) + getattr(part, name))
            both.keep(part.codes)
        return both

    @property
    def n_asked(self) -> Counts:
        """How often each item was asked."""
        return self.n + self.missing

    @property
    def points(self) -> Sequence[tuple[int, float]]:
        """Distinct answers for drawing: (item, belief), at most ``N_POINTS``."""
        return [(int(code) // (_GRID + 1), int(code) % (_GRID + 1) / _GRID) for code in self.codes]

    def _sum(self, items: Counts, beliefs: Floats) -> None:
        size = len(self.n)
        errors = beliefs - self._table.truths()[items]
        self.n += np.bincount(items, minlength=size)
        self.total += np.bincount(items, beliefs, minlength=size)
        self.squared += np.bincount(items, errors**2, minlength=size)
        np.minimum.at(self.low, items, beliefs)
        np.maximum.at(self.high, items, beliefs)
        lures = self._table.lures()[items]
        is_near = np.abs(beliefs[:, None] - lures) < np.abs(errors)[:, None]
        for place in range(lures.shape[1]):
            self.near[:, place] += np.bincount(items[is_near[:, place]], minlength=size)
        bins = np.searchsorted(_EDGES, beliefs, side="right")
        binned = np.bincount(items * N_BINS + bins, minlength=size * N_BINS)
        self.binned += binned.reshape(size, N_BINS)
        self.bin_totals += np.bincount(bins, beliefs, minlength=N_BINS)
        self.keep(items * (_GRID + 1) + np.rint(beliefs * _GRID).astype(np.int64))

    def keep(self, codes: Counts) -> None:
        """Keep the distinct answers of least hash: the order of meeting does not matter."""
        found = np.unique(np.concatenate([self.codes, codes]))
        if len(found) > N_POINTS:
            mixed = found.astype(np.uint64) * _MIX
            mixed ^= mixed >> np.uint64(29)
            found = np.sort(found[np.argsort(mixed * _MIX, kind="stable")[:N_POINTS]])
        self.codes = found

    def _grow(self) -> None:
        """Make room for items met since."""
        more = len(self._table.items) - len(self.n)
        width = self._table.lures().shape[1]
        self.n, self.missing = (np.pad(sums, (0, more)) for sums in (self.n, self.missing))
        self.total, self.squared = (np.pad(sums, (0, more)) for sums in (self.total, self.squared))
        self.low = np.pad(self.low, (0, more), constant_values=np.inf)
        self.high = np.pad(self.high, (0, more), constant_values=-np.inf)
        self.near = np.pad(self.near, ((0, more), (0, width - self.near.shape[1])))
        self.binned = np.pad(self.binned, ((0, more), (0, 0)))
