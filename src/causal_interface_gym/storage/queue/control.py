"""The state of a queued run, and its events: each is numbered in the transaction of what it tells.

The row of the run is held while a number is taken, so numbers become visible in their order: who
has seen event 7 misses none before it, on any replica.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, assert_never

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    case,
    func,
    insert,
    literal,
    select,
    update,
)

from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.storage.run_store import add_run
from causal_interface_gym.storage.service.clock import moment
from causal_interface_gym.storage.service.queued import run_events, run_shards, run_states

__all__ = [
    "Phase",
    "QueuedRun",
    "RunEvent",
    "add_progress",
    "begin_queued",
    "change_phase",
    "find_queued",
    "n_unplayed",
    "queue_idle",
    "read_run_events",
    "shard_size_of",
]

_PAGE: Final = 500
_SHARD: Final = 256
"""Trials of a shard of agents that answer at once; enough that a shard's own cost is nothing."""
_MODEL_SHARD: Final = 32
"""Trials of a shard with language models, which take seconds each."""
_ROWS: Final = 5_000


class Phase(StrEnum):
    """What becomes of a queued run; the last two are for ever."""

    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    FINISHED = "finished"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will be played."""
        match self:
            case Phase.CANCELLED | Phase.FINISHED:
                return True
            case Phase.RUNNING | Phase.PAUSED:
                return False
            case other:
                assert_never(other)


@dataclass(frozen=True, slots=True)
class QueuedRun:
    """A queued run as it stands; ``reason`` says why it is paused where nobody asked for that."""

    name: str
    account: str
    phase: Phase
    reason: str
    shard_size: int
    n_planned: int
    n_finished: int
    n_events: int
    created_at: datetime
    changed_at: datetime

    @property
    def n_shards(self) -> int:
        """How many shards it has."""
        return -(-self.n_planned // self.shard_size)


@dataclass(frozen=True, slots=True)
class RunEvent:
    """What happened to a run: ``kind`` is ``progress`` or the phase that began."""

    number: int
    at: datetime
    kind: str
    body: dict[str, Any]  # Any: JSON


def shard_size_of(spec: RunSpec) -> int:
    """Give how many trials a shard of a run has: whole worlds, so that no two play the same one."""
    n_agents = len(spec.agents)
    wanted = _MODEL_SHARD if spec.models else _SHARD
    return n_agents * max(1, wanted // n_agents)


def begin_queued(
    connection: Connection, account: str, name: str, spec: RunSpec, *, shard_size: int = 0
) -> tuple[int, ...]:
    """Begin a run whose shards wait to be played, and give their numbers.

    Raises:
        RunError: The database holds a run of this name.
    """
    size = shard_size or shard_size_of(spec)
    add_run(connection, spec, name)
    connection.execute(
        insert(run_states).values(
            run=name,
            account=account,
            phase=Phase.RUNNING.value,
            reason="",
            shard_size=size,
            n_planned=spec.n_trials,
            n_finished=0,
            n_events=1,
            created_at=moment(),
            changed_at=moment(),
        )
    )
    numbers = range(-(-spec.n_trials // size))
    for first in range(0, len(numbers), _ROWS):
        rows = [
            {"run": name, "number": number, "state": "queued", "attempt": 0, "n_idle": 0}
            for number in numbers[first : first + _ROWS]
        ]
        connection.execute(insert(run_shards), rows)
    _add_event(connection, name, 1, Phase.RUNNING, n_finished=0, n_planned=spec.n_trials)
    return tuple(numbers)


def find_queued(connection: Connection, name: str) -> QueuedRun | None:
    """Give a queued run, if there is one of this name."""
    row = connection.execute(select(run_states).where(run_states.c.run == name)).first()
    return None if row is None else _queued(row)


def change_phase(
    connection: Connection, name: str, to: Phase, *, among: Sequence[Phase], reason: str = ""
) -> bool:
    """Let a run enter a phase if it is in one of some; say whether it was."""
    changed = connection.execute(
        update(run_states)
        .where(run_states.c.run == name, run_states.c.phase.in_([phase.value for phase in among]))
        .values(
            phase=to.value,
            reason=reason,
            n_events=run_states.c.n_events + 1,
            changed_at=moment(),
        )
        .returning(run_states.c.n_events, run_states.c.n_finished, run_states.c.n_planned)
    ).first()
    if changed is None:
        return False
    more = {"reason": reason} if reason else {}
    number, n_finished, n_planned = changed
    _add_event(connection, name, number, to, n_finished=n_finished, n_planned=n_planned, **more)
    return True


def queue_idle(connection: Connection, name: str) -> tuple[int, ...]:
    """Queue the shards that nobody would play, and give their numbers."""
    shards = run_shards
    queued = connection.scalars(
        update(shards)
        .where(shards.c.run == name, shards.c.state == "idle")
        .values(state="queued", n_idle=0)
        .returning(shards.c.number)
    )
    return tuple(sorted(queued))


def add_progress(connection: Connection, name: str, n_new: int) -> Phase:
    """Count trials that were kept in this transaction, and give the phase that the run is in.

    Call it last in a transaction: whoever has counted keeps others from counting until it ends.
    """
    states = run_states
    if not n_new:
        wanted = select(states.c.phase).where(states.c.run == name)
        return Phase(connection.scalars(wanted).one())
    n_finished = states.c.n_finished + n_new
    is_last: ColumnElement[bool] = (n_finished >= states.c.n_planned) & states.c.phase.in_(
        [Phase.RUNNING.value, Phase.PAUSED.value]
    )
    row = connection.execute(
        update(states)
        .where(states.c.run == name)
        .values(
            n_finished=n_finished,
            n_events=states.c.n_events + 1,
            phase=case((is_last, literal(Phase.FINISHED.value)), else_=states.c.phase),
            changed_at=case((is_last, moment()), else_=states.c.changed_at),
        )
        .returning(states)
    ).one()
    kept = _queued(row)
    kind = kept.phase if kept.phase is Phase.FINISHED else "progress"
    n_kept, n_planned = kept.n_finished, kept.n_planned
    _add_event(connection, name, kept.n_events, kind, n_finished=n_kept, n_planned=n_planned)
    return kept.phase


def read_run_events(
    connection: Connection, name: str, *, after: int = 0, limit: int = _PAGE
) -> tuple[RunEvent, ...]:
    """Give the events after a number, oldest first."""
    table = run_events
    wanted = select(table).where(table.c.run == name, table.c.number > after)
    rows = connection.execute(wanted.order_by(table.c.number).limit(limit))
    return tuple(RunEvent(row.number, row.at, row.kind, json.loads(row.body)) for row in rows)


def n_unplayed(connection: Connection) -> int:
    """Count the trials of all runs that somebody is to play now."""
    left = func.sum(run_states.c.n_planned - run_states.c.n_finished)
    wanted = select(left).where(run_states.c.phase == Phase.RUNNING.value)
    return int(connection.scalar(wanted) or 0)


def _add_event(
    connection: Connection, name: str, number: int, kind: str, *, n_finished: int, n_planned: int,
    **more: str,
) -> None:  # fmt: skip
    body = {"finished": n_finished, "planned": n_planned, **more}
    connection.execute(
        insert(run_events).values(
            run=name, number=number, at=moment(), kind=str(kind), body=json.dumps(body)
        )
    )


def _queued(row: Row[Any]) -> QueuedRun:  # Any: the columns of the table
    values = row._asdict()
    return QueuedRun(values.pop("run"), phase=Phase(values.pop("phase")), **values)
