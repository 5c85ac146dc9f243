"""A PostgreSQL database as a source of backups.

The dump and the digests share one exported snapshot, so both are of the same moment however many
write meanwhile. A restore fills a database beside the real one; two renames in one transaction put
it in its place, so whoever connects finds the old one or the new one, never a part of each.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from causal_interface_gym.errors import DependencyError, OperationError
from causal_interface_gym.ops.backup.contents import MONITORING, Contents, server_contents
from causal_interface_gym.ops.backup.programs import program, run_program
from causal_interface_gym.ops.backup.source import Rehearsal
from causal_interface_gym.storage.database import CONNECT_S, database_at, reading
from causal_interface_gym.storage.schema import upgrade

__all__ = ["PostgresSource"]

_RESTORING: Final = 0x0CA_05A2
"""The key of the lock that whoever restores holds; any number will do."""
_MAINTENANCE: Final = "postgres"
_SWAP_S: Final = 20.0
_LOCK_S: Final = 15.0
"""How long the server may take to notice that a killed restore is gone, and to let its lock go."""
_STEM: Final = 40
"""Characters of a database's name that the names beside it begin with; PostgreSQL cuts at 63."""
_SHADOW: Final = re.compile(r"shadow_[0-9a-f]{8}")
_IN_USE: Final = "55006"


@dataclass(frozen=True, slots=True)
class PostgresSource:
    """A database by its address; ``programs`` is the folder of pg_dump, if not on the path."""

    address: str
    programs: Path | None = None
    kind: str = "postgresql"

    def size(self) -> int:
        """Bytes that it takes.

        Raises:
            DependencyError: Its server does not answer.
            RunError: The database refused.
        """
        with _opened(self.address) as engine, reading(engine) as connection:
            return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)

    def dump(self, file: Path) -> Contents:
        """Write it to a new file, and say what it held at that moment.

        Raises:
            OperationError: The disk is full, or the program failed.
            DependencyError: The server does not answer, or the program is not there.
            RunError: The database refused.
        """
        pg_dump = program("pg_dump", self.programs)
        with _opened(self.address) as engine, reading(engine) as connection:
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
            snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
            run_program(
                pg_dump,
                "--format=custom",
                "--no-password",
                f"--exclude-schema={MONITORING}",
                "--exclude-extension=*",
                f"--snapshot={snapshot}",
                f"--file={file}",
                url=self._url,
            )
            return server_contents(connection)

    @contextmanager
    def rehearsed(self, file: Path) -> Iterator[Rehearsal]:
        """Restore a file into a database of its own, and drop it afterwards.

        Raises:
            OperationError: The file is no whole dump, or there may be no further database.
            DependencyError: The server does not answer, or the program is not there.
        """
        with self._locked() as connection:
            shadow = self._filled(connection, file)
            try:
                yield Rehearsal(_contents(shadow), shadow.render_as_string(hide_password=False))
            finally:
                _drop(connection, str(shadow.database))

    def restore(self, file: Path, check: Callable[[Contents], None]) -> str:
        """Put a file in the place of the database; give the name that the old one has now.

        Raises:
            OperationError: The file is no whole dump, the check refused, or others would not leave.
            DependencyError: The server does not answer, or the program is not there.
        """
        live = str(self._url.database)
        old = _beside(live, f"before_{time.strftime('%Y%m%d%H%M%S', time.gmtime())}")
        with self._locked() as connection:
            shadow = self._filled(connection, file)
            try:
                check(_contents(shadow))
                _brought_up(shadow)
                _copy_rights(connection, live, str(shadow.database))
                _swap(connection, live=live, shadow=str(shadow.database), old=old)
            except BaseException:
                _drop(connection, str(shadow.database))
                raise
        return old

    @property
    def _url(self) -> URL:
        return make_url(self.address)

    @contextmanager
    def _locked(self) -> Iterator[Connection]:
        """Lend a connection beside the database; one restore of it at a time."""
        url = self._url.set(drivername="postgresql+psycopg", database=_MAINTENANCE)
        engine = create_engine(
            url,
            connect_args={"connect_timeout": CONNECT_S, "application_name": "cig-restore"},
            isolation_level="AUTOCOMMIT",
            poolclass=NullPool,
        )
        try:
            with engine.connect() as connection:
                _take_lock(connection, str(self._url.database))
                yield connection
        except OperationalError as error:
            raise _refused(error) from error
        except DBAPIError as error:
            message = f"the server refused: {str(error.orig).strip()}"
            raise OperationError(message) from error
        finally:
            engine.dispose()

    def _filled(self, connection: Connection, file: Path) -> URL:
        """Fill a database beside the real one; those that earlier kills left go first."""
        pg_restore = program("pg_restore", self.programs)
        run_program(pg_restore, "--list", str(file))  # reads the whole table of contents
        live = str(self._url.database)
        stem = _beside(live, "")
        for name in connection.scalars(text("SELECT datname FROM pg_database")).all():
            if name.startswith(stem) and _SHADOW.fullmatch(name[len(stem) :]):
                _drop(connection, name)
        shadow = self._url.set(database=_beside(live, f"shadow_{uuid4().hex[:8]}"))
        connection.execute(text(f"CREATE DATABASE {_quoted(connection, str(shadow.database))}"))
        try:
            options = ("--no-owner", "--no-privileges", "--exit-on-error", "--no-password")
            run_program(pg_restore, *options, str(file), url=shadow)
        except BaseException:
            _drop(connection, str(shadow.database))
            raise
        return shadow


@contextmanager
def _opened(address: str) -> Iterator[Engine]:
    engine = database_at(address)
    try:
        yield engine
    finally:
        engine.dispose()


def _take_lock(connection: Connection, name: str) -> None:
    """Wait for the lock as long as a restore that was killed can still seem to hold it."""
    taken = text("SELECT pg_try_advisory_lock(:key, hashtext(:name))")
    give_up = time.monotonic() + _LOCK_S
    while not connection.scalar(taken, {"key": _RESTORING, "name": name}):
        if time.monotonic() > give_up:
            message = "another restore of this database is going on; wait until it is over"
            raise OperationError(message)
        time.sleep(0.1)


def _contents(shadow: URL) -> Contents:
    with (
        _opened(shadow.render_as_string(hide_password=False)) as engine,
        reading(engine) as connection,
    ):
        return server_contents(connection)


def _brought_up(shadow: URL) -> None:
    """Bring the tables of an older backup up to this release."""
    with _opened(shadow.render_as_string(hide_password=False)) as engine:
        upgrade(engine)


def _copy_rights(connection: Connection, live: str, shadow: str) -> None:
    """Give the new database the settings and rights of the old one, which no dump holds."""
    settings = text(
        "SELECT unnest(setconfig) FROM pg_db_role_setting s JOIN pg_database d "
        "ON d.oid = s.setdatabase WHERE d.datname = :name AND s.setrole = 0"
    )
    for setting in connection.scalars(settings, {"name": live}).all():
        variable, _, value = str(setting).partition("=")
        database, name = _quoted(connection, shadow), _quoted(connection, variable)
        kept = value if variable == "search_path" else "'" + value.replace("'", "''") + "'"
        connection.exec_driver_sql(f"ALTER DATABASE {database} SET {name} TO {kept}")
    rights = text(
        "SELECT coalesce(r.rolname, 'public') AS who, a.privilege_type AS what FROM pg_database d, "
        "aclexplode(d.datacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee WHERE d.datname = :name"
    )
    found = connection.execute(rights, {"name": live}).all()
    if found:  # rights that are nowhere written are those of every new database
        name = _quoted(connection, shadow)
        connection.exec_driver_sql(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
    for row in found:
        who = "PUBLIC" if row.who == "public" else _quoted(connection, row.who)
        connection.exec_driver_sql(
            f"GRANT {row.what} ON DATABASE {_quoted(connection, shadow)} TO {who}"
        )


def _swap(connection: Connection, *, live: str, shadow: str, old: str) -> None:
    """Rename both databases in one transaction; whoever is connected has to come back."""
    give_up = time.monotonic() + _SWAP_S
    leave = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname IN (:live, :shadow) AND pid <> pg_backend_pid()"
    )
    names = {name: _quoted(connection, name) for name in (live, shadow, old)}
    # One string: PostgreSQL takes it as one transaction, so no moment lies between the two.
    rename = (
        f"ALTER DATABASE {names[live]} RENAME TO {names[old]};"
        f"ALTER DATABASE {names[shadow]} RENAME TO {names[live]}"
    )
    while True:
        connection.execute(leave, {"live": live, "shadow": shadow})
        try:
            connection.exec_driver_sql(rename, execution_options={"no_parameters": True})
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != _IN_USE or time.monotonic() > give_up:
                raise
        else:
            return


def _drop(connection: Connection, name: str) -> None:
    connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {_quoted(connection, name)} WITH (FORCE)")


def _beside(live: str, what: str) -> str:
    return f"{live[:_STEM]}_{what}"


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote_identifier(name)


def _refused(error: OperationalError) -> DependencyError | OperationError:
    said = str(error.orig).strip()
    if getattr(error.orig, "sqlstate", None) is None:
        message = f"the database's server does not answer: {said}"
        return DependencyError(message)
    message = f"the server refused: {said}"
    return OperationError(message)
