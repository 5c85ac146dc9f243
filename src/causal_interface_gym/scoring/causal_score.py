"""The Causal Score: 1 is exact, 0 is as good as the reference, and it is not clipped.

The loss of a probability b is (b - t)^2, its expected Brier score less the part no one can avoid:
strictly proper, and free of outcome noise. The score of a family is 1 - (sum of the participant's
losses) / (sum of the reference's); the headline is the unweighted mean over the families whose
reference is the seer. It is quadratic: an answer half way between seeing and doing scores 0.75.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.questions.families import FAMILIES, HEADLINE
from causal_interface_gym.scoring.losses import Part, losses_of, part_of
from causal_interface_gym.scoring.marking import Answered, Mark
from causal_interface_gym.scoring.statistics import Interval, NoInterval, score_interval

__all__ = [
    "VERSION",
    "CausalScore",
    "FamilyLosses",
    "Scored",
    "Scores",
    "UnscoredFamily",
    "causal_scores",
    "headline_families",
    "score_families",
]

VERSION: Final = 2
"""The version of this definition; a score names it.

Version 1 charged a missing distribution part by part, each against 0.5, and took one base rate over
all alternatives; both concern the family ``direction`` only.
"""


@dataclass(frozen=True, slots=True)
class CausalScore:
    """A score with its interval; ``n_worlds`` counts distinct SCMs, ``n_items`` answers asked."""

    value: float
    interval: Interval | NoInterval
    loss: float
    reference_loss: float
    n_items: int
    n_worlds: int


@dataclass(frozen=True, slots=True)
class UnscoredFamily:
    """No score exists; ``excess_loss`` is the mean loss over that of the reference.

    Where there is a loss it is reported, which a plain ``Unscored`` cannot.
    """

    reason: str
    excess_loss: float
    n_items: int


Scored = CausalScore | UnscoredFamily


@dataclass(frozen=True, slots=True)
class Scores:
    """All scores of one participant; ``coverage`` is the share of questions answered.

    ``family_coverage`` says the same of each family that has questions.
    """

    headline: Scored
    families: Mapping[str, Scored]
    coverage: float
    family_coverage: Mapping[str, float]
    version: int = VERSION


@dataclass(frozen=True, slots=True)
class FamilyLosses:
    """Losses of one family, summed by cluster; both mappings have the same clusters."""

    own: Mapping[str, float]
    reference: Mapping[str, float]
    n_items: int

    @property
    def loss(self) -> float:
        """The participant's sum."""
        return fsum(self.own.values())

    @property
    def reference_loss(self) -> float:
        """The sum of the reference."""
        return fsum(self.reference.values())


def causal_scores(marks: Sequence[Mark], *, seed: int = 0) -> Scores:
    """Score the marks of one participant; ``seed`` fixes the bootstrap of the intervals."""
    by_family: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        by_family[mark.family].append(mark)
    return score_families(
        {name: _losses(found) for name, found in by_family.items()},
        answered={
            name: sum(isinstance(mark.answer, Answered) for mark in found)
            for name, found in by_family.items()
        },
        seed=seed,
    )


def score_families(
    losses: Mapping[str, FamilyLosses], *, answered: Mapping[str, int], seed: int = 0
) -> Scores:
    """Score a participant from its losses by family, as they remain when marks are summed up.

    ``answered`` counts the questions of each family that were answered.
    """
    ordered = {name: losses[name] for name in FAMILIES if name in losses}
    families = {name: _score([found], seed) for name, found in ordered.items()}
    headline = [ordered[name] for name in headline_families(ordered)]
    n_items = sum(found.n_items for found in ordered.values())
    coverage = sum(answered[name] for name in ordered) / n_items if n_items else 0.0
    by_family = {name: answered[name] / found.n_items for name, found in ordered.items()}
    return Scores(_score(headline, seed), families, coverage, by_family)


def headline_families(losses: Mapping[str, FamilyLosses]) -> tuple[str, ...]:
    """Name the families that enter the headline: those whose reference is wrong somewhere."""
    return tuple(n for n in HEADLINE if n in losses and losses[n].reference_loss > 0)


def _losses(marks: Sequence[Mark]) -> FamilyLosses:
    truths: dict[Part, list[float]] = defaultdict(list)
    for mark in marks:
        truths[part_of(mark)].append(mark.truth)
    base_rates = {part: fsum(found) / len(found) for part, found in truths.items()}
    own: dict[str, list[float]] = defaultdict(list)
    reference: dict[str, list[float]] = defaultdict(list)
    for mark in marks:
        losses = losses_of(mark, base_rates=base_rates)
        own[mark.cluster].append(losses.own)
        reference[mark.cluster].append(losses.reference)
    return FamilyLosses(
        {cluster: fsum(values) for cluster, values in own.items()},
        {cluster: fsum(values) for cluster, values in reference.items()},
        len(marks),
    )


def _score(tables: Sequence[FamilyLosses], seed: int) -> Scored:
    n_items = sum(t.n_items for t in tables)
    if not tables:
        return UnscoredFamily("no_items", 0.0, 0)
    if any(t.reference_loss == 0 for t in tables):
        excess = fsum(t.loss - t.reference_loss for t in tables) / n_items
        return UnscoredFamily("zero_reference", excess, n_items)
    clusters = sorted({cluster for t in tables for cluster in t.own})
    return CausalScore(
        value=fsum(1 - t.loss / t.reference_loss for t in tables) / len(tables),
        interval=score_interval(
            _columns(clusters, [t.own for t in tables]),
            _columns(clusters, [t.reference for t in tables]),
            seed=seed,
        ),
        loss=fsum(t.loss for t in tables) / n_items,
        reference_loss=fsum(t.reference_loss for t in tables) / n_items,
        n_items=n_items,
        n_worlds=len(clusters),
    )


def _columns(
    clusters: Sequence[str], columns: Sequence[Mapping[str, float]]
) -> NDArray[np.float64]:
    return np.array([[column.get(cluster, 0.0) for column in columns] for cluster in clusters])
