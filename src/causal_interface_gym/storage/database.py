"""Databases: SQLite in a file or in memory, and what their errors mean to a user.

Write-ahead logging lets readers go on while a batch is written; a batch is on the disk before it
counts. Only how a connection is made knows the database; statements do not.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from causal_interface_gym.errors import RunError

__all__ = ["BUSY_S", "file_database", "memory_database", "reading", "writing"]

BUSY_S: Final = 10.0
"""Seconds to wait for another process that is writing."""

_SETTINGS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
)
_MEANINGS: Final = {
    "locked": "another process holds the database; stop it or wait, then resume",
    "full": "there is no space left; finished trials are kept: make room, then resume",
    "disk i/o": "the disk refused to read or write; finished trials are kept: resume later",
    "readonly": "it may not be written; check its permissions and those of its folder",
    "unable to open": "it cannot be opened; check that the folder exists and may be written",
    "not a database": "the file is no database of runs",
    "malformed": "the database is damaged; restore it from a copy",
}


def file_database(path: Path, *, busy_s: float = BUSY_S) -> Engine:
    """Open or make a database in a file."""
    url = URL.create("sqlite", database=str(path))
    return _prepared(create_engine(url, connect_args={"timeout": busy_s}))


def memory_database() -> Engine:
    """Make a database that lives as long as its engine."""
    shared = {"check_same_thread": False}
    return _prepared(create_engine("sqlite://", poolclass=StaticPool, connect_args=shared))


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Lend a connection for statements that change nothing.

    Raises:
        RunError: The database refused; the message says what to do.
    """
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        raise _refusal(engine, error) from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Lend a connection for one transaction: all of it is kept, or nothing.

    Raises:
        RunError: The database refused; the message says what to do.
    """
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        raise _refusal(engine, error) from error


def _prepared(engine: Engine) -> Engine:
    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for setting in _SETTINGS:
            cursor.execute(setting)
        cursor.close()

    return engine


def _refusal(engine: Engine, error: DBAPIError) -> RunError:
    said = str(error.orig)
    meanings = (meaning for key, meaning in _MEANINGS.items() if key in said.lower())
    return RunError(f"{engine.url.database or 'database'}: {next(meanings, said)} ({said})")
