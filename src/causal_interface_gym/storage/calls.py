"""The transcript of a run in its database: calls of models, and the conversations they share.

Calls are written in batches by a thread, so that no answer waits for the disk; ``flush`` does. A
conversation is kept once under the hash of its text, however often it is sampled.
"""

import asyncio
import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    ForeignKey,
    String,
    Table,
    Text,
    bindparam,
    select,
)
from sqlalchemy import inspect as look_at

from causal_interface_gym.agents.llm.records import CallRecord
from causal_interface_gym.storage.database import reading, writing
from causal_interface_gym.storage.tables import MAIN, METADATA, insert_new

__all__ = ["SqlCallStore", "calls", "prompts"]

_WAIT_S: Final = 0.25
"""How long the first call of a batch waits for others."""

_MOST_PENDING: Final = 5_000
_TRIALS: Final = 512
"""Trials whose calls stay at hand after a batch is written."""

_PAGE: Final = 500

prompts: Final = Table(
    "prompt",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("body", Text, nullable=False),
)

calls: Final = Table(
    "call",
    METADATA,
    Column("run", ForeignKey("run.id"), primary_key=True),
    Column("trial", Text, primary_key=True),
    Column("label", Text, primary_key=True),
    Column("prompt", ForeignKey("prompt.digest"), nullable=False),
    Column("provider", String(40), nullable=False),
    Column("model", Text, nullable=False),
    # The record without its messages, as JSON. About a kilobyte: in a table without row numbers
    # SQLite would give each a page of its own.
    Column("body", Text, nullable=False),
)


class SqlCallStore:
    """The calls of one run in a database, as a ``CallStore``; close it before it is let go."""

    def __init__(self, engine: Engine, run: str = MAIN) -> None:
        """Hold the database; the tables are made with the first batch."""
        self._engine = engine
        self._run = run
        # By trial and label: those of late, among them all that are not yet on the disk.
        self._trials: OrderedDict[str, dict[str, CallRecord]] = OrderedDict()
        self._pending: list[CallRecord] = []
        self._database = asyncio.Lock()
        self._soon: asyncio.Task[None] | None = None
        self._has_tables = False
        self._wanted = (
            select(calls.c.trial, calls.c.label, calls.c.body, prompts.c.body.label("messages"))
            .join_from(calls, prompts)
            .where(calls.c.run == run)
            .order_by(calls.c.trial, calls.c.label)
        )
        self._wanted_of_trial = self._wanted.where(calls.c.trial == bindparam("trial"))

    async def find(self, trial: str, label: str) -> CallRecord | None:
        """Give the record under a label of a trial, if there is one.

        Raises:
            RunError: The database refused.
        """
        if trial not in self._trials:
            await self._look_up(trial)
        return self._trials[trial].get(label)

    async def keep(self, record: CallRecord) -> None:
        """Keep a record; one that is there under its label stays as it is.

        Raises:
            RunError: An earlier batch could not be written.
        """
        if await self.find(record.ask.trial, record.ask.label) is not None:
            return
        self._trials[record.ask.trial][record.ask.label] = record
        self._pending.append(record)
        if self._soon is not None and self._soon.done():
            earlier, self._soon = self._soon, None
            earlier.result()
        if len(self._pending) >= _MOST_PENDING:
            await self.flush()
        elif self._soon is None:
            self._soon = asyncio.create_task(self._flush_soon())
            # Whoever flushes next meets the failure again, so it may go unread here.
            self._soon.add_done_callback(lambda task: task.cancelled() or task.exception())

    async def flush(self) -> None:
        """Return when everything kept so far is on the disk.

        Raises:
            RunError: The database refused; what is kept so far is tried again with the next flush.
        """
        while self._pending:
            async with self._database:
                batch = tuple(self._pending)
                if batch:  # else somebody else wrote it meanwhile
                    await asyncio.to_thread(self._write, batch)
                del self._pending[: len(batch)]
                self._forget()

    async def aclose(self) -> None:
        """Flush, and let no task be left behind.

        Raises:
            RunError: The database refused.
        """
        if self._soon is not None:
            self._soon.cancel()
        await self.flush()

    def records(self, trial: str | None = None) -> Iterator[CallRecord]:
        """Stream the flushed records of a trial, or of all, in the order of their labels.

        Raises:
            RunError: The database refused.
        """
        wanted = self._wanted if trial is None else self._wanted_of_trial
        values = {} if trial is None else {"trial": trial}
        with reading(self._engine) as connection:
            if not self._tables_are_there(connection):
                return
            streamed = connection.execution_options(yield_per=_PAGE).execute(wanted, values)
            yield from (_read(row.body, row.messages) for row in streamed)

    async def _look_up(self, trial: str) -> None:
        """Bring a trial to hand; calls that are not yet on the disk are at hand already."""
        async with self._database:
            if trial in self._trials:  # another call of the trial waited too, and was first
                return
            with reading(self._engine) as connection:
                rows = (
                    connection.execute(self._wanted_of_trial, {"trial": trial}).all()
                    if self._tables_are_there(connection)
                    else ()
                )
            read = (_read(row.body, row.messages) for row in rows)
            self._trials[trial] = {record.ask.label: record for record in read}
        # No more trials than calls are still to be written, so this lets go of many at a time.
        if len(self._trials) > 2 * _TRIALS + len(self._pending):
            self._forget()

    async def _flush_soon(self) -> None:
        await asyncio.sleep(_WAIT_S)
        await self.flush()

    def _forget(self) -> None:
        """Let go of the oldest trials, but of none whose calls are not yet on the disk."""
        needed = {record.ask.trial for record in self._pending}
        for trial in list(self._trials)[:-_TRIALS]:
            if trial not in needed:
                del self._trials[trial]

    def _write(self, batch: Iterable[CallRecord]) -> None:
        bodies: dict[str, str] = {}
        rows = [self._row(record, bodies) for record in batch]
        with writing(self._engine) as connection:
            if not self._tables_are_there(connection):
                METADATA.create_all(connection, tables=[prompts, calls])
            dialect = connection.dialect.name
            shared = [{"digest": digest, "body": body} for digest, body in bodies.items()]
            connection.execute(insert_new(prompts, dialect), shared)
            connection.execute(insert_new(calls, dialect), rows)
        # Only now: whoever reads meanwhile sees no table that is not committed.
        self._has_tables = True

    def _row(self, record: CallRecord, bodies: dict[str, str]) -> dict[str, Any]:  # Any: a row
        data = record.to_json()
        body = json.dumps(data["ask"].pop("messages"))
        digest = hashlib.sha256(body.encode()).hexdigest()
        bodies[digest] = body
        return {
            "run": self._run,
            "trial": record.ask.trial,
            "label": record.ask.label,
            "prompt": digest,
            "provider": record.provider,
            "model": record.model,
            "body": json.dumps(data),
        }

    def _tables_are_there(self, connection: Connection) -> bool:
        if not self._has_tables:
            self._has_tables = look_at(connection).has_table(calls.name)
        return self._has_tables


def _read(body: str, messages: str) -> CallRecord:
    data = json.loads(body)
    data["ask"]["messages"] = json.loads(messages)
    return CallRecord.from_json(data)
