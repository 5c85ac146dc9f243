"""One participant's grades: scores, breakdowns, comparison, fingerprint and conduct."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from causal_interface_gym.agents.registry import REFERENCE_AGENTS, is_tool_assisted
from causal_interface_gym.gym.interface import Interface
from causal_interface_gym.questions.families import HEADLINE
from causal_interface_gym.runs.grades.audits import Auditor, AuditTally, CoherenceGrade
from causal_interface_gym.runs.grades.conduct import Conduct, ConductTally
from causal_interface_gym.runs.grades.items import ItemTable
from causal_interface_gym.runs.grades.losses import ItemLosses
from causal_interface_gym.runs.grades.names import names_effect
from causal_interface_gym.runs.grades.sequences import SequenceGrade, SequenceTally
from causal_interface_gym.runs.grades.tally import Tally
from causal_interface_gym.runs.grades.weights import fingerprint_of, lures_of, reliability_of
from causal_interface_gym.runs.records import Record
from causal_interface_gym.scoring.calibration import Reliability
from causal_interface_gym.scoring.causal_score import Scores
from causal_interface_gym.scoring.comparison import Comparison, Difference, compare_losses
from causal_interface_gym.scoring.fallacies import Fingerprint
from causal_interface_gym.scoring.lures import LureCount
from causal_interface_gym.scoring.marking import last_words
from causal_interface_gym.scoring.unscored import Unscored

__all__ = ["AgentGrade", "AgentTally", "Point", "WorstAnswer", "grade_agent"]

_N_WORST: Final = 3
_SHOWN_AS_WRONG: Final = 0.005


@dataclass(frozen=True, slots=True)
class Point:
    """An answer to draw: its truth, the belief, and the item's family."""

    family: str
    truth: float
    belief: float


@dataclass(frozen=True, slots=True)
class WorstAnswer:
    """The answer to an item that lies farthest from the truth."""

    scenario: str
    family: str
    name: str
    truth: float
    belief: float


@dataclass(frozen=True, slots=True)
class AgentGrade:
    """What one agent achieved in a run.

    ``strata`` and ``names`` score the parts of the run by structure and by condition of names;
    ``versus`` compares with the baseline, and is empty for the baseline itself.
    """

    agent: str
    scores: Scores
    strata: Mapping[str, Scores]
    names: Mapping[str, Scores]
    names_effect: Mapping[str, Difference | Unscored]
    versus: tuple[Comparison, ...]
    fingerprint: Fingerprint | Unscored
    lures: Mapping[str, LureCount]
    reliability: Reliability
    coherence: CoherenceGrade
    sequences: SequenceGrade
    conduct: Conduct
    points: tuple[Point, ...]
    n_points: int
    worst: tuple[WorstAnswer, ...]
    n_worlds: int

    @property
    def is_reference(self) -> bool:
        """Whether it is a reference agent, which holds the world's model."""
        return self.agent in REFERENCE_AGENTS

    @property
    def is_tool_assisted(self) -> bool:
        """Whether it is a language model that may use the engine."""
        return is_tool_assisted(self.agent)

    @property
    def n_episodes(self) -> int:
        """How many trials it finished."""
        return self.conduct.n_episodes

    @property
    def n_failed(self) -> int:
        """In how many of them it failed."""
        return self.conduct.n_failed


@dataclass(frozen=True, slots=True)
class AgentTally:
    """The running sums of one agent; ``common`` over worlds that every agent finished."""

    agent: str
    common: Tally
    rest: Tally
    conduct: ConductTally
    audits: AuditTally
    sequences: SequenceTally

    @classmethod
    def new(cls, agent: str, table: ItemTable, shown: Interface, auditor: Auditor) -> "AgentTally":
        """Start at zero."""
        return cls(
            agent,
            Tally(table),
            Tally(table),
            ConductTally(shown),
            AuditTally(auditor),
            SequenceTally(shown),
        )

    def add(self, record: Record, asked: Sequence[tuple[str, int]], *, is_common: bool) -> None:
        """Add an episode: the questions asked, each with the number of its item."""
        (self.common if is_common else self.rest).add(asked, last_words(record.log))
        self.conduct.add(record)


def grade_agent(tally: AgentTally, table: ItemTable, *, baseline: AgentTally) -> AgentGrade:
    """Make all metrics of one agent."""
    whole = tally.common.plus(tally.rest)
    losses = ItemLosses(whole, table)
    strata = [item.stratum for item in table.items]
    names = [item.condition for item in table.items]
    asked = np.flatnonzero(whole.n_asked).tolist()
    return AgentGrade(
        agent=tally.agent,
        scores=losses.scores(),
        strata=_by_part(losses, strata),
        names=_by_part(losses, names),
        names_effect=names_effect(losses),
        versus=_versus(tally, table, baseline),
        fingerprint=fingerprint_of(whole, table),
        lures=lures_of(whole, table),
        reliability=reliability_of(whole, table),
        coherence=tally.audits.result(),
        sequences=tally.sequences.result(),
        conduct=tally.conduct.result(),
        points=_points(whole, table),
        n_points=int(whole.n.sum()),
        worst=_worst(whole, table),
        n_worlds=len({table.items[row].unanswered.cluster for row in asked}),
    )


def _by_part(losses: ItemLosses, parts: Sequence[str]) -> dict[str, Scores]:
    """Score each part of the run by itself."""
    labels = np.array(parts, dtype=np.str_)
    return {part: losses.scores(labels == part) for part in sorted(set(parts))}


def _versus(tally: AgentTally, table: ItemTable, other: AgentTally) -> tuple[Comparison, ...]:
    if tally is other:
        return ()
    found = [ItemLosses(t.common.settle(), table).by_family() for t in (tally, other)]
    return (compare_losses(*found),)


def _points(tally: Tally, table: ItemTable) -> tuple[Point, ...]:
    return tuple(
        Point(table.items[row].unanswered.family, table.items[row].unanswered.truth, belief)
        for row, belief in tally.points
    )


def _worst(tally: Tally, table: ItemTable) -> tuple[WorstAnswer, ...]:
    """Find the worst answers to headline questions; an item under other names counts once."""
    found: dict[tuple[str, str], WorstAnswer] = {}
    for row in np.flatnonzero(tally.n).tolist():
        mark = table.items[row].unanswered
        ends = (float(tally.low[row]), float(tally.high[row]))
        belief = max(ends, key=lambda p: abs(p - mark.truth))
        key = (mark.scenario, mark.name)
        before = abs(found[key].belief - mark.truth) if key in found else _SHOWN_AS_WRONG
        if mark.family in HEADLINE and abs(belief - mark.truth) > before:
            found[key] = WorstAnswer(mark.scenario, mark.family, mark.name, mark.truth, belief)
    ranked = sorted(found.values(), key=lambda w: (-abs(w.belief - w.truth), w.scenario, w.name))
    return tuple(ranked[:_N_WORST])
