"""Backups of PostgreSQL: equal after a restore, whatever was in the database."""

import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from causal_interface_gym.errors import DependencyError, OperationError
from causal_interface_gym.ops.backup import postgres
from causal_interface_gym.ops.backup.contents import difference
from causal_interface_gym.ops.backup.postgres import PostgresSource
from causal_interface_gym.ops.backup.vault import Vault
from causal_interface_gym.storage.database import reading, writing
from causal_interface_gym.storage.schema import HEAD, REVISIONS, downgrade, table_status
from tests.ops.backup.filling import contents, fill, opened, spoil
from tests.servers.postgres import Postgres
from tests.servers.process import free_port

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def source(database: str, programs: Path) -> PostgresSource:
    return PostgresSource(database, programs)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "backups")


def databases(address: str) -> set[str]:
    with opened(address) as engine, reading(engine) as connection:
        return set(connection.scalars(text("SELECT datname FROM pg_database")))


def proven(vault: Vault, source: PostgresSource) -> str:
    backup = vault.verify(source, vault.create(source).name)
    vault.publish(backup)
    return backup.name


def drop(address: str, name: str) -> None:
    with opened(address) as engine, engine.connect() as connection:
        free = connection.execution_options(isolation_level="AUTOCOMMIT")
        free.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.ops
def test_a_hundred_generated_databases_are_equal_after_a_restore(
    database_server: Postgres, programs: Path, tmp_path: Path
) -> None:
    for seed in range(100):
        with database_server.database() as address:
            fill(address, seed)
            before = contents(address)
            file = tmp_path / f"{seed}.dump"
            source = PostgresSource(address, programs)
            assert source.dump(file) == before
            with source.rehearsed(file) as rehearsal:
                assert difference(before, rehearsal.contents) == ""
                assert rehearsal.contents == before


def test_a_damaged_database_is_as_it_was_after_a_restore(
    source: PostgresSource, vault: Vault, database: str
) -> None:
    fill(database, 7)
    before = contents(database)
    name = proven(vault, source)
    spoil(database)
    assert contents(database) != before
    old = vault.restore(source)
    assert vault.latest() == name
    assert contents(database) == before
    assert old in databases(database)
    with opened(database) as engine, writing(engine) as connection:
        # The log of acts still refuses: triggers came back too.
        refused = connection.execute(
            text("SELECT count(*) FROM pg_trigger WHERE tgname = 'audit_entry_change'")
        )
        assert refused.scalar() == 1
    drop(database, old)


def test_writes_during_the_dump_do_not_break_equality(
    source: PostgresSource, vault: Vault, database: str
) -> None:
    fill(database, 3)
    stop = threading.Event()

    def write() -> None:
        number = 0
        with opened(database) as engine:
            while not stop.is_set():
                number += 1
                with writing(engine) as connection:
                    connection.execute(
                        text("INSERT INTO account VALUES (:name, now())"), {"name": f"w{number}"}
                    )

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for _ in range(3):
            vault.verify(source, vault.create(source).name)
    finally:
        stop.set()
        thread.join()


def test_users_who_are_connected_are_cut_off_and_come_back_to_the_new_one(
    source: PostgresSource, vault: Vault, database: str
) -> None:
    fill(database, 5)
    proven(vault, source)
    with opened(database) as engine:
        with writing(engine) as connection:
            connection.execute(text("INSERT INTO account VALUES ('later', now())"))
        old = vault.restore(source)
        with reading(engine) as connection:
            found = connection.scalar(text("SELECT count(*) FROM account WHERE name = 'later'"))
        assert found == 0
    drop(database, old)


def test_a_backup_of_an_older_revision_is_brought_up(
    source: PostgresSource, vault: Vault, database: str
) -> None:
    with opened(database) as engine:
        downgrade(engine, REVISIONS[-2])
    proven(vault, source)
    old = vault.restore(source)
    with opened(database) as engine:
        assert table_status(engine).revision == HEAD
    drop(database, old)


def test_settings_and_rights_of_the_database_outlive_a_restore(
    source: PostgresSource, vault: Vault, database: str
) -> None:
    proven(vault, source)
    with opened(database) as engine, writing(engine) as connection:
        name = connection.scalar(text("SELECT current_database()"))
        connection.execute(text(f'ALTER DATABASE "{name}" SET search_path = public, monitoring'))
        connection.execute(text(f"ALTER DATABASE \"{name}\" SET statement_timeout = '7s'"))
        connection.execute(text(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC'))
    old = vault.restore(source)
    with opened(database) as engine, reading(engine) as connection:
        assert connection.scalar(text("SHOW search_path")) == "public, monitoring"
        assert connection.scalar(text("SHOW statement_timeout")) == "7s"
        open_to_all = "SELECT has_database_privilege('pg_monitor', current_database(), 'CONNECT')"
        assert connection.scalar(text(open_to_all)) is False
    drop(database, old)


@pytest.mark.parametrize("damage", ["truncated", "changed", "gone"])
def test_a_damaged_dump_is_refused_and_nothing_changes(
    source: PostgresSource, vault: Vault, database: str, damage: str
) -> None:
    fill(database, 2)
    name = proven(vault, source)
    file = vault.folder / name
    body = file.read_bytes()
    file.write_bytes(
        {"truncated": body[:-200], "changed": body[:-9] + b"damage!!!", "gone": b""}[damage]
    )
    before, there = contents(database), databases(database)
    with pytest.raises(OperationError, match="damaged"):
        vault.restore(source)
    assert contents(database) == before
    assert databases(database) == there


def test_a_truncated_dump_without_its_manifests_word_is_refused_too(
    source: PostgresSource, database: str, tmp_path: Path
) -> None:
    fill(database, 2)
    file = tmp_path / "x.dump"
    source.dump(file)
    file.write_bytes(file.read_bytes()[:-400])
    there = databases(database)
    with pytest.raises(OperationError, match="pg_restore failed"):
        source.restore(file, lambda _: None)
    assert databases(database) == there


def test_a_dump_of_another_schema_is_refused(
    database_server: Postgres, source: PostgresSource, vault: Vault, database: str, programs: Path
) -> None:
    with database_server.database(is_empty=True) as other:
        with opened(other) as engine, writing(engine) as connection:
            connection.execute(text("CREATE TABLE customers (id int PRIMARY KEY)"))
        vault.create(PostgresSource(other, programs))
    before = contents(database)
    with pytest.raises(
        OperationError, match=r"no backup of this program; its tables: public\.cust"
    ):
        vault.restore(source, vault.backups()[-1].name)
    assert contents(database) == before


def test_a_backup_that_lost_a_row_is_never_called_latest(
    source: PostgresSource, vault: Vault, database: str
) -> None:
    fill(database, 4)
    name = proven(vault, source)
    second = vault.create(source)
    # As if the disk had kept the dump of another moment under the manifest of this one.
    fill_after = vault.folder / second.name
    with opened(database) as engine, writing(engine) as connection:
        connection.execute(text("INSERT INTO account VALUES ('one more', now())"))
    fill_after.unlink()
    source.dump(fill_after)
    with pytest.raises(OperationError, match="damaged"):
        vault.verify(source, second.name)
    assert vault.latest() == name


def test_a_missing_program_or_server_is_said(vault: Vault, tmp_path: Path, database: str) -> None:
    with pytest.raises(DependencyError, match=r"pg_dump is not in .*CIG_POSTGRES_BIN"):
        vault.create(PostgresSource(database, tmp_path))
    nobody = f"postgresql://nobody@127.0.0.1:{free_port()}/none"
    with pytest.raises(DependencyError, match="does not answer"):
        vault.create(PostgresSource(nobody))
    assert vault.backups() == ()
    assert [path.name for path in vault.folder.iterdir()] == [".lock"]


def test_a_second_restore_is_refused(
    source: PostgresSource, vault: Vault, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    proven(vault, source)
    monkeypatch.setattr(postgres, "_LOCK_S", 0.2)
    with (
        source.rehearsed(vault.folder / vault.latest()),
        pytest.raises(OperationError, match="another restore of this database is going on"),
    ):
        vault.restore(source)


def test_a_restore_waits_until_the_server_lets_the_lock_of_a_killed_one_go(
    source: PostgresSource, vault: Vault, database: str
) -> None:
    proven(vault, source)
    first = source.rehearsed(vault.folder / vault.latest())
    first.__enter__()
    late = threading.Timer(0.7, first.__exit__, (None, None, None))
    late.start()
    vault.restore(source)
    late.join()


def test_what_a_killed_restore_left_is_dropped_by_the_next(
    source: PostgresSource, vault: Vault, database: str
) -> None:
    proven(vault, source)
    live = database.rpartition("/")[2]
    left, kept = f"{live[:40]}_shadow_0123abcd", f"{live[:40]}_shadow_of_mine"
    for name in (left, kept):
        with opened(database) as engine, engine.connect() as connection:
            free = connection.execution_options(isolation_level="AUTOCOMMIT")
            free.exec_driver_sql(f'CREATE DATABASE "{name}"')
    vault.verify(source)
    assert left not in databases(database)
    assert kept in databases(database)
    drop(database, kept)


def test_a_full_disk_leaves_latest_where_it_was(
    source: PostgresSource, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database, 1)
    vault = Vault(tmp_path / "backups")
    name = proven(vault, source)
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_000))
    with pytest.raises(OperationError, match="1,000 bytes free"):
        vault.create(source)
    assert [backup.name for backup in vault.backups()] == [name]
    assert vault.latest() == name


def test_a_clock_that_jumps_back_deletes_nothing_new(
    source: PostgresSource, database: str, tmp_path: Path
) -> None:
    times = iter(datetime(year, 1, 1, tzinfo=UTC) for year in (2030, 2030, 2030, 2020, 2020, 2020))
    vault = Vault(tmp_path / "backups", now=lambda: next(times))
    proven(vault, source)
    newest = vault.create(source)
    vault = Vault(vault.folder, now=lambda: datetime(2020, 1, 1, tzinfo=UTC))
    vault.publish(vault.verify(source, newest.name))
    last = vault.create(source)
    vault.publish(vault.verify(source, last.name))
    vault.prune()
    assert vault.latest() == last.name == vault.backups()[-1].name
