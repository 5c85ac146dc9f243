"""``cig worker``: play the shards of queued runs."""

from typing import Annotated

import typer

from causal_interface_gym.cli.database import DatabaseOption, configured
from causal_interface_gym.errors import RunError
from causal_interface_gym.runs.runner import CONCURRENCY
from causal_interface_gym.storage.database import database_at, is_file
from causal_interface_gym.storage.schema import ensure_tables

__all__ = ["worker_command"]

Shards = Annotated[
    int, typer.Option(min=1, max=64, help="Shards that are played at once, each on a thread.")
]
Concurrency = Annotated[int, typer.Option(min=1, help="Episodes in flight at once in a shard.")]


def worker_command(
    database: DatabaseOption = None, shards: Shards = 2, concurrency: Concurrency = CONCURRENCY
) -> None:
    """Play the shards of the runs that were begun over HTTP, until a signal ends it.

    Start as many as there are cores, on any machine that reaches the database's server. Workers may
    be killed at any moment: what they held is played by others within a minute, and no trial is
    kept twice. A signal lets the trials in flight end, hands back the rest and ends with exit code
    0 within 30 seconds.
    """
    # Heavy, and only this command needs them.
    from causal_interface_gym.runs.runner import Limits  # noqa: PLC0415
    from causal_interface_gym.worker.log import json_log  # noqa: PLC0415
    from causal_interface_gym.worker.process import Working, work  # noqa: PLC0415

    engine = database_at(configured(database))
    try:
        if is_file(engine):
            message = "workers need a database's server; runs in a file are played by cig serve"
            raise RunError(message)
        ensure_tables(engine)
        work(engine, Working(shards, Limits(concurrency, batch=256)), json_log())
    finally:
        engine.dispose()
