"""Coherence over a sample of a participant's episodes: one number, and the worst findings."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from causal_interface_gym.errors import CausalGymError
from causal_interface_gym.gym.interface import Interface
from causal_interface_gym.runs.grades.statements import Stated, graph_held, stated
from causal_interface_gym.runs.records import Record, Trial
from causal_interface_gym.scenarios.world import World
from causal_interface_gym.scoring.coherence import Audit, Finding, Incoherence, audit
from causal_interface_gym.scoring.marking import Mark
from causal_interface_gym.scoring.robust import Coefficient, cluster_robust
from causal_interface_gym.scoring.unscored import Unscored

__all__ = ["AuditTally", "Auditor", "CoherenceGrade", "WorstFinding"]

_N_WORST: Final = 3


@dataclass(frozen=True, slots=True)
class WorstFinding:
    """A check that fails, in the trial where it fails most."""

    finding: Finding
    trial: Trial


@dataclass(frozen=True, slots=True)
class CoherenceGrade:
    """Coherence of one participant over ``n_audited`` episodes.

    ``amount`` is the mean over episodes of the least L1 change that makes the statements coherent,
    with its interval by world; a mean of lower bounds unless ``n_exact`` equals ``n_measured``.
    ``unmeasured`` counts the episodes without that number by their reason.
    """

    amount: Coefficient
    n_audited: int
    n_measured: int
    n_exact: int
    n_statements: int
    n_checks: int
    n_violations: int
    unmeasured: Mapping[str, int]
    worst: tuple[WorstFinding, ...]


class Auditor:
    """Audits each distinct set of beliefs about a world once, whoever stated it."""

    def __init__(self, interface: Interface) -> None:
        """Start without audits."""
        self._interface = interface
        self._known: dict[object, Audit] = {}

    @property
    def n_audits(self) -> int:
        """How many distinct sets of beliefs were audited."""
        return len(self._known)

    def audit(self, record: Record, marks: tuple[Mark, ...], world: World) -> tuple[Stated, Audit]:
        """Audit the last statements of an episode."""
        said = stated(marks, world)
        graphs = graph_held(record.log, world, is_shown=self._interface.shows_graph)
        key = (world.digest, graphs, said.statements, str(said.directions))
        if key not in self._known:
            self._known[key] = audit(
                said.statements,
                states={v.name: v.labels for v in world.variables},
                graph=graphs[0] if graphs else None,
                directions=said.directions,
            )
        return said, self._known[key]


@dataclass(slots=True)
class AuditTally:
    """The running sums of a participant."""

    auditor: Auditor
    amounts: list[float] = field(default_factory=list)
    worlds: list[str] = field(default_factory=list)
    unmeasured: Counter[str] = field(default_factory=Counter)
    worst: dict[str, WorstFinding] = field(default_factory=dict)
    n_audited: int = 0
    n_exact: int = 0
    n_statements: int = 0
    n_checks: int = 0
    n_violations: int = 0

    def add(self, record: Record, marks: tuple[Mark, ...], world: World) -> None:
        """Audit an episode and add it."""
        self.n_audited += 1
        try:
            said, found = self.auditor.audit(record, marks, world)
        except CausalGymError as error:  # a hypothesis may be no graph: data, not a crash
            self.unmeasured[str(error)] += 1
            return
        self.n_statements += len(said.statements)
        self.n_checks += len(found.findings)
        self.n_violations += len(found.violations)
        match found.incoherence:
            case Incoherence() as measured:
                self.amounts.append(measured.amount)
                self.worlds.append(world.cluster)
                self.n_exact += measured.is_exact
            case Unscored(reason):
                self.unmeasured[reason] += 1
        for finding in found.violations:
            old = self.worst.get(finding.check)
            if old is None or finding.amount > old.finding.amount:
                self.worst[finding.check] = WorstFinding(finding, record.trial)

    def result(self) -> CoherenceGrade:
        """Give the sums."""
        worst = sorted(self.worst.values(), key=lambda w: (-w.finding.amount, w.finding.check))
        return CoherenceGrade(
            amount=self._amount(),
            n_audited=self.n_audited,
            n_measured=len(self.amounts),
            n_exact=self.n_exact,
            n_statements=self.n_statements,
            n_checks=self.n_checks,
            n_violations=self.n_violations,
            unmeasured=dict(sorted(self.unmeasured.items())),
            worst=tuple(worst[:_N_WORST]),
        )

    def _amount(self) -> Coefficient:
        if not self.amounts:
            return Unscored("no episode had a number")
        (found,) = cluster_robust(
            np.ones((len(self.amounts), 1)),
            np.array(self.amounts),
            clusters=self.worlds,
            names=["incoherence"],
            magnitude=1.0,
        )
        return found
