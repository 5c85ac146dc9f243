"""How a participant's beliefs move with the evidence, beside exact Bayes.

A change runs from one statement about a question to the next, with rows drawn in between; its size
is the difference of log-odds, probabilities clipped to [0.01, 0.99]. Slope and intercept are the
least-squares line of the participant's changes on the learner's: 1 and 0 for the learner itself,
a slope below 1 for one who moves too little.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum, log
from typing import Final

import numpy as np

from causal_interface_gym.errors import InferenceError
from causal_interface_gym.gym.episode import Event
from causal_interface_gym.gym.learner import Learner, Prediction
from causal_interface_gym.gym.learner.sequence import sequence
from causal_interface_gym.scenarios.world import World
from causal_interface_gym.scoring.unscored import Unscored

__all__ = [
    "CLIP",
    "Change",
    "Divergence",
    "UpdateFit",
    "UpdateMetrics",
    "log_odds",
    "update_metrics",
]

CLIP: Final = (0.01, 0.99)
"""Probabilities beyond these count as these."""

_LEAST_SPREAD: Final = 1e-12
_LEAST_CHANGES: Final = 2


@dataclass(frozen=True, slots=True)
class Change:
    """How far participant and learner moved on a question between two statements, in log-odds."""

    question: str
    step: int
    own: float
    learner: float


@dataclass(frozen=True, slots=True)
class UpdateFit:
    """The line own change = intercept + slope * learner's change."""

    slope: float
    intercept: float
    n_changes: int


@dataclass(frozen=True, slots=True)
class Divergence:
    """Mean Kullback-Leibler divergence from the learner's to the own beliefs, in nats.

    It is taken after each step that states a belief, over all questions with a belief so far, both
    sides clipped.
    """

    step: int
    value: float
    n_questions: int


@dataclass(frozen=True, slots=True)
class UpdateMetrics:
    """All update metrics of an episode; questions that the learner cannot answer are counted."""

    fit: UpdateFit | Unscored
    divergences: tuple[Divergence, ...]
    changes: tuple[Change, ...]
    n_unpredictable: int


def update_metrics(
    log: Sequence[Event], world: World, *, learner: Learner
) -> UpdateMetrics | Unscored:
    """Compare the changes of belief in an episode's log with those of a learner at its prior."""
    asked = {question.id: question.asked for question in world.questions}
    stated: dict[str, _Stated] = {}
    current: dict[str, float] = {}
    changes: list[Change] = []
    divergences: list[Divergence] = []
    unpredictable: set[str] = set()
    n_drawn = 0
    try:
        for step in sequence(log, learner):
            n_drawn += len(step.evidence)
            current |= step.beliefs
            if not step.beliefs:
                continue
            found = {q: step.learner.predict(asked[q]) for q in current}
            predicted = {q: f.p for q, f in found.items() if isinstance(f, Prediction)}
            unpredictable |= set(found) - set(predicted)
            for q, p in step.beliefs.items():
                if q in predicted:
                    now = _Stated(log_odds(p), log_odds(predicted[q]), n_drawn)
                    changes += _changes(q, step.number, stated.get(q, now), now)
                    stated[q] = now
            divergences += _divergences(step.number, current, predicted)
    except InferenceError as error:
        return Unscored(f"the learner cannot follow this episode: {error}")
    return UpdateMetrics(_fit(changes), tuple(divergences), tuple(changes), len(unpredictable))


def log_odds(p: float) -> float:
    """Give the log-odds of a probability clipped to [0.01, 0.99].

    >>> log_odds(0.5), log_odds(1.0) == log_odds(0.99)
    (0.0, True)
    """
    clipped = _clip(p)
    return log(clipped / (1 - clipped))


@dataclass(frozen=True, slots=True)
class _Stated:
    """Where both stood, in log-odds, when so many batches had been drawn."""

    own: float
    learner: float
    n_drawn: int


def _changes(question: str, step: int, before: _Stated, now: _Stated) -> list[Change]:
    if now.n_drawn == before.n_drawn:
        return []  # said again without new evidence: no update
    return [Change(question, step, now.own - before.own, now.learner - before.learner)]


def _divergences(
    step: int, current: Mapping[str, float], predicted: Mapping[str, float]
) -> list[Divergence]:
    if not predicted:
        return []
    parts = [_divergence(_clip(p), _clip(current[q])) for q, p in predicted.items()]
    return [Divergence(step, fsum(parts) / len(parts), len(parts))]


def _divergence(p: float, q: float) -> float:
    return max(0.0, p * log(p / q) + (1 - p) * log((1 - p) / (1 - q)))


def _clip(p: float) -> float:
    return min(max(p, CLIP[0]), CLIP[1])


def _fit(changes: Sequence[Change]) -> UpdateFit | Unscored:
    if len(changes) < _LEAST_CHANGES:
        return Unscored("fewer than two changes of belief had evidence in between")
    x = np.array([change.learner for change in changes])
    y = np.array([change.own for change in changes])
    spread = float(((x - x.mean()) ** 2).sum())
    if spread <= _LEAST_SPREAD:
        return Unscored("the learner's changes are all alike, so no line is determined")
    slope = float(((x - x.mean()) * (y - y.mean())).sum()) / spread
    return UpdateFit(slope, float(y.mean()) - slope * float(x.mean()), len(changes))
