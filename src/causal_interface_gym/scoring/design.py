"""How well a participant chose what to look at, beside the best action it could have chosen.

The worth of an action is its expected information about the hypotheses (which graph, or which
listed model), in nats, given all evidence before it. One-row actions are compared exactly, so an
action of n rows is judged by its first row; its whole batch is estimated by Monte Carlo on request.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum
from typing import Final

import numpy as np

from causal_interface_gym.errors import InferenceError
from causal_interface_gym.gym.episode import Event
from causal_interface_gym.gym.interface import Interface
from causal_interface_gym.gym.learner import (
    Design,
    Estimate,
    Learner,
    batch_gain,
    designs,
    entropy,
    information_gain,
)
from causal_interface_gym.gym.learner.sequence import Step, budget_after, sequence
from causal_interface_gym.scoring.unscored import Unscored

__all__ = [
    "Best",
    "Choice",
    "DesignMetrics",
    "DesignStep",
    "Stopping",
    "best_choices",
    "design_metrics",
]

_NOTHING: Final = 1e-12
"""Expected information below this is rounding."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A one-row action, its expected information in nats and what it costs."""

    design: Design
    gain: float
    cost: int

    @property
    def gain_per_cost(self) -> float:
        """Nats a unit of budget; a free row counts as one unit."""
        return self.gain / max(self.cost, 1)


@dataclass(frozen=True, slots=True)
class Best:
    """The affordable one-row actions with the most information, and the most for their cost."""

    by_gain: Choice
    by_gain_per_cost: Choice


@dataclass(frozen=True, slots=True)
class DesignStep:
    """One action that drew rows; ``batch`` is the expected information of all its rows."""

    step: int
    n_rows: int
    chosen: Choice
    best: Best
    batch: Estimate | Unscored

    @property
    def regret(self) -> float:
        """What the best row was expected to tell beyond the chosen one, in nats, >= 0."""
        return max(0.0, self.best.by_gain.gain - self.chosen.gain)


@dataclass(frozen=True, slots=True)
class Stopping:
    """What was left at the end: the best row still affordable, doubt, and budget.

    ``value_left`` is 0 where no row was affordable any more.
    """

    value_left: float
    entropy_left: float
    budget_left: int
    budget_spent: int


@dataclass(frozen=True, slots=True)
class DesignMetrics:
    """Sums over the actions; ``efficiency`` is information chosen over best available, in [0, 1].

    ``regret`` is the mean over actions, in nats a row.
    """

    steps: tuple[DesignStep, ...]
    efficiency: float | Unscored
    efficiency_per_cost: float | Unscored
    regret: float | Unscored
    stopping: Stopping


def design_metrics(
    log: Sequence[Event],
    interface: Interface,
    *,
    learner: Learner,
    n_draws: int = 0,
    seed: int = 0,
) -> DesignMetrics | Unscored:
    """Compare the actions in an episode's log with the best ones for a learner at its prior.

    ``n_draws`` >= 2 estimates the information of every batch; ``seed`` fixes the draws.
    """
    steps: list[DesignStep] = []
    rng = np.random.default_rng(seed)
    budget = interface.budget
    try:
        for step in sequence(log, learner):
            for seen in step.evidence:
                best = best_choices(learner, interface, budget=budget, also=(seen.design,))
                chosen = _choice(learner, interface, seen.design)
                batch = _batch(learner, seen.design, seen.n, n_draws, rng)
                steps += [DesignStep(step.number, seen.n, chosen, found, batch) for found in best]
            budget = _budget(step, budget)
            learner = step.learner
    except InferenceError as error:
        return Unscored(f"the learner cannot follow this episode: {error}")
    return DesignMetrics(
        tuple(steps),
        _ratio([(s.chosen.gain, s.best.by_gain.gain) for s in steps]),
        _ratio([(s.chosen.gain_per_cost, s.best.by_gain_per_cost.gain_per_cost) for s in steps]),
        fsum(s.regret for s in steps) / len(steps) if steps else Unscored(_NO_ROWS),
        _stopping(learner, interface, budget),
    )


_NO_ROWS: Final = "no rows were drawn"


def best_choices(
    learner: Learner, interface: Interface, *, budget: int, also: Sequence[Design] = ()
) -> tuple[Best, ...]:
    """Give the best affordable one-row actions; empty where no row is affordable.

    Compared are the actions of ``designs`` and those in ``also``.
    """
    compared = (*designs(learner, can_intervene=interface.can_intervene), *also)
    found = [
        _choice(learner, interface, design)
        for design in compared
        if _cost(interface, design) <= budget
    ]
    if not found:
        return ()
    best = max(found, key=lambda choice: choice.gain)
    return (Best(best, max(found, key=lambda choice: choice.gain_per_cost)),)


def _choice(learner: Learner, interface: Interface, design: Design) -> Choice:
    return Choice(design, information_gain(learner, design), _cost(interface, design))


def _cost(interface: Interface, design: Design) -> int:
    return interface.experiment_row_cost if design.do else interface.row_cost


def _batch(
    learner: Learner, design: Design, n_rows: int, n_draws: int, rng: np.random.Generator
) -> Estimate | Unscored:
    if n_draws < 2:  # noqa: PLR2004 - one draw has no spread
        return Unscored("batches were not asked for; give n_draws >= 2")
    return batch_gain(learner, design, n_rows, n_draws=n_draws, rng=rng)


def _budget(step: Step, budget: int) -> int:
    left = budget_after(step.event)
    return left[0] if left else budget


def _ratio(pairs: Sequence[tuple[float, float]]) -> float | Unscored:
    if not pairs:
        return Unscored(_NO_ROWS)
    best = fsum(b for _, b in pairs)
    if best <= _NOTHING:
        return Unscored("no action could tell anything about the hypotheses")
    return fsum(a for a, _ in pairs) / best


def _stopping(learner: Learner, interface: Interface, budget: int) -> Stopping:
    best = best_choices(learner, interface, budget=budget)
    return Stopping(
        best[0].by_gain.gain if best else 0.0,
        entropy(learner),
        budget,
        interface.budget - budget,
    )
