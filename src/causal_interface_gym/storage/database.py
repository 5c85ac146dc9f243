"""Databases: SQLite in a file or in memory, PostgreSQL on a server, and what their errors mean.

Write-ahead logging lets readers go on while a batch is written; a batch is on the disk before it
counts. Only how a connection is made knows the database; statements do not.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from causal_interface_gym.errors import CausalGymError, DependencyError, RunError

__all__ = [
    "BUSY_S",
    "CONNECT_S",
    "changing",
    "database_at",
    "file_database",
    "glancing",
    "has_no_room",
    "is_file",
    "is_refusal",
    "memory_database",
    "reading",
    "writing",
]

BUSY_S: Final = 10.0
"""Seconds to wait for another process that is writing."""

CONNECT_S: Final = 5
"""Whole seconds to wait for a server to answer."""

MOST_CONNECTIONS: Final = 15
"""Connections of one process to a server: kept once they are made, for making one costs most."""

_CHANGING: Final = 0x0CA_05A1
"""The key of the lock that whoever changes a server's tables holds; any number will do."""
_AWAY: Final = ("08", "57P", "53300")
"""Classes of PostgreSQL's errors: broken connections, shutting down, too many connections."""
_SETTINGS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
)
_NO_ROOM: Final = "53100"
_ALLOWED: Final = "give postgresql://user:password@host:port/name, or sqlite:///path/to/file.db"
_FULL: Final = ("no space left", "disk is full")
_MEANINGS: Final = {
    "locked": "another process holds the database; stop it or wait, then resume",
    "password authentication failed": "the server refuses this user or password",
    "no pg_hba.conf entry": "the server refuses this user from here",
    "permission denied": "this user has not the right to do that there",
    "does not exist": "the server has no such database, user or table",
    "no space left": "there is no space left; finished trials are kept: make room, then resume",
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


def database_at(address: str) -> Engine:
    """Open the database at an address such as ``postgresql://user:password@host/name``.

    Nothing is connected yet; an address never appears in a message, as it may hold a password.

    Raises:
        RunError: The address is none, or of a kind of database that is not supported.
    """
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):  # the latter where a port is no number
        message = "the database's address is none"
        raise RunError(f"{message}; {_ALLOWED}") from None
    match url.get_backend_name():
        case "sqlite" if url.database:
            return file_database(Path(url.database))
        case "postgresql" | "postgres":
            settings = {"connect_timeout": CONNECT_S, "application_name": "cig"}
            url = url.set(drivername="postgresql+psycopg")
            pool = {"pool_size": MOST_CONNECTIONS, "max_overflow": 0, "pool_pre_ping": True}
            return create_engine(url, connect_args=settings, **pool)
        case kind:
            message = f"a database of kind {kind!r} cannot hold runs"
            raise RunError(f"{message}; {_ALLOWED}")


def is_file(engine: Engine) -> bool:
    """Say whether a database belongs to this program alone: a file, or memory."""
    return engine.dialect.name == "sqlite"


def is_refusal(error: BaseException) -> bool:
    """Say whether an error says what a database said, and not what a caller did."""
    cause = error.__cause__
    return cause is not None and (isinstance(cause, DBAPIError) or is_refusal(cause))


def has_no_room(error: BaseException) -> bool:
    """Say whether a database refused because its disk is full."""
    cause = error.__cause__
    if not isinstance(cause, DBAPIError):
        return cause is not None and has_no_room(cause)
    said = str(cause.orig).lower()
    known = getattr(cause.orig, "sqlstate", None) == _NO_ROOM
    return known or any(words in said for words in _FULL)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Lend a connection for statements that change nothing.

    Raises:
        RunError: The database refused; the message says what to do.
        DependencyError: Its server does not answer.
    """
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        raise _refusal(engine, error) from error
    except PoolTimeoutError as error:
        message = "all connections to the database are in use; try again in a moment"
        raise DependencyError(message) from error


@contextmanager
def glancing(engine: Engine) -> Iterator[Connection]:
    """Lend a connection for single statements that change nothing and stand each for itself.

    A server is spared the begin and the end of a transaction. No stream of rows may be read here.

    Raises:
        RunError: The database refused; the message says what to do.
        DependencyError: Its server does not answer.
    """
    alone = engine if is_file(engine) else engine.execution_options(isolation_level="AUTOCOMMIT")
    with reading(alone) as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Lend a connection for one transaction: all of it is kept, or nothing.

    Raises:
        RunError: The database refused; the message says what to do.
        DependencyError: Its server does not answer.
    """
    try:
        with engine.begin() as connection:
            if is_file(engine):
                # Wait for others now: a transaction that has read may not wait before it writes.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
    except DBAPIError as error:
        raise _refusal(engine, error) from error
    except PoolTimeoutError as error:
        message = "all connections to the database are in use; try again in a moment"
        raise DependencyError(message) from error


@contextmanager
def changing(engine: Engine) -> Iterator[Connection]:
    """Lend a connection to change tables: one process at a time, and all or nothing.

    Raises:
        RunError: The database refused; the message says what to do.
        DependencyError: Its server does not answer.
    """
    with writing(engine) as connection:
        if not is_file(engine):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_CHANGING})")
        yield connection


def _prepared(engine: Engine) -> Engine:
    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for setting in _SETTINGS:
            cursor.execute(setting)
        cursor.close()

    return engine


def _refusal(engine: Engine, error: DBAPIError) -> CausalGymError:
    """Say in a user's words what a database said."""
    said = str(error.orig).strip()
    meaning = next((meaning for key, meaning in _MEANINGS.items() if key in said.lower()), None)
    name = engine.url.database or "database"
    if meaning is None and not is_file(engine) and _is_unreachable(error):
        where = f"{engine.url.host or 'this machine'}:{engine.url.port or 5432}"
        message = f"{name}: the database's server at {where} does not answer; start it ({said})"
        return DependencyError(message)
    return RunError(f"{name}: {meaning or said} ({said})")


def _is_unreachable(error: DBAPIError) -> bool:
    """Say whether a server was not there, broke off, or takes nobody at this moment."""
    state = getattr(error.orig, "sqlstate", None)  # none before a connection stands
    if state is None:
        return isinstance(error, OperationalError)
    return error.connection_invalidated or state.startswith(_AWAY)
