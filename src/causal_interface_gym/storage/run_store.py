"""A run in a database, as a ``Store``."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, Row, Table, insert, inspect, select

from causal_interface_gym.errors import RunError
from causal_interface_gym.gym.log import Event
from causal_interface_gym.runs.archive import StoredWorld
from causal_interface_gym.runs.records import Failure, Record, Trial
from causal_interface_gym.runs.spec import Numbering, RunSpec
from causal_interface_gym.runs.store import Played, ScoreRow, score_key, unknown_world
from causal_interface_gym.storage.database import reading, writing
from causal_interface_gym.storage.schema import ensure_tables
from causal_interface_gym.storage.score_rows import read_score, score_values
from causal_interface_gym.storage.tables import (
    MAIN,
    SCHEMA,
    episodes,
    events,
    failures,
    insert_new,
    runs,
    scores,
    worlds,
)

__all__ = ["SqlStore", "add_run"]

_PAGE: Final = 500
_REMEMBERED: Final = 4096
"""Worlds known to be stored, so that they are not sent again for each agent."""

# Any: the values of a row, by column.
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A trial on its way in: its row, and the texts of its log."""

    number: int
    record: Record
    texts: tuple[str, ...]


class SqlStore:
    """A run in a database; close it, or use it in a ``with``, to let go of the file."""

    def __init__(self, engine: Engine, spec: RunSpec, run: str = MAIN) -> None:
        """Hold what ``create`` or ``open`` found."""
        self.spec = spec
        self._engine = engine
        self._run = run
        self._numbering = Numbering(spec)
        self._stored: dict[str, None] = {}
        # Whoever reads records reads their worlds: those of a page are fetched together.
        self._near: frozenset[str] = frozenset()
        self._worlds: dict[str, StoredWorld] = {}

    @classmethod
    def create(cls, engine: Engine, spec: RunSpec, run: str = MAIN) -> Self:
        """Begin a run in a database.

        Raises:
            RunError: The database holds this run already, is not up to date, or cannot be written.
            DependencyError: Its server does not answer.
        """
        ensure_tables(engine)
        with writing(engine) as connection:
            add_run(connection, spec, run)
        return cls(engine, spec, run)

    @classmethod
    def open(cls, engine: Engine, run: str = MAIN) -> Self:
        """Open a run that was begun before.

        Raises:
            RunError: There is none, it is of another version, or its configuration is damaged.
            DependencyError: The database's server does not answer.
        """
        with reading(engine) as connection:
            has_tables = inspect(connection).has_table(runs.name)
            found = cls.find(engine, connection, run) if has_tables else None
        if found is None:
            message = f"there is no run {run!r} in the database"
            raise RunError(message)
        return found

    @classmethod
    def find(cls, engine: Engine, connection: Connection, run: str) -> Self | None:
        """Open a run of a database that has its tables; None if there is none of this name.

        Raises:
            RunError: It is of another version, or its configuration is damaged.
        """
        wanted = select(runs.c.schema_version, runs.c.spec).where(runs.c.id == run)
        found = connection.execute(wanted).first()
        if found is None:
            return None
        if found.schema_version != SCHEMA:
            message = f"its tables are of version {found.schema_version}; this program has {SCHEMA}"
            raise RunError(message)
        return cls(engine, _read_spec(found.spec), run)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        """Give the store itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the database."""
        self.close()

    def append(self, played: Sequence[Played]) -> None:
        """Keep finished trials, all or none; those that are there already stay as they are."""
        with writing(self._engine) as connection:
            self.add(connection, played)
        self.note_kept(played)

    def add(self, connection: Connection, played: Sequence[Played]) -> int:
        """Keep finished trials in a transaction of the caller's, and say how many were new.

        Call ``note_kept`` when it is committed.
        """
        entries = {entry.number: entry for entry in map(self._entry, reversed(played))}
        found = {p.world.address: p.world for p in played if p.world.address not in self._stored}
        # In one order everywhere, so that two that write the same never wait for each other.
        _insert(connection, worlds, [_world_row(found[a]) for a in sorted(found)])
        fresh = self._add_episodes(connection, entries)
        logs = [row for e in fresh for row in self._rows(e, e.texts)]
        failed = [row for e in fresh for row in self._rows(e, _failure_texts(e.record))]
        _insert(connection, events, logs)
        _insert(connection, failures, failed)
        return len(fresh)

    def note_kept(self, played: Sequence[Played]) -> None:
        """Remember worlds that are stored for good, so that they are not sent again."""
        self._stored.update(dict.fromkeys(p.world.address for p in played))
        while len(self._stored) > _REMEMBERED:
            del self._stored[next(iter(self._stored))]

    def finished(self, part: range | None = None) -> NDArray[np.bool_]:
        """Say of each trial, by its number, whether it is finished."""
        asked = range(self.spec.n_trials) if part is None else part
        found = np.zeros(len(asked), dtype=bool)
        wanted = select(episodes.c.trial).where(episodes.c.run == self._run)
        if part is not None:
            wanted = wanted.where(episodes.c.trial.between(part.start, part.stop - 1))
        with reading(self._engine) as connection:
            streamed = connection.execution_options(yield_per=10 * _PAGE).scalars(wanted)
            for numbers in streamed.partitions():
                found[np.array(numbers) - asked.start] = True
        return found

    def records(self, first: int = 0) -> Iterator[Record]:
        """Stream the finished trials from number ``first`` on, in the order of the spec."""
        wanted = (
            select(episodes, worlds.c.digest)
            .join_from(episodes, worlds)
            .where(episodes.c.run == self._run)
            .order_by(episodes.c.trial)
            .limit(_PAGE)
        )
        while True:
            with reading(self._engine) as connection:
                page = connection.execute(wanted.where(episodes.c.trial >= first)).all()
                if not page:
                    return
                logs = self._read_entries(connection, events, page)
                failed = self._read_entries(connection, failures, page)
            self._near = frozenset(row.world for row in page)
            for row in page:
                yield _read_record(row, logs[row.trial], failed[row.trial])
            first = page[-1].trial + 1

    def world(self, address: str) -> StoredWorld:
        """Give the world at an address."""
        held = self._worlds  # threads may share the store: look up and answer in one dictionary
        if address not in held:
            wanted = select(worlds).where(worlds.c.address.in_({*self._near, address}))
            with reading(self._engine) as connection:
                rows = connection.execute(wanted).all()
            self._worlds = held = {row.address: StoredWorld(*row) for row in rows}
        if address not in held:
            raise unknown_world(address)
        return held[address]

    def keep_scores(self, rows: Iterable[ScoreRow]) -> None:
        """Keep scores beside those that are there."""
        with writing(self._engine) as connection:
            _insert(connection, scores, [{"run": self._run, **score_values(row)} for row in rows])

    def scores(self) -> tuple[ScoreRow, ...]:
        """Give all scores that were kept."""
        wanted = select(scores).where(scores.c.run == self._run)
        with reading(self._engine) as connection:
            # Sorted here: each database has an order of text of its own.
            return tuple(sorted(map(read_score, connection.execute(wanted)), key=score_key))

    def _entry(self, played: Played) -> _Entry:
        record = played.record
        texts = tuple(json.dumps(_fields(event)) for event in record.log)
        return _Entry(self._numbering.number(record.trial), record, texts)

    def _add_episodes(self, connection: Connection, entries: dict[int, _Entry]) -> list[_Entry]:
        """Add the rows of trials; give those that were not there, which alone get their logs."""
        if not entries:
            return []
        rows = [
            {
                "run": self._run,
                "trial": entry.number,
                "agent": entry.record.trial.agent,
                "scenario": entry.record.trial.scenario,
                "interface": entry.record.trial.interface,
                "seed": entry.record.trial.seed,
                "world": entry.record.address,
                "log_digest": _digest(entry.texts),
            }
            for _, entry in sorted(entries.items())
        ]
        adding = _new(episodes, connection).returning(episodes.c.trial)
        return [entries[number] for number in connection.scalars(adding, rows)]

    def _rows(self, entry: _Entry, texts: Iterable[str]) -> Iterator[Values]:
        for number, text in enumerate(texts):
            yield {"run": self._run, "trial": entry.number, "number": number, "body": text}

    def _read_entries(
        self, connection: Connection, table: Table, page: Sequence[Row[Any]]
    ) -> dict[int, list[str]]:
        """Read the bodies of the entries of the trials on a page."""
        trial = table.c.trial
        wanted = (
            select(trial, table.c.body)
            .where(table.c.run == self._run, trial.between(page[0].trial, page[-1].trial))
            .order_by(trial, table.c.number)
        )
        found: dict[int, list[str]] = defaultdict(list)
        for key, body in connection.execute(wanted):
            found[key].append(body)
        return found


def add_run(connection: Connection, spec: RunSpec, run: str) -> None:
    """Begin a run in a transaction of the caller's.

    Raises:
        RunError: The database holds this run already.
    """
    values = {"id": run, "schema_version": SCHEMA, "spec": json.dumps(spec.to_json())}
    added = connection.execute(_new(runs, connection).returning(runs.c.id), [values])
    if added.first() is None:
        message = f"the database holds a run {run!r} already"
        raise RunError(message)


def _new(table: Table, connection: Connection) -> Any:  # noqa: ANN401 - two builders, one shape
    return insert_new(table, connection.dialect.name)


def _insert(connection: Connection, table: Table, rows: list[Values]) -> None:
    """Insert rows; worlds and scores may be there already, entries of a new trial cannot."""
    if rows:
        is_shared = table in (worlds, scores)
        connection.execute(_new(table, connection) if is_shared else insert(table), rows)


def _world_row(world: StoredWorld) -> Values:
    return {"address": world.address, "digest": world.digest, "body": world.body}


def _fields(event: Event) -> Values:
    return {part.name: getattr(event, part.name) for part in fields(event)}


def _failure_texts(record: Record) -> Iterator[str]:
    return (json.dumps([failure.kind, failure.message]) for failure in record.failures)


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def _read_spec(text: str) -> RunSpec:
    try:
        return RunSpec.from_json(json.loads(text))
    except json.JSONDecodeError as error:
        message = f"the run's configuration is damaged: {error}"
        raise RunError(message) from None


def _read_record(row: Row[Any], log: Sequence[str], failed: Sequence[str]) -> Record:
    trial = Trial(row.agent, row.scenario, row.interface, row.seed)
    if _digest(log) != row.log_digest:
        message = f"the log of trial {trial} is damaged: it was cut short or changed"
        raise RunError(message)
    found = tuple(Event(**json.loads(text)) for text in log)
    reasons = tuple(Failure(*json.loads(text)) for text in failed)
    return Record(trial, row.digest, found, reasons, row.world)
