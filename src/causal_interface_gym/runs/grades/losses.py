"""Losses by family and world, from what was summed by item."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.runs.grades.items import ItemTable
from causal_interface_gym.runs.grades.tally import Tally
from causal_interface_gym.scoring.causal_score import (
    FamilyLosses,
    Scores,
    score_families,
)

__all__ = ["ItemLosses"]

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ItemLosses:
    """The losses of one participant by item.

    A missing answer costs what ``losses_of`` says; a reference that is the base rate is that of
    everything this participant was asked, also where only a part of it is scored.
    """

    tally: Tally
    table: ItemTable

    @cached_property
    def own(self) -> Floats:
        """The participant's losses, summed over its answers to an item."""
        found: Floats = self.tally.squared + self.tally.missing * self._each[0]
        return found

    @cached_property
    def reference(self) -> Floats:
        """The reference's losses over the same answers."""
        found: Floats = self.tally.n_asked * self._each[1]
        return found

    def scores(self, only: Mask | None = None) -> Scores:
        """Score all items, or those of a part."""
        chosen = self._asked if only is None else self._asked & only
        answered: dict[str, int] = defaultdict(int)
        for row in np.flatnonzero(chosen).tolist():
            answered[self.table.items[row].unanswered.family] += int(self.tally.n[row])
        return score_families(self.by_family(only), answered=answered)

    def by_family(self, only: Mask | None = None) -> Mapping[str, FamilyLosses]:
        """Sum by family and distinct SCM."""
        own: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        reference: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        n_items: dict[str, int] = defaultdict(int)
        chosen = self._asked if only is None else self._asked & only
        rows = np.flatnonzero(chosen)
        sums = (self.own, self.reference, self.tally.n_asked)
        numbers = zip(rows.tolist(), *(part[rows].tolist() for part in sums), strict=True)
        for row, lost, lost_by_reference, n in numbers:
            mark = self.table.items[row].unanswered
            own[mark.family][mark.cluster] += lost
            reference[mark.family][mark.cluster] += lost_by_reference
            n_items[mark.family] += n
        return {f: FamilyLosses(own[f], reference[f], n_items[f]) for f in own}

    @cached_property
    def _asked(self) -> Mask:
        return self.tally.n_asked > 0

    @cached_property
    def _each(self) -> Floats:
        """What one missing answer costs, and one answer of the reference; shape (2, n_items)."""
        return self.table.costs(self.tally.n_asked)
