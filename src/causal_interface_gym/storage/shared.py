"""Runs in a database that many share, each under a name of its own."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, delete, inspect, select

from causal_interface_gym.errors import RunError
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.storage.calls import SqlCallStore, calls
from causal_interface_gym.storage.database import database_at, reading, writing
from causal_interface_gym.storage.private import PrivateNotes, private
from causal_interface_gym.storage.run_store import SqlStore
from causal_interface_gym.storage.schema import ensure_tables
from causal_interface_gym.storage.service.queued import run_events, run_shards, run_states
from causal_interface_gym.storage.tables import (
    calibrations,
    episodes,
    events,
    failures,
    runs,
    scores,
)

__all__ = [
    "create_shared",
    "open_shared",
    "open_shared_calls",
    "open_shared_notes",
    "remove_shared",
    "run_name",
    "run_names",
]

_OF_A_RUN: Final = (
    run_events, run_shards, run_states, private, calls, calibrations, scores, failures, events,
    episodes,
)  # fmt: skip
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_MOST_NAMED: Final = 20


def run_name(folder: Path) -> str:
    """Give the name of a folder's run in a shared database: that of the folder itself.

    >>> run_name(Path("runs/june"))
    'june'

    Raises:
        RunError: The name is none for a run.
    """
    name = folder.name
    if not _NAME.fullmatch(name):
        message = (
            f"{str(folder)!r} gives no name for a run: its last part has 1 to 64 letters, digits, "
            "points, dashes or underscores and begins with a letter or digit, such as runs/june"
        )
        raise RunError(message)
    return name


def create_shared(address: str, name: str, spec: RunSpec) -> SqlStore:
    """Begin a run in the database at an address.

    Raises:
        RunError: There is a run of this name, or the database's tables are not up to date.
        DependencyError: The database's server does not answer.
    """
    engine = database_at(address)
    try:
        return SqlStore.create(engine, spec, name)
    except BaseException:
        engine.dispose()
        raise


def open_shared(address: str, name: str) -> SqlStore:
    """Open a run in the database at an address.

    Raises:
        RunError: There is none of this name; the message names those there are.
        DependencyError: The database's server does not answer.
    """
    engine = database_at(address)
    try:
        _check_known(name, run_names(engine))
        return SqlStore.open(engine, name)
    except BaseException:
        engine.dispose()
        raise


@contextmanager
def open_shared_calls(address: str, name: str) -> Iterator[SqlCallStore]:
    """Open the transcript of a run in the database at an address.

    Raises:
        RunError: There is no run of this name.
        DependencyError: The database's server does not answer.
    """
    with _engine(address, name) as engine:
        yield SqlCallStore(engine, name)


@contextmanager
def open_shared_notes(address: str, name: str) -> Iterator[PrivateNotes]:
    """Open the private notes of a run in the database at an address.

    Raises:
        RunError: There is no run of this name.
        DependencyError: The database's server does not answer.
    """
    with _engine(address, name) as engine:
        yield PrivateNotes(engine, name)


def remove_shared(address: str, name: str) -> None:
    """Delete a run with all that belongs to it alone, in one transaction; worlds are shared.

    Raises:
        RunError: The database refused.
        DependencyError: The database's server does not answer.
    """
    engine = database_at(address)
    try:
        ensure_tables(engine)
        with writing(engine) as connection:
            for table in _OF_A_RUN:
                connection.execute(delete(table).where(table.c.run == name))
            connection.execute(delete(runs).where(runs.c.id == name))
    finally:
        engine.dispose()


def run_names(engine: Engine) -> tuple[str, ...]:
    """List the runs of a database by name.

    Raises:
        RunError: The database holds no tables yet.
        DependencyError: Its server does not answer.
    """
    with reading(engine) as connection:
        if not inspect(connection).has_table(runs.name):
            message = "the database holds no tables yet; make them: cig db migrate"
            raise RunError(message)
        return tuple(sorted(connection.scalars(select(runs.c.id))))


@contextmanager
def _engine(address: str, name: str) -> Iterator[Engine]:
    """Lend the database of a run that is there."""
    engine = database_at(address)
    try:
        _check_known(name, run_names(engine))
        yield engine
    finally:
        engine.dispose()


def _check_known(name: str, known: tuple[str, ...]) -> None:
    if name in known:
        return
    more = "" if len(known) <= _MOST_NAMED else f", ... ({len(known)} in all)"
    there = f"there are: {', '.join(known[:_MOST_NAMED])}{more}" if known else "it holds none yet"
    message = f"there is no run {name!r} in the database; {there}"
    raise RunError(message)
