"""Bootstrap resamples of counts, as a joint distribution with the resample as one more variable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.estimation.counts import Counts
from causal_interface_gym.causal.mechanism import MAX_CELLS
from causal_interface_gym.errors import WidthError

__all__ = ["RESAMPLE", "Resamples"]

Floats = NDArray[np.float64]

RESAMPLE: Final = " resample"
"""The name of that variable; no column can be called so, for it begins with a blank."""


@dataclass(frozen=True, slots=True)
class Resamples:
    """Weights of the cells in each resample, shape (n_resamples, n_cells), and those of trials."""

    counts: Counts
    weights: Floats
    trials: Mapping[frozenset[str], "Resamples"]

    @classmethod
    def of(cls, counts: Counts, n: int, rng: np.random.Generator) -> Self:
        """Draw ``n`` resamples of the units, and of the units of each trial."""
        weights = rng.multinomial(counts.n_units, counts.weights / counts.total, size=n)
        trials = {names: cls.of(trial, n, rng) for names, trial in counts.trials.items()}
        return cls(counts, weights.astype(np.float64), trials)

    @property
    def states(self) -> dict[str, Sequence[str]]:
        """The labels of each variable; the resamples are numbered."""
        numbers = [str(i) for i in range(len(self.weights))]
        return {**self.counts.states, RESAMPLE: numbers}

    def table(self, names: Sequence[str], *, do: Mapping[str, str] | None = None) -> Floats:
        """Give the weights of ``names``, the last of which is the resample.

        Raises:
            WidthError: The table would be too large.
        """
        source = self.trials[self.counts.key_of(do)] if do else self
        mask = source.counts.assigned(do or {})
        where = source.counts.place(names[:-1], mask)
        n, cells = len(source.weights), prod(where.shape)
        if cells * n > MAX_CELLS:
            raise WidthError(cells * n, MAX_CELLS)
        order = np.argsort(where.place, kind="stable")
        sorted_places = where.place[order]
        starts = np.flatnonzero(np.diff(sorted_places, prepend=-1))
        sums = np.add.reduceat(source.weights[:, mask][:, order], starts, axis=1)
        table = np.zeros((cells, n))
        table[sorted_places[starts]] = sums.T
        return table.reshape(*where.shape, n)
