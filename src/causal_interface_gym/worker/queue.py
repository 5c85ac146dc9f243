"""The queue: one job for each shard, kept by procrastinate in the database of the runs.

A job only names its shard. It is added in the transaction that queues the shard, so there is
neither one without the other. Should a job be lost all the same (a worker that woke up too late
closed it, somebody emptied the table), ``requeue_orphans`` adds it again: the shards are what
counts.
"""

from collections.abc import Sequence
from typing import Final

from procrastinate import App, SyncPsycopgConnector
from procrastinate.jobs import Job
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Integer,
    Text,
    cast,
    column,
    func,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import JSONB

from causal_interface_gym.storage.database import CONNECT_S, writing
from causal_interface_gym.storage.queue.control import Phase
from causal_interface_gym.storage.service.clock import moment
from causal_interface_gym.storage.service.queued import run_shards, run_states

__all__ = ["QUEUE", "TASK", "conninfo", "enqueue", "requeue_orphans"]

QUEUE: Final = "shards"
"""The name of the queue."""
TASK: Final = "play_shard"
"""The name of the task."""
_DEPTH: Final = 16
"""So many shards of a run go before those of a run that has had as many played already."""
_LOWEST: Final = -(1 << 30)
_BATCH: Final = 2_000
_SWEEPING: Final = 0x0CA_05A2
"""The key of the lock that one of all workers holds while it looks for orphans."""
_jobs: Final = table(
    "procrastinate_jobs", column("args", JSONB), column("status"), column("queue_name")
)


def conninfo(url: URL) -> str:
    """Write the address of a server as the driver takes it."""
    known = url.set(drivername="postgresql").update_query_dict(
        {"connect_timeout": str(CONNECT_S), "application_name": "cig-worker"}
    )
    return known.render_as_string(hide_password=False)


def enqueue(connection: Connection, run: str, shards: Sequence[int]) -> None:
    """Add the jobs of shards in a transaction of the caller's; a file's shards need none.

    Later shards have a lower priority, so a run that comes new does not wait for the end of a long
    one.
    """
    if connection.dialect.name != "postgresql":
        return
    # Never opened: it only writes on the connection that it is given.
    manager = App(connector=SyncPsycopgConnector()).job_manager
    for first in range(0, len(shards), _BATCH):
        jobs = [
            Job(
                id=None,
                queue=QUEUE,
                lock=None,
                queueing_lock=None,
                task_name=TASK,
                priority=max(-(shard // _DEPTH), _LOWEST),
                task_kwargs={"run": run, "shard": shard},
            )
            for shard in shards[first : first + _BATCH]
        ]
        manager.batch_defer_jobs(jobs, connection=connection.connection.driver_connection)


def requeue_orphans(engine: Engine, *, silent_s: float) -> int:
    """Add the jobs of shards that have none and whose holder is silent; say how many there were.

    Raises:
        RunError: The database refused.
        DependencyError: Its server does not answer.
    """
    shards, states = run_shards, run_states
    has_job = (
        select(1)
        .select_from(_jobs)
        .where(
            _jobs.c.queue_name == QUEUE,
            cast(_jobs.c.status, Text).in_(("todo", "doing")),
            _jobs.c.args["run"].astext == shards.c.run,
            cast(_jobs.c.args["shard"].astext, Integer) == shards.c.number,
        )
        .exists()
    )
    is_silent = or_(shards.c.touched_at.is_(None), shards.c.touched_at <= moment(-silent_s))
    wanted = (
        select(shards.c.run, shards.c.number)
        .join(states, states.c.run == shards.c.run)
        .where(shards.c.state == "queued", states.c.phase == Phase.RUNNING.value)
        .where(is_silent, ~has_job)
        .order_by(shards.c.run, shards.c.number)
    )
    with writing(engine) as connection:
        if not connection.scalar(select(func.pg_try_advisory_xact_lock(_SWEEPING))):
            return 0
        found: dict[str, list[int]] = {}
        for run, number in connection.execute(wanted):
            found.setdefault(run, []).append(number)
        for run, numbers in found.items():
            enqueue(connection, run, numbers)
    return sum(map(len, found.values()))
