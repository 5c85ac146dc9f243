"""Grade a run in one pass over its log: every score, and what describes the answers.

Records stream by in the order of the spec, so all participants of a world come together. Sums by
item are kept, not answers. What is costly (the coherence audit, the comparison with exact Bayes)
looks at a sample of worlds, the same for all, whose size is part of the grades.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from typing import Final, Protocol

from causal_interface_gym.errors import RunError
from causal_interface_gym.gym.interface import interface
from causal_interface_gym.runs.grades.agent import AgentGrade, AgentTally, grade_agent
from causal_interface_gym.runs.grades.audits import Auditor
from causal_interface_gym.runs.grades.items import ItemTable
from causal_interface_gym.runs.grades.models.grade import Heard, ModelGrades, ModelTally
from causal_interface_gym.runs.grades.sampling import Sample, sample_of
from causal_interface_gym.runs.grades.worlds import WorldReader, WorldSource, played_world
from causal_interface_gym.runs.records import Record, Trial
from causal_interface_gym.runs.spec import Numbering, RunSpec
from causal_interface_gym.scoring.causal_score import (
    CausalScore,
    Scored,
    Scores,
    UnscoredFamily,
)
from causal_interface_gym.scoring.marking import Mark, mark_episode
from causal_interface_gym.scoring.unscored import Unscored

__all__ = [
    "N_AUDITED",
    "N_COMPARED",
    "AgentGrade",
    "Finished",
    "Grades",
    "find_record",
    "grade",
    "mark_record",
]

N_AUDITED: Final = 40
"""Worlds whose episodes are audited for coherence, unless asked otherwise."""

N_COMPARED: Final = 12
"""Worlds whose episodes are compared with exact Bayes, unless asked otherwise."""

_SEER: Final = "reference:associational"


@dataclass(frozen=True, slots=True)
class Grades:
    """A graded run; agents in the order of their score, the best first.

    ``n_common`` worlds were finished by every agent; paired comparisons are over those.
    ``audited`` and ``compared`` are the worlds that the costly metrics looked at. ``models`` holds
    what is known of language models only.
    """

    spec: RunSpec
    agents: tuple[AgentGrade, ...]
    n_finished: int
    baseline: str
    n_common: int
    audited: Sample
    compared: Sample
    models: ModelGrades

    @property
    def is_complete(self) -> bool:
        """Whether every trial is finished."""
        return self.n_finished == self.spec.n_trials


class Finished(WorldSource, Protocol):
    """What grading reads of a store."""

    @property
    def spec(self) -> RunSpec:
        """What the run is."""
        ...

    def records(self, first: int = 0) -> Iterator[Record]:
        """Stream the finished trials from number ``first`` on, in the order of the spec."""
        ...


def grade(
    store: Finished,
    *,
    baseline: str = "",
    n_audited: int = N_AUDITED,
    n_compared: int = N_COMPARED,
    heard: Heard | None = None,
) -> Grades:
    """Grade what is finished; ``heard`` is the transcript of its language models.

    ``baseline`` is the agent that all others are compared with; without it the seer if it is in
    the run, else the first agent.

    Raises:
        RunError: A world is not the one that a record was made in, or the baseline is not an
            agent of the run.
    """
    spec = store.spec
    chosen = _baseline(spec, baseline)
    samples = (sample_of(spec, limit=n_audited), sample_of(spec, limit=n_compared))
    pass_ = _Pass(store, *samples, heard)
    for _, group in groupby(store.records(), key=lambda r: (r.trial.scenario, r.trial.seed)):
        pass_.add(list(group))
    return pass_.grades(chosen)


def mark_record(record: Record) -> tuple[Mark, ...]:
    """Mark one episode.

    Raises:
        RunError: The scenario has changed since the episode was played.
    """
    return mark_episode(record.log, played_world(record))


def find_record(store: Finished, trial: Trial) -> Record:
    """Give the record of a trial.

    Raises:
        RunError: The trial is not part of the run, or not finished.
    """
    number = Numbering(store.spec).number(trial)
    for record in islice(store.records(number), 1):
        if record.trial == trial:
            return record
    message = f"trial {trial} is not finished; resume the run"
    raise RunError(message)


class _Pass:
    """What is kept while the records stream by."""

    def __init__(
        self, store: Finished, audited: Sample, compared: Sample, heard: Heard | None
    ) -> None:
        spec = store.spec
        shown = interface(spec.interface)
        auditor = Auditor(shown)
        self._spec = spec
        self._table = ItemTable(spec.cards)
        self._worlds = WorldReader(store, self._table)
        self._audited = audited
        self._compared = compared
        self._agents = {a: AgentTally.new(a, self._table, shown, auditor) for a in spec.agents}
        self._models = ModelTally(spec, self._table, heard)
        self._n_finished = 0
        self._n_common = 0

    def add(self, records: Sequence[Record]) -> None:
        """Add all records of one world."""
        key = (records[0].trial.scenario, records[0].trial.seed)
        is_audited, is_compared = key in self._audited.worlds, key in self._compared.worlds
        is_common = len(records) == len(self._agents)
        self._n_finished += len(records)
        self._n_common += is_common
        address, asked = records[0].address, self._worlds.asked(records[0])
        for record in records:
            _check(record, records[0])
            if record.address != address:  # the same world with other truths
                address, asked = record.address, self._worlds.asked(record)
            tally = self._agents[record.trial.agent]
            tally.add(record, asked, is_common=is_common)
            self._models.add(record, asked)
            if is_audited:
                world = self._worlds.whole(record)
                tally.audits.add(record, mark_episode(record.log, world), world)
            if is_compared:
                tally.sequences.add(record, self._worlds.whole(record))

    def grades(self, baseline: str) -> Grades:
        """Make the metrics."""
        others = self._agents[baseline]
        models = self._models.result()
        graded = [
            _without_failed(grade_agent(t, self._table, baseline=others), models)
            for t in self._agents.values()
        ]
        return Grades(
            self._spec,
            tuple(sorted(graded, key=_rank)),
            self._n_finished,
            baseline,
            self._n_common,
            self._audited,
            self._compared,
            models,
        )


def _without_failed(grade: AgentGrade, models: ModelGrades) -> AgentGrade:
    """Take every score from a model whose beliefs could not be elicited; its answers stay."""
    found = models.agents.get(grade.agent)
    if found is None or not found.is_elicitation_failed:
        return grade
    reason = Unscored("elicitation failed: no number was copied in any format")
    return replace(
        grade,
        scores=_unscored(grade.scores),
        strata={name: _unscored(scores) for name, scores in grade.strata.items()},
        names={name: _unscored(scores) for name, scores in grade.names.items()},
        names_effect=dict.fromkeys(grade.names_effect, reason),
        versus=(),
        fingerprint=reason,
    )


def _unscored(scores: Scores) -> Scores:
    families = {name: _no_score(score) for name, score in scores.families.items()}
    return replace(scores, headline=_no_score(scores.headline), families=families)


def _no_score(score: Scored) -> UnscoredFamily:
    excess = (
        score.loss - score.reference_loss if isinstance(score, CausalScore) else score.excess_loss
    )
    return UnscoredFamily("elicitation_failed", excess, score.n_items)


def _check(record: Record, first: Record) -> None:
    if record.world != first.world:
        message = (
            f"{record.trial} and {first.trial} were played in different worlds ({record.world}, "
            f"{first.world}); run them again"
        )
        raise RunError(message)


def _baseline(spec: RunSpec, asked: str) -> str:
    if asked and asked not in spec.agents:
        message = (
            f"the baseline is an agent of the run; got {asked!r}, the agents are "
            + ", ".join(spec.agents)
        )
        raise RunError(message)
    return asked or (_SEER if _SEER in spec.agents else spec.agents[0])


def _rank(grade: AgentGrade) -> tuple[float, str]:
    headline = grade.scores.headline
    return (-headline.value if isinstance(headline, CausalScore) else float("inf"), grade.agent)
