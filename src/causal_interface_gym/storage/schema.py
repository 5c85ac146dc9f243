"""The tables a database has, and how they come up to date.

A release only adds what the release before it can ignore (expand); what nobody reads any more goes
a release later (contract). So a program and the one before it may work on one database at once, and
a database of a later revision is no reason to refuse: each run says itself, in ``schema_version``,
who can read it.

A database in a file belongs to whoever runs the program, so its tables are made and upgraded when
something new is written. A server's are shared: only ``cig db migrate`` changes them.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, insert, inspect, select

from causal_interface_gym.errors import RunError
from causal_interface_gym.storage import calls, private
from causal_interface_gym.storage.database import changing, is_file, reading
from causal_interface_gym.storage.service import (
    accounts,
    audit,
    blobs,
    idempotency,
    live,
    queued,
    runtime,
)
from causal_interface_gym.storage.tables import METADATA, runs

__all__ = [
    "HEAD",
    "MIGRATIONS",
    "REVISIONS",
    "TABLES",
    "Status",
    "downgrade",
    "ensure_tables",
    "table_status",
    "upgrade",
]

REVISIONS: Final = ("0001", "0002", "0003", "0004", "0005")
"""All revisions, oldest first; each is a file in ``migrations/versions``."""
HEAD: Final = REVISIONS[-1]
_DEFINING: Final = (accounts, audit, blobs, calls, idempotency, live, private, queued, runtime)
"""The modules that describe tables of their own; importing them makes the description whole."""
TABLES: Final = METADATA
"""All tables."""

MIGRATIONS: Final = Path(__file__).parent / "migrations"
"""The folder that Alembic reads."""
_version: Final = Table(
    "alembic_version", MetaData(), Column("version_num", String(32), primary_key=True)
)


@dataclass(frozen=True, slots=True)
class Status:
    """Which tables a database has.

    ``revision`` is empty where there is none: the database is new, or (``has_runs``) of the first
    release, which kept no revision.
    """

    revision: str
    has_runs: bool

    @property
    def pending(self) -> tuple[str, ...]:
        """The revisions that an upgrade would apply; none if the database is of a later release."""
        if self.is_later:
            return ()
        n_there = REVISIONS.index(self.revision) + 1 if self.revision else 0
        return REVISIONS[n_there:]

    @property
    def is_later(self) -> bool:
        """Whether a later release made the tables."""
        return bool(self.revision) and self.revision not in REVISIONS


def table_status(engine: Engine) -> Status:
    """Look which tables there are.

    Raises:
        RunError: The database refused.
        DependencyError: Its server does not answer.
    """
    with reading(engine) as connection:
        return _status(connection)


def ensure_tables(engine: Engine) -> None:
    """Have the tables of this release: make or upgrade those in a file, look at a server's.

    Raises:
        RunError: The server's tables are not up to date, or the database refused.
        DependencyError: The server does not answer.
    """
    found = table_status(engine)
    if not found.pending:
        return
    if not is_file(engine):
        has = f"of revision {found.revision}" if found.revision else "missing"
        message = f"the tables are {has}, revision {HEAD} is needed; make them: cig db migrate"
        raise RunError(message)
    if found.revision or found.has_runs:
        upgrade(engine)
        return
    with changing(engine) as connection:
        if not _status(connection).revision:
            TABLES.create_all(connection)
            _version.create(connection)
            connection.execute(insert(_version), [{"version_num": HEAD}])


def upgrade(engine: Engine, to: str = HEAD) -> tuple[str, ...]:
    """Bring the tables up to a revision, all or nothing, and say which were applied.

    Raises:
        RunError: The database refused; its tables are as they were.
        DependencyError: Its server does not answer.
    """
    with changing(engine) as connection:
        found = _status(connection)
        wanted = found.pending[: max(0, REVISIONS.index(to) + 1 - _place(found.revision))]
        if wanted:
            _migrate(connection, to, is_up=True)
    return wanted


def downgrade(engine: Engine, to: str) -> None:
    """Take the tables back to a revision, with what only later ones hold; empty takes all.

    Raises:
        RunError: The tables are of a later release, or the database refused.
        DependencyError: Its server does not answer.
    """
    with changing(engine) as connection:
        found = _status(connection)
        if found.is_later:
            message = (
                f"the tables are of revision {found.revision}; this program knows up to {HEAD}"
            )
            raise RunError(message)
        _migrate(connection, to or "base", is_up=False)


def _status(connection: Connection) -> Status:
    there = set(inspect(connection).get_table_names())
    found = connection.scalar(select(_version)) if _version.name in there else None
    return Status(str(found or ""), runs.name in there)


def _place(revision: str) -> int:
    """Give how many revisions lie up to one, itself included."""
    return REVISIONS.index(revision) + 1 if revision in REVISIONS else 0


def _migrate(connection: Connection, to: str, *, is_up: bool) -> None:
    """Apply revisions on a connection, within its transaction."""
    from alembic import command  # noqa: PLC0415 - slow to load, seldom needed
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    apply = command.upgrade if is_up else command.downgrade
    apply(config, to)
