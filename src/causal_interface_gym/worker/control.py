"""Begin, pause, resume and cancel queued runs, each in one transaction of the caller's."""

from typing import Final

from sqlalchemy import Connection

from causal_interface_gym.errors import RunError
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.storage.queue.control import (
    Phase,
    QueuedRun,
    begin_queued,
    change_phase,
    find_queued,
    queue_idle,
)
from causal_interface_gym.worker.queue import enqueue

__all__ = ["cancel_run", "pause_run", "resume_run", "submit_run"]

_OPEN: Final = (Phase.RUNNING, Phase.PAUSED)


def submit_run(
    connection: Connection, account: str, name: str, spec: RunSpec, *, shard_size: int = 0
) -> QueuedRun:
    """Begin a run that workers play.

    Raises:
        RunError: The database holds a run of this name.
    """
    shards = begin_queued(connection, account, name, spec, shard_size=shard_size)
    enqueue(connection, name, shards)
    return _found(connection, name)


def pause_run(connection: Connection, name: str) -> QueuedRun:
    """Let no trial of a run begin; those that have begun are played to their end.

    Raises:
        RunError: The run is not queued, or over.
    """
    return _changed(connection, name, Phase.PAUSED, among=(Phase.RUNNING,))


def cancel_run(connection: Connection, name: str) -> QueuedRun:
    """End a run for ever; what was played stays.

    Raises:
        RunError: The run is not queued, or over.
    """
    return _changed(connection, name, Phase.CANCELLED, among=_OPEN)


def resume_run(connection: Connection, name: str) -> QueuedRun:
    """Go on with a paused run.

    Raises:
        RunError: The run is not queued, or over.
    """
    found = _changed(connection, name, Phase.RUNNING, among=(Phase.PAUSED,))
    enqueue(connection, name, queue_idle(connection, name))
    return found


def _changed(
    connection: Connection, name: str, to: Phase, *, among: tuple[Phase, ...]
) -> QueuedRun:
    """Change the phase; a run that is in it already stays as it is."""
    if not change_phase(connection, name, to, among=among):
        found = _found(connection, name)
        if found.phase is not to:
            message = f"the run {name!r} is {found.phase}; it cannot become {to}"
            raise RunError(message)
        return found
    return _found(connection, name)


def _found(connection: Connection, name: str) -> QueuedRun:
    found = find_queued(connection, name)
    if found is None:
        message = f"the run {name!r} is not played by workers; cig run --resume continues it"
        raise RunError(message)
    return found
