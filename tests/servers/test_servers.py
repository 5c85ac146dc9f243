"""The servers of the tests: unprivileged, of this machine only, and gone afterwards."""

import os
from pathlib import Path

import psycopg
import pytest

from tests.servers.postgres import Postgres, installed, postgres, programs
from tests.servers.process import is_runnable, room, run, unprivileged
from tests.servers.valkey import valkey


def test_a_cluster_runs_as_nobody_and_leaves_nothing() -> None:
    with postgres(is_durable=True) as cluster:
        process = cluster.server.process
        owner = Path(f"/proc/{process.pid}").stat().st_uid
        assert owner == (unprivileged().user or os.geteuid()) != 0
        with psycopg.connect(cluster.postgres.address) as connection:
            shown = connection.execute("SELECT current_setting('listen_addresses')").fetchone()
            durable = connection.execute("SELECT current_setting('fsync')").fetchone()
        assert (shown, durable) == (("127.0.0.1",), ("on",))
        data = Path(cluster.server.command[2])
        assert data.parent.exists()
    assert process.poll() is not None
    assert not data.parent.exists()


def test_a_killed_cluster_starts_again_with_what_was_committed() -> None:
    with postgres(is_durable=True) as cluster:
        with psycopg.connect(cluster.postgres.address) as connection:
            connection.execute("CREATE TABLE kept (id int PRIMARY KEY)")
        cluster.server.kill()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(cluster.postgres.address, connect_timeout=2)
        cluster.server.start()
        with psycopg.connect(cluster.postgres.address) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_database_of_a_test_is_its_own(database_server: Postgres) -> None:
    with database_server.database() as one, database_server.database(is_empty=True) as other:
        for address, expected in ((one, 1), (other, 0)):
            with psycopg.connect(address) as connection:
                found = connection.execute(
                    "SELECT count(*) FROM pg_class WHERE oid = to_regclass('run')"
                ).fetchone()
                assert found == (expected,)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(one)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has rights to give up")
def test_programs_in_a_closed_folder_are_copied(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    package = closed / installed().name
    package.symlink_to(installed())
    (closed / f"{package.name}.libs").symlink_to(installed().with_name(f"{package.name}.libs"))
    assert not is_runnable(package / "pginstall" / "bin" / "postgres")
    with room("copy") as data:
        found = programs(package, data.parent)
        assert found.is_relative_to(data.parent)
        assert run([found / "initdb", "--version"]).stdout.startswith("initdb (PostgreSQL)")


def test_a_cache_runs_as_nobody_and_leaves_nothing() -> None:
    with valkey() as server:
        process = server.server.process
        owner = Path(f"/proc/{process.pid}").stat().st_uid
        assert owner == (unprivileged().user or os.geteuid()) != 0
    assert process.poll() is not None
