"""How often a participant's beliefs lie nearer to a lure than to the truth.

A description for reports, not a score: the weights of the fallacies need a joint fit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from causal_interface_gym.scoring.marking import Answered, Mark

__all__ = ["MIN_GAP", "LureCount", "lure_counts"]

MIN_GAP: Final = 0.02
"""A lure nearer to the truth than this cannot be told from it and is not counted."""


@dataclass(frozen=True, slots=True)
class LureCount:
    """Answers nearer to the lure than to the truth, among those where the two differ."""

    n_nearer: int
    n_items: int


def lure_counts(marks: Sequence[Mark]) -> Mapping[str, LureCount]:
    """Count by fallacy; what a lure's name adds after a colon is left out."""
    counts: dict[str, LureCount] = {}
    for mark in marks:
        if not isinstance(mark.answer, Answered):
            continue
        for lure in mark.lures:
            if abs(lure.value - mark.truth) < MIN_GAP:
                continue
            name = lure.fallacy.partition(":")[0]
            old = counts.get(name, LureCount(0, 0))
            is_nearer = abs(mark.answer.p - lure.value) < abs(mark.answer.p - mark.truth)
            counts[name] = LureCount(old.n_nearer + is_nearer, old.n_items + 1)
    return dict(sorted(counts.items()))
