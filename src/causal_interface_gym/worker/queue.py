"""The queue: one job for each shard, kept by procrastinate in the database of the runs.

A job only names its shard. It is added in the transaction that queues the shard, so there is
neither one without the other.
"""

from collections.abc import Sequence
from typing import Final

from procrastinate import App, SyncPsycopgConnector
from procrastinate.jobs import Job
from sqlalchemy import URL, Connection

from causal_interface_gym.storage.database import CONNECT_S

__all__ = ["QUEUE", "TASK", "conninfo", "enqueue"]

QUEUE: Final = "shards"
"""The name of the queue."""
TASK: Final = "play_shard"
"""The name of the task."""
_DEPTH: Final = 16
"""So many shards of a run go before those of a run that has had as many played already."""
_LOWEST: Final = -(1 << 30)
_BATCH: Final = 2_000


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
