"""What an action is expected to tell: the information between hypothesis and the rows to come.

One row has finitely many outcomes, so its expected gain is exact. A batch is averaged over drawn
outcomes, each with its exact posterior, and the error of that average is reported.

Source: [lindley1956].
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.gym.learner.evidence import Design, cells_with
from causal_interface_gym.gym.learner.prediction import Learner

__all__ = ["Estimate", "batch_gain", "designs", "entropy", "information_gain", "merged"]

MANY: Final = 4
"""With more variables than this, actions that set several at once are too many to compare."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A Monte Carlo mean and its standard error, from ``n_draws`` independent draws."""

    mean: float
    standard_error: float
    n_draws: int


def entropy(learner: Learner) -> float:
    """Give the entropy of the hypotheses in nats."""
    return _entropy(learner.weights)


def information_gain(learner: Learner, design: Design) -> float:
    """Give the expected fall of the entropy, in nats, by one row; exact, never negative.

    Before any data a single row tells nothing about which graph: under equal pseudo-counts every
    graph expects the same of it. From the second row on, rows are compared with rows.

    >>> from causal_interface_gym.gym.learner import Evidence, graph_learner
    >>> learner = graph_learner({"x": ("0", "1"), "y": ("0", "1")})
    >>> learner = learner.after(Evidence(Design(), np.array([[8.0, 1.0], [1.0, 8.0]])))
    >>> information_gain(learner, Design()) < information_gain(learner, Design((("x", "1"),)))
    True
    """
    weights = learner.weights
    if len(weights) == 1:
        return 0.0
    cells = merged(learner, design, learner.rows(design.do))
    mixed = weights @ cells
    inner = _entropies(cells)
    return max(0.0, _entropy(mixed) - float(weights @ inner))


def batch_gain(
    learner: Learner, design: Design, n_rows: int, *, n_draws: int, rng: np.random.Generator
) -> Estimate:
    """Estimate the expected fall of the entropy by a batch of rows.

    Raises:
        InferenceError: The learner cannot use rows that the design's condition hides.
    """
    before = entropy(learner)
    p = learner.weights / learner.weights.sum()
    gains = [
        before - entropy(learner.after(learner.draw(int(h), design, n_rows, rng=rng)))
        for h in rng.choice(len(p), size=n_draws, p=p)
    ]
    error = float(np.std(gains, ddof=1) / np.sqrt(n_draws))
    return Estimate(float(np.mean(gains)), error, n_draws)


def designs(learner: Learner, *, can_intervene: bool) -> Iterator[Design]:
    """Yield the one-row actions: to observe, or to set some of the variables to states.

    With up to four variables these are all that can tell anything (to set every variable cannot);
    with more, actions that set one variable.
    """
    yield Design()
    names = tuple(learner.states) if can_intervene else ()
    largest = len(names) - 1 if len(names) <= MANY else 1
    for size in range(1, largest + 1):
        for chosen in combinations(names, size):
            for labels in product(*(learner.states[name] for name in chosen)):
                yield Design(tuple(sorted(zip(chosen, labels, strict=True))))


def merged(learner: Learner, design: Design, rows: Floats) -> Floats:
    """Flatten distributions of rows; what fails the design's condition becomes one last cell."""
    shown = np.ones(rows.shape[1:], dtype=bool)
    for name, label in design.where:
        shown &= cells_with(learner.states, name, label)
    kept = np.where(shown, rows, 0.0).reshape(len(rows), -1)
    outside = np.where(shown, 0.0, rows).reshape(len(rows), -1).sum(axis=1)
    return np.column_stack([kept, outside])


def _entropies(rows: Floats) -> Floats:
    safe = np.where(rows > 0, rows, 1.0)
    found: Floats = -(safe * np.log(safe)).sum(axis=1)
    return found


def _entropy(weights: Floats) -> float:
    return float(_entropies(weights[None])[0])
