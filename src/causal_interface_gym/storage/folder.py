"""A run in a folder: one database file beside its reports."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from causal_interface_gym.errors import RunError
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.storage.calls import SqlCallStore
from causal_interface_gym.storage.database import BUSY_S, file_database
from causal_interface_gym.storage.private import PrivateNotes
from causal_interface_gym.storage.run_store import SqlStore

__all__ = ["DATABASE", "create_run", "open_calls", "open_notes", "open_run", "remove_run"]

DATABASE: Final = "run.db"
"""The file's name; while it is open a journal ``-wal`` and an index ``-shm`` stand beside it."""


def create_run(folder: Path, spec: RunSpec, *, busy_s: float = BUSY_S) -> SqlStore:
    """Begin a run in a folder that holds none.

    Raises:
        RunError: A run is there already, or the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    engine = file_database(folder / DATABASE, busy_s=busy_s)
    store = _named(folder, engine, lambda: SqlStore.create(engine, spec))
    _settle(engine)
    return store


def open_run(folder: Path, *, busy_s: float = BUSY_S) -> SqlStore:
    """Open the run in a folder.

    Raises:
        RunError: There is none, or it is damaged or of another version.
    """
    _check_there(folder)
    engine = file_database(folder / DATABASE, busy_s=busy_s)
    return _named(folder, engine, lambda: SqlStore.open(engine))


@contextmanager
def open_calls(folder: Path) -> Iterator[SqlCallStore]:
    """Open the transcript of the run in a folder.

    Raises:
        RunError: There is no run.
    """
    with _engine(folder) as engine:
        yield SqlCallStore(engine)


@contextmanager
def open_notes(folder: Path) -> Iterator[PrivateNotes]:
    """Open the private notes of the run in a folder.

    Raises:
        RunError: There is no run.
    """
    with _engine(folder) as engine:
        yield PrivateNotes(engine)


def remove_run(folder: Path) -> None:
    """Delete a run's own files; others in the folder stay."""
    for suffix in ("-shm", "-wal", ""):
        with suppress(FileNotFoundError):
            (folder / f"{DATABASE}{suffix}").unlink()


@contextmanager
def _engine(folder: Path) -> Iterator[Engine]:
    """Lend a run's database, and let go of it."""
    _check_there(folder)
    engine = file_database(folder / DATABASE)
    try:
        yield engine
    finally:
        engine.dispose()


def _settle(engine: Engine) -> None:
    """Move the beginning of a run out of the journal, so that a torn one costs trials only."""
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    finally:
        connection.close()


def _check_there(folder: Path) -> None:
    if not (folder / DATABASE).is_file():
        message = f"there is no run in {folder}; start one with: cig run --out {folder}"
        raise RunError(message)


def _named(folder: Path, engine: Engine, make: Callable[[], SqlStore]) -> SqlStore:
    """Make a store; let go of the file and name the folder where that fails."""
    try:
        return make()
    except RunError as error:
        engine.dispose()
        message = f"{folder}: {error}"
        raise RunError(message) from error
