"""A shard in the hands of one worker: claimed, written under its claim, finished or given back.

Whoever claims a shard takes it from whoever held it. The claim's number is checked in the
transaction of each write, so one that lost its shard writes nothing. Every transaction takes the
row of the shard before that of the run, so no two wait for each other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Engine, case, or_, select, update

from causal_interface_gym.errors import FencedError
from causal_interface_gym.runs.store import Played
from causal_interface_gym.storage.database import reading, writing
from causal_interface_gym.storage.queue.control import Phase, QueuedRun, add_progress, find_queued
from causal_interface_gym.storage.run_store import SqlStore
from causal_interface_gym.storage.service.clock import moment
from causal_interface_gym.storage.service.queued import run_shards, run_states

if TYPE_CHECKING:
    from causal_interface_gym.runs.spec import RunSpec

__all__ = [
    "MOST_IDLE",
    "Claim",
    "ShardStore",
    "claim_shard",
    "finish_shard",
    "give_back",
    "lay_down",
    "next_shard",
    "touch_shard",
]

MOST_IDLE: Final = 10
"""So often a shard may be claimed without a trial of it being kept; then the run is paused."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A shard that somebody holds: the numbers of its trials, and the number of the claim.

    ``born`` is when the run was begun; ``is_hopeless`` says that the shard was claimed too often
    in vain.
    """

    run: str
    number: int
    part: range
    attempt: int
    born: datetime
    is_hopeless: bool = False


def claim_shard(engine: Engine, run: str, number: int) -> Claim | None:
    """Claim a shard, whoever held it; none where there is nothing to play.

    A shard of a run that is not running becomes idle: it is queued again when the run is resumed.

    Raises:
        RunError: The database refused.
        DependencyError: Its server does not answer.
    """
    shards = run_shards
    is_it = (shards.c.run == run) & (shards.c.number == number) & (shards.c.state == "queued")
    with writing(engine) as connection:
        taken = connection.execute(
            update(shards)
            .where(is_it)
            .values(attempt=shards.c.attempt + 1, n_idle=shards.c.n_idle + 1, touched_at=moment())
            .returning(shards.c.attempt, shards.c.n_idle)
        ).first()
        if taken is None:
            return None
        # Held, so that a run that is resumed at this moment finds the shard idle or running.
        wanted = select(run_states.c.phase).where(run_states.c.run == run)
        phase = connection.scalar(wanted.with_for_update(read=True))
        if phase != Phase.RUNNING.value:
            connection.execute(update(shards).where(is_it).values(state="idle"))
            return None
        kept = find_queued(connection, run)
    if kept is None:
        return None
    is_hopeless = taken.n_idle > MOST_IDLE
    return Claim(run, number, _part(kept, number), taken.attempt, kept.created_at, is_hopeless)


def touch_shard(engine: Engine, claim: Claim) -> bool:
    """Show that the holder lives; say whether it still holds the shard."""
    with writing(engine) as connection:
        return _hold(connection, claim, {"touched_at": moment()})


def finish_shard(engine: Engine, claim: Claim) -> bool:
    """Close a shard whose trials are all kept; say whether it was still held."""
    with writing(engine) as connection:
        return _hold(connection, claim, {"state": "finished", "touched_at": moment()})


def give_back(engine: Engine, claim: Claim) -> bool:
    """Let a shard be claimed again as if it had not been; say whether it was still held."""
    n_idle = run_shards.c.n_idle
    back = {"n_idle": case((n_idle > 0, n_idle - 1), else_=0), "touched_at": None}
    with writing(engine) as connection:
        return _hold(connection, claim, back)


def lay_down(engine: Engine, claim: Claim) -> bool:
    """Let a shard lie until its run is resumed, if the run is not running; say whether it lies.

    A shard that is not held any more counts as lying: another sees to it.
    """
    with writing(engine) as connection:
        if not _hold(connection, claim, {"touched_at": None}):
            return True
        wanted = select(run_states.c.phase).where(run_states.c.run == claim.run)
        phase = connection.scalar(wanted.with_for_update(read=True))
        is_lying = phase != Phase.RUNNING.value
        if is_lying:
            _hold(connection, claim, {"state": "idle"})
        return is_lying


def next_shard(engine: Engine, *, stale_s: float) -> tuple[str, int] | None:
    """Name a shard of a running run that nobody holds, or whose holder is silent for so long."""
    shards = run_shards
    is_free = or_(shards.c.touched_at.is_(None), shards.c.touched_at <= moment(-stale_s))
    wanted = (
        select(shards.c.run, shards.c.number)
        .join(run_states, run_states.c.run == shards.c.run)
        .where(shards.c.state == "queued", run_states.c.phase == Phase.RUNNING.value, is_free)
        .order_by(shards.c.number, run_states.c.created_at)
        .limit(1)
    )
    with reading(engine) as connection:
        found = connection.execute(wanted).first()
    return None if found is None else (found.run, found.number)


class ShardStore:
    """A run's store as the holder of a shard may use it: what it writes is fenced and counted."""

    def __init__(self, engine: Engine, store: SqlStore, claim: Claim) -> None:
        """Write under a claim."""
        self.spec: RunSpec = store.spec
        self.phase: Phase = Phase.RUNNING
        self._engine = engine
        self._store = store
        self._claim = claim

    def append(self, played: Sequence[Played]) -> None:
        """Keep finished trials, all or none, and learn the phase that the run is in.

        Raises:
            FencedError: Somebody else claimed the shard meanwhile.
            RunError: The database refused.
            DependencyError: Its server does not answer.
        """
        alive = {"touched_at": moment(), "n_idle": 0}
        with writing(self._engine) as connection:
            if not _hold(connection, self._claim, alive):
                message = (
                    f"shard {self._claim.number} of {self._claim.run} was claimed by another "
                    "worker; what this one still had of it is dropped"
                )
                raise FencedError(message)
            n_new = self._store.add(connection, played)
            self.phase = add_progress(connection, self._claim.run, n_new)
        self._store.note_kept(played)

    def finished(self, part: range | None = None) -> NDArray[np.bool_]:
        """Say of each trial, by its number, whether it is finished."""
        return self._store.finished(part)


def _hold(connection: Connection, claim: Claim, values: Mapping[str, object]) -> bool:
    """Change the row of a shard if the claim is its last."""
    shards = run_shards
    is_held: ColumnElement[bool] = (
        (shards.c.run == claim.run)
        & (shards.c.number == claim.number)
        & (shards.c.attempt == claim.attempt)
        & (shards.c.state == "queued")
    )
    return bool(connection.execute(update(shards).where(is_held).values(**values)).rowcount)


def _part(kept: QueuedRun, number: int) -> range:
    first = number * kept.shard_size
    return range(first, min(first + kept.shard_size, kept.n_planned))
