"""How much of a model's score is the format it was asked in.

Formats are equivalent, so a score that hangs on them measures the asking. A format is dealt to each
world by a fixed rule; the headline is scored within each format, and the spread is the best less
the worst. Some spread is left by chance, since formats meet different worlds: how much is told by
dealing the formats out again at random, among the trials of each scenario as they were dealt, and
among all scenarios that were met once.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.agents.elicitation.format import FACTORS, Format, format_of
from causal_interface_gym.questions.families import HEADLINE
from causal_interface_gym.questions.question import BaseRate
from causal_interface_gym.runs.grades.items import ItemTable
from causal_interface_gym.runs.records import Record
from causal_interface_gym.scoring.losses import losses_of
from causal_interface_gym.scoring.marking import last_words
from causal_interface_gym.scoring.statistics import LEVEL, Interval, NoInterval
from causal_interface_gym.scoring.unscored import Unscored

__all__ = ["FactorEffect", "FormatGrade", "FormatTally"]

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

N_DEALT: Final = 500
"""How often the trials are dealt out again at random."""
_N_DRAWS: Final = 1_000
_CHUNK: Final = 100
_SEED: Final = 0
_FAMILY: Final = {name: place for place, name in enumerate(HEADLINE)}
_FEWEST: Final = 2


@dataclass(frozen=True, slots=True)
class FactorEffect:
    """The score with one setting of a factor less that with the other."""

    first: str
    second: str
    value: float
    interval: Interval | NoInterval


@dataclass(frozen=True, slots=True)
class FormatGrade:
    """The headline by format, and what the formats make of it.

    ``spread`` is the best less the worst; ``by_chance`` is the spread that ``LEVEL`` of random
    deals stay below, ``p_value`` the share of them, this deal among them, that reach the spread
    found.
    """

    scores: Mapping[str, float]
    spread: float
    interval: Interval | NoInterval
    by_chance: float
    p_value: float
    factors: Mapping[str, FactorEffect]


@dataclass(slots=True)
class FormatTally:
    """The headline losses of an agent, trial by trial."""

    table: ItemTable
    formats: list[Format] = field(default_factory=list)
    scenarios: list[str] = field(default_factory=list)
    clusters: list[str] = field(default_factory=list)
    losses: list[Floats] = field(default_factory=list)

    def add(self, record: Record, asked: Iterable[tuple[str, int]]) -> None:
        """Add an episode: the questions asked, each with the number of its item."""
        said = last_words(record.log)
        found = np.zeros((2, len(HEADLINE)))
        cluster = ""
        for question, number in asked:
            mark = self.table.items[number].unanswered
            if mark.family not in _FAMILY or isinstance(mark.reference, BaseRate):
                continue
            cost = losses_of(mark, base_rates={})
            is_answered = question in said.beliefs and question not in said.unanswerable
            own = (said.beliefs[question] - mark.truth) ** 2 if is_answered else cost.own
            found[:, _FAMILY[mark.family]] += own, cost.reference
            cluster = mark.cluster
        if cluster:
            self.formats.append(format_of(record.trial.scenario, record.trial.seed))
            self.scenarios.append(record.trial.scenario)
            self.clusters.append(cluster)
            self.losses.append(found)

    def result(self) -> FormatGrade | Unscored:
        """Give the sensitivity of the score to format."""
        names = sorted({str(found) for found in self.formats})
        if len(names) < _FEWEST:
            return Unscored("fewer than two formats were asked in")
        place = {name: i for i, name in enumerate(names)}
        labels = np.array([place[str(found)] for found in self.formats], dtype=np.int64)
        losses = np.array(self.losses)
        scores = _scores(_sums(losses, labels, len(names)))
        if np.isfinite(scores).sum() < _FEWEST:
            return Unscored("fewer than two formats have a headline question")
        spread = float(_spread(scores))
        dealt = self._dealt(losses, labels, len(names))
        drawn = self._drawn(losses, labels, len(names))
        return FormatGrade(
            {name: float(scores[i]) for name, i in place.items() if np.isfinite(scores[i])},
            spread,
            _interval(_spread(_scores(drawn)) if drawn is not None else None),
            float(np.quantile(dealt, LEVEL)),
            float((1 + (dealt >= spread - 1e-12).sum()) / (1 + len(dealt))),
            self._factors(losses, labels, names, drawn),
        )

    def _dealt(self, losses: Floats, labels: Numbers, n: int) -> Floats:
        """Give the spreads of the same trials with formats dealt at random."""
        rng = np.random.default_rng(_SEED)
        met = Counter(self.scenarios)
        strata = np.array([name if met[name] > 1 else "" for name in self.scenarios])
        groups = [np.flatnonzero(strata == name) for name in np.unique(strata)]
        spreads = np.empty(N_DEALT)
        deal = labels.copy()
        for number in range(N_DEALT):
            for group in groups:
                deal[group] = rng.permutation(labels[group])
            spreads[number] = _spread(_scores(_sums(losses, deal, n)))
        return spreads

    def _drawn(self, losses: Floats, labels: Numbers, n: int) -> Floats | None:
        """Draw distinct worlds with replacement: sums of shape (draws, formats, 2, families)."""
        found, of_trial = np.unique(self.clusters, return_inverse=True)
        if len(found) < _FEWEST:
            return None
        sums = np.zeros((len(found), n, *losses.shape[1:]))
        np.add.at(sums, (of_trial, labels), losses)
        rng = np.random.default_rng(_SEED)
        shares = np.full(len(found), 1 / len(found))
        parts = [
            np.einsum("dc,cfkh->dfkh", rng.multinomial(len(found), shares, size=_CHUNK), sums)
            for _ in range(_N_DRAWS // _CHUNK)
        ]
        return np.concatenate(parts)

    def _factors(
        self, losses: Floats, labels: Numbers, names: list[str], drawn: Floats | None
    ) -> dict[str, FactorEffect]:
        """Compare the two settings of each factor, pooled over the formats that have it."""
        by_name = {str(found): found for found in self.formats}
        sums = _sums(losses, labels, len(names))
        effects: dict[str, FactorEffect] = {}
        for factor, (first, second) in FACTORS.items():
            is_first = np.array([getattr(by_name[name], factor) == first for name in names])
            value = _contrast(sums, is_first)
            if np.isfinite(value):
                draws = _contrast(drawn, is_first) if drawn is not None else None
                effects[factor] = FactorEffect(first, second, float(value), _interval(draws))
        return effects


def _sums(losses: Floats, labels: Numbers, n: int) -> Floats:
    """Sum by format: shape (formats, 2, families)."""
    found = np.zeros((n, *losses.shape[1:]))
    np.add.at(found, labels, losses)
    return found


def _scores(sums: Floats) -> Floats:
    """Score the last two axes, own losses and the reference's by family; NaN without a family.

    The NaN is dropped before anybody sees a number.
    """
    own, reference = sums[..., 0, :], sums[..., 1, :]
    telling = reference > 0
    each = np.where(telling, 1 - own / np.where(telling, reference, 1), 0)
    n = telling.sum(axis=-1)
    found: Floats = np.where(n > 0, each.sum(axis=-1) / np.maximum(n, 1), np.nan)
    return found


def _spread(scores: Floats) -> Floats:
    """Give the best less the worst along the last axis; 0 where there is one or none."""
    best = np.where(np.isfinite(scores), scores, -np.inf).max(axis=-1)
    worst = np.where(np.isfinite(scores), scores, np.inf).min(axis=-1)
    found: Floats = np.where(np.isfinite(best), best - worst, 0.0)
    return found


def _contrast(sums: Floats, is_first: NDArray[np.bool_]) -> Floats:
    """Score the formats with the first setting less those with the second."""
    one = sums[..., is_first, :, :].sum(axis=-3)
    other = sums[..., ~is_first, :, :].sum(axis=-3)
    return _scores(one) - _scores(other)


def _interval(draws: Floats | None) -> Interval | NoInterval:
    if draws is None or not np.isfinite(draws).any():
        return NoInterval("fewer than two distinct worlds")
    kept = draws[np.isfinite(draws)]
    low, high = np.quantile(kept, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))
