"""Answers of models in a file that runs and processes share, as ``CachedAnswers``.

Nothing that matters lives here: the file may be deleted at any time.
"""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Final

from sqlalchemy import Column, Double, Engine, MetaData, String, Table, Text, delete, event, select

from causal_interface_gym.agents.llm.call import Answer
from causal_interface_gym.agents.llm.records import read_answer
from causal_interface_gym.storage.database import reading, writing
from causal_interface_gym.storage.spending import hasten
from causal_interface_gym.storage.tables import insert_new

__all__ = ["SqlAnswers"]

_TABLES: Final = MetaData()

kept: Final = Table(
    "answer",
    _TABLES,
    Column("key", String(64), primary_key=True),
    Column("kept_at", Double, nullable=False, index=True),
    Column("body", Text, nullable=False),
)


class SqlAnswers:
    """Answers by the hash of their question, each for ``ttl_s`` seconds."""

    def __init__(
        self, engine: Engine, *, ttl_s: float = 86_400.0, now: Callable[[], float] = time.time
    ) -> None:
        """Open the file, and let go of what is too old.

        Raises:
            RunError: The database refused.
        """
        self._engine = engine
        self._ttl_s = ttl_s
        self._now = now
        event.listen(engine, "connect", hasten)
        with writing(engine) as connection:
            _TABLES.create_all(connection)
            connection.execute(delete(kept).where(kept.c.kept_at < now() - ttl_s))

    async def get(self, key: str) -> Answer | None:
        """Give the answer, unless there is none or it is too old.

        Raises:
            RunError: The database refused.
        """
        return await asyncio.to_thread(self._get, key)

    async def put(self, key: str, answer: Answer) -> None:
        """Keep an answer in the place of an older one.

        Raises:
            RunError: The database refused.
        """
        await asyncio.to_thread(self._put, key, answer)

    def _get(self, key: str) -> Answer | None:
        wanted = select(kept.c.body).where(
            kept.c.key == key, kept.c.kept_at >= self._now() - self._ttl_s
        )
        with reading(self._engine) as connection:
            body = connection.scalar(wanted)
        return read_answer(json.loads(body)) if body is not None else None

    def _put(self, key: str, answer: Answer) -> None:
        row = {"key": key, "kept_at": self._now(), "body": json.dumps(asdict(answer))}
        with writing(self._engine) as connection:
            connection.execute(delete(kept).where(kept.c.key == key))
            connection.execute(insert_new(kept, connection.dialect.name), [row])
