"""Grade a run: mark every log against its world and score each agent."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from causal_interface_gym.errors import RunError
from causal_interface_gym.runs.records import Record, Trial
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.runs.store import Store
from causal_interface_gym.runs.trial import world_of
from causal_interface_gym.scoring.causal_score import CausalScore, Scores, causal_scores
from causal_interface_gym.scoring.lures import LureCount, lure_counts
from causal_interface_gym.scoring.marking import Mark, mark_episode

__all__ = ["AgentGrade", "Grades", "find_record", "grade", "mark_record"]


@dataclass(frozen=True, slots=True)
class AgentGrade:
    """What one agent achieved in a run."""

    agent: str
    scores: Scores
    lures: Mapping[str, LureCount]
    n_episodes: int
    n_failed: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Grades:
    """A graded run; agents in the order of their score, the best first."""

    spec: RunSpec
    agents: tuple[AgentGrade, ...]
    n_finished: int

    @property
    def is_complete(self) -> bool:
        """Whether every trial is finished."""
        return self.n_finished == self.spec.n_trials


def grade(store: Store) -> Grades:
    """Grade what is finished.

    Raises:
        RunError: A world is not the one that the record was made in.
    """
    records = store.records()
    marks: dict[str, list[Mark]] = defaultdict(list)
    failed: dict[str, int] = defaultdict(int)
    episodes: dict[str, int] = defaultdict(int)
    for record in records:
        agent = record.trial.agent
        marks[agent] += mark_record(record)
        episodes[agent] += 1
        failed[agent] += bool(record.failures)
    graded = [
        AgentGrade(
            agent,
            causal_scores(marks[agent]),
            lure_counts(marks[agent]),
            episodes[agent],
            failed[agent],
            tuple(marks[agent]),
        )
        for agent in store.spec.agents
    ]
    return Grades(store.spec, tuple(sorted(graded, key=_rank)), len(records))


def mark_record(record: Record) -> tuple[Mark, ...]:
    """Mark one episode.

    Raises:
        RunError: The scenario has changed since the episode was played.
    """
    world = world_of(record.trial.scenario, record.trial.seed)
    if world.digest != record.world:
        message = (
            f"the world of {record.trial} has changed since it was played "
            f"({record.world} then, {world.digest} now); run it again"
        )
        raise RunError(message)
    return mark_episode(record.log, world)


def find_record(store: Store, trial: Trial) -> Record:
    """Give the record of a trial.

    Raises:
        RunError: The trial is not part of the run, or not finished.
    """
    for record in store.records():
        if record.trial == trial:
            return record
    if trial in set(store.spec.trials()):
        message = f"trial {trial} is not finished; resume the run"
    else:
        message = (
            f"trial {trial} is not part of this run; agents {', '.join(store.spec.agents)}; "
            f"scenarios {', '.join(store.spec.scenarios)}; seeds {store.spec.seeds[0]} "
            f"to {store.spec.seeds[-1]}"
        )
    raise RunError(message)


def _rank(grade: AgentGrade) -> tuple[float, str]:
    headline = grade.scores.headline
    return (-headline.value if isinstance(headline, CausalScore) else float("inf"), grade.agent)
