"""Updates and choice of experiments beside exact Bayes, over a sample of a participant's episodes.

Changes of belief are pooled over episodes into one line, with intervals by world.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import fsum
from typing import Final

import numpy as np

from causal_interface_gym.gym.interface import Interface
from causal_interface_gym.gym.learner import NoLearner, reference_learner
from causal_interface_gym.runs.records import Record
from causal_interface_gym.scenarios.world import World
from causal_interface_gym.scoring.design import DesignMetrics, design_metrics
from causal_interface_gym.scoring.robust import Coefficient, cluster_robust
from causal_interface_gym.scoring.unscored import Unscored
from causal_interface_gym.scoring.update import Change, update_metrics

__all__ = ["SequenceGrade", "SequenceTally"]

_NO_ROWS: Final = "no rows were drawn"
_FEW: Final = "fewer than two changes of belief had evidence in between"


@dataclass(frozen=True, slots=True)
class SequenceGrade:
    """Sequence metrics of one participant over ``n_examined`` episodes.

    ``slope`` and ``intercept`` are the line of its changes of log-odds on the learner's (1 and 0
    for the learner). ``regret`` is the mean information lost by an action, in nats a row;
    ``efficiency`` the information chosen over the best available. ``left_out`` counts episodes
    that cannot be compared, by reason.
    """

    slope: Coefficient
    intercept: Coefficient
    regret: Coefficient
    efficiency: float | Unscored
    n_examined: int
    n_changes: int
    n_choices: int
    left_out: Mapping[str, int]


@dataclass(slots=True)
class SequenceTally:
    """The running sums of a participant."""

    interface: Interface
    changes: list[tuple[str, Change]] = field(default_factory=list)
    regrets: list[tuple[str, float]] = field(default_factory=list)
    gains: list[tuple[float, float]] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    n_examined: int = 0

    def add(self, record: Record, world: World) -> None:
        """Compare an episode with the learner of its world and add it."""
        self.n_examined += 1
        if not any(event.observation["kind"] == "counts" for event in record.log):
            self.left_out[_NO_ROWS] += 1
            return
        learner = reference_learner(world, shows_graph=self.interface.shows_graph)
        if isinstance(learner, NoLearner):
            self.left_out[learner.reason] += 1
            return
        updates = update_metrics(record.log, world, learner=learner)
        if isinstance(updates, Unscored):
            self.left_out[updates.reason] += 1
            return
        self.changes += [(world.cluster, change) for change in updates.changes]
        chosen = design_metrics(record.log, self.interface, learner=learner)
        if isinstance(chosen, DesignMetrics):
            self._choices(chosen, world.cluster)

    def result(self) -> SequenceGrade:
        """Give the metrics."""
        slope, intercept = self._line()
        best = fsum(b for _, b in self.gains)
        return SequenceGrade(
            slope=slope,
            intercept=intercept,
            regret=self._regret(),
            efficiency=fsum(a for a, _ in self.gains) / best if best > 0 else Unscored(_NO_GAIN),
            n_examined=self.n_examined,
            n_changes=len(self.changes),
            n_choices=len(self.regrets),
            left_out=dict(sorted(self.left_out.items())),
        )

    def _choices(self, metrics: DesignMetrics, world: str) -> None:
        if isinstance(metrics.efficiency, Unscored):
            return  # nothing could be learned about the hypotheses: no choice was better
        self.regrets += [(world, step.regret) for step in metrics.steps]
        self.gains += [(step.chosen.gain, step.best.by_gain.gain) for step in metrics.steps]

    def _line(self) -> tuple[Coefficient, Coefficient]:
        if len(self.changes) < 2:  # noqa: PLR2004 - a line needs two points
            return Unscored(_FEW), Unscored(_FEW)
        slope, intercept = cluster_robust(
            np.array([[change.learner, 1.0] for _, change in self.changes]),
            np.array([change.own for _, change in self.changes]),
            clusters=[world for world, _ in self.changes],
            names=["slope", "intercept"],
            magnitude=1.0,
        )
        return slope, intercept

    def _regret(self) -> Coefficient:
        if not self.regrets:
            return Unscored(_NO_GAIN)
        (found,) = cluster_robust(
            np.ones((len(self.regrets), 1)),
            np.array([regret for _, regret in self.regrets]),
            clusters=[world for world, _ in self.regrets],
            names=["regret"],
            magnitude=1.0,
        )
        return found


_NO_GAIN: Final = "no action could tell anything about the hypotheses"
