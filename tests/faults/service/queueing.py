"""Runs that are queued for workers, and what has to be true of them when they are over."""

from sqlalchemy import Engine, func, select

from causal_interface_gym.runs.grading import grade
from causal_interface_gym.runs.report.document import report_json
from causal_interface_gym.runs.runner import run
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.runs.store import MemoryStore
from causal_interface_gym.storage.database import reading, writing
from causal_interface_gym.storage.queue.control import (
    Phase,
    QueuedRun,
    find_queued,
    read_run_events,
)
from causal_interface_gym.storage.run_store import SqlStore
from causal_interface_gym.storage.tables import episodes, events
from causal_interface_gym.worker.control import submit_run

__all__ = ["LARGE", "MIDDLE", "SMALL", "begin", "check_undisturbed", "queued"]

AGENTS = tuple(f"reference:{name}" for name in ("associational", "marginal", "uniform", "random"))
SCENARIOS = ("kidney-stones-v1", "smoking-tar-v1", "homework-v1", "sprinkler-v1", "m-bias-v1")
SMALL = RunSpec(AGENTS[2:], SCENARIOS[1:3], tuple(range(40)))
MIDDLE = RunSpec(AGENTS, SCENARIOS, tuple(range(20)))
LARGE = RunSpec(AGENTS, SCENARIOS, tuple(range(100)))


def begin(engine: Engine, spec: RunSpec, *, shard_size: int = 16) -> None:
    with writing(engine) as connection:
        submit_run(connection, "ada", "june", spec, shard_size=shard_size)


def queued(engine: Engine) -> QueuedRun:
    with reading(engine) as connection:
        found = find_queued(connection, "june")
    assert found is not None
    return found


def check_undisturbed(engine: Engine, spec: RunSpec) -> None:
    """Compare what is kept with a run that nobody disturbed: nothing lost, nothing twice."""
    kept = queued(engine)
    assert (kept.phase, kept.n_finished) == (Phase.FINISHED, spec.n_trials)
    expected = MemoryStore(spec)
    run(expected)
    n_events = sum(len(record.log) for record in expected.records())
    with reading(engine) as connection:
        counted = [
            connection.scalar(select(func.count()).select_from(t)) for t in (episodes, events)
        ]
        told = read_run_events(connection, "june", limit=10_000)
    assert counted == [spec.n_trials, n_events]
    assert [event.number for event in told] == list(range(1, kept.n_events + 1))
    with SqlStore.open(engine, "june") as store:
        assert report_json(grade(store)) == report_json(grade(expected))
