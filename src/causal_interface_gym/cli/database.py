"""Where a command finds its run: in its folder, or in a database that many share.

The database is the one that ``--database`` or ``CIG_DATABASE_URL`` names. A folder that holds a
run's file is still opened as such, unless ``--database`` is given.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine

from causal_interface_gym.errors import RunError
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.storage.calls import SqlCallStore
from causal_interface_gym.storage.database import database_at
from causal_interface_gym.storage.folder import (
    DATABASE,
    create_run,
    open_calls,
    open_notes,
    open_run,
    remove_run,
)
from causal_interface_gym.storage.private import PrivateNotes
from causal_interface_gym.storage.run_store import SqlStore
from causal_interface_gym.storage.schema import ensure_tables
from causal_interface_gym.storage.shared import (
    create_shared,
    open_shared,
    open_shared_calls,
    open_shared_notes,
    remove_shared,
    run_name,
)

__all__ = ["DatabaseOption", "Place", "configured", "named", "opened", "place"]

DatabaseOption = Annotated[
    str | None,
    typer.Option(
        help="A database's address, such as postgresql://user@host/name. "
        "Default: CIG_DATABASE_URL, else the file in the run's folder."
    ),
]


@dataclass(frozen=True, slots=True)
class Place:
    """A run's folder, and the database's address if the run is not in its folder.

    ``is_named`` says that the command line named the database, so the next command has to as well.
    """

    folder: Path
    address: str = field(default="", repr=False)
    is_named: bool = False

    @property
    def again(self) -> str:
        """How the next command names this place; an address may hold a password and is left out."""
        return f"{self.folder} --database URL" if self.is_named else str(self.folder)

    def create(self, spec: RunSpec) -> SqlStore:
        """Begin a run here; its reports go to the folder.

        Raises:
            RunError: There is one already, or the place cannot be written.
            DependencyError: The database's server does not answer.
        """
        if not self.address:
            return create_run(self.folder, spec)
        store = create_shared(self.address, run_name(self.folder), spec)
        self.folder.mkdir(parents=True, exist_ok=True)
        return store

    def open(self) -> SqlStore:
        """Open the run that is here.

        Raises:
            RunError: There is none.
            DependencyError: The database's server does not answer.
        """
        if not self.address:
            return open_run(self.folder)
        return open_shared(self.address, run_name(self.folder))

    def calls(self) -> AbstractContextManager[SqlCallStore]:
        """Open the transcript of the run that is here.

        Raises:
            RunError: There is none.
            DependencyError: The database's server does not answer.
        """
        if not self.address:
            return open_calls(self.folder)
        return open_shared_calls(self.address, run_name(self.folder))

    def notes(self) -> AbstractContextManager[PrivateNotes]:
        """Open the private notes of the run that is here.

        Raises:
            RunError: There is none.
            DependencyError: The database's server does not answer.
        """
        if not self.address:
            return open_notes(self.folder)
        return open_shared_notes(self.address, run_name(self.folder))

    def remove(self) -> None:
        """Delete the run that is here, if there is one.

        Raises:
            RunError: The database refused.
            DependencyError: The database's server does not answer.
        """
        if self.address:
            remove_shared(self.address, run_name(self.folder))
        else:
            remove_run(self.folder)


def place(folder: Path, database: str | None) -> Place:
    """Say where the run of a folder is.

    Raises:
        SettingError: A setting has a value that is not allowed.
    """
    if database:
        return Place(folder, database, is_named=True)
    return Place(folder) if (folder / DATABASE).is_file() else Place(folder, named(None))


def configured(database: str | None) -> str:
    """Give the address of the database, for a command that needs one.

    Raises:
        RunError: None is named.
        SettingError: A setting has a value that is not allowed.
    """
    address = named(database)
    if not address:
        message = "no database is named; give --database or set CIG_DATABASE_URL"
        raise RunError(message)
    return address


@contextmanager
def opened(database: str | None) -> Iterator[Engine]:
    """Lend the database of a command that needs one, with the tables of this release.

    Raises:
        RunError: None is named, or its tables are not up to date.
        DependencyError: Its server does not answer.
        SettingError: A setting has a value that is not allowed.
    """
    engine = database_at(configured(database))
    try:
        ensure_tables(engine)
        yield engine
    finally:
        engine.dispose()


def named(database: str | None) -> str:
    """Give the address of the database, empty where none is named.

    Raises:
        SettingError: A setting has a value that is not allowed.
    """
    return database or _address() or ""


def _address() -> str | None:
    from causal_interface_gym.settings import load_settings  # noqa: PLC0415 - slow to load

    address = load_settings().database_url
    return address.get_secret_value() if address else None
