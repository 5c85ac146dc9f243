"""A restore that is killed, or whose disk is full, leaves the old or the new, never a mixture."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from causal_interface_gym.errors import OperationError
from causal_interface_gym.ops.backup.contents import Contents
from causal_interface_gym.ops.backup.files import FolderSource
from causal_interface_gym.ops.backup.postgres import PostgresSource
from causal_interface_gym.ops.backup.vault import Vault
from causal_interface_gym.storage.database import writing
from tests.ops.backup.filling import contents, fill, fill_file, opened, spoil

pytestmark = [pytest.mark.ops, pytest.mark.timeout(300)]

ROOT = Path(__file__).resolve().parents[3]
N_KILLS = 20


def start(work: Callable[[], object]) -> int:
    """Begin some work in a process of its own and give its id; it exits with 0 if all went well."""
    child = os.fork()
    if child:
        return child
    try:
        work()
    except BaseException:  # the child must never go on as a second test run
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def killed_after(seconds: float, work: Callable[[], object]) -> bool:
    """Kill some work after a time; say whether it was still going on."""
    child = start(work)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def timed(work: Callable[[], object]) -> float:
    began = time.monotonic()
    assert os.waitpid(start(work), 0)[1] == 0
    return time.monotonic() - began


def prepare(vault: Vault, source: PostgresSource | FolderSource) -> None:
    vault.publish(vault.verify(source, vault.create(source).name))


def test_a_restore_killed_at_random_moments_leaves_the_old_or_the_new_database(
    database: str, programs: Path, tmp_path: Path
) -> None:
    rng = random.Random(6)  # noqa: S311 - no secret
    fill(database, 11)
    new = contents(database)
    vault, source = Vault(tmp_path / "backups"), PostgresSource(database, programs)
    prepare(vault, source)
    spoil(database)
    old = contents(database)
    whole = timed(lambda: vault.restore(source))
    assert contents(database) == new
    n_killed = n_tries = 0
    seen: set[str] = set()
    while n_killed < N_KILLS and n_tries < 4 * N_KILLS:
        n_tries += 1
        if contents(database) == new:
            spoil(database)
        n_killed += killed_after(rng.uniform(0.02, 1.0) * whole, lambda: vault.restore(source))
        found = contents(database)
        assert found in (old, new)
        seen.add("old" if found == old else "new")
    assert n_killed == N_KILLS
    assert "old" in seen
    timed(lambda: vault.restore(source))
    assert contents(database) == new
    drop_beside(database)


def test_a_restore_killed_at_random_moments_leaves_the_old_or_the_new_folder(
    tmp_path: Path,
) -> None:
    rng = random.Random(7)  # noqa: S311 - no secret
    runs = tmp_path / "runs"
    source = FolderSource(runs)
    fill_file(runs, 21)
    vault = Vault(tmp_path / "backups")
    prepare(vault, source)
    new = folder_contents(source, tmp_path)
    (runs / "run-0" / "report.html").write_text("damaged", "utf-8")
    old = folder_contents(source, tmp_path)
    whole = timed(lambda: vault.restore(source))
    assert folder_contents(source, tmp_path) == new
    n_killed = n_tries = 0
    while n_killed < N_KILLS and n_tries < 4 * N_KILLS:
        n_tries += 1
        (runs / "run-0" / "report.html").write_text("damaged", "utf-8")
        n_killed += killed_after(rng.uniform(0.02, 1.0) * whole, lambda: vault.restore(source))
        assert folder_contents(source, tmp_path) in (old, new)
    assert n_killed == N_KILLS


def test_latest_names_a_proven_backup_at_every_moment_of_a_killed_backup(
    database: str, programs: Path, tmp_path: Path
) -> None:
    rng = random.Random(8)  # noqa: S311 - no secret
    fill(database, 12)
    source = PostgresSource(database, programs)
    vault = Vault(tmp_path / "backups")
    prepare(vault, source)
    whole = timed(lambda: prepare(vault, source))
    n_killed = n_tries = 0
    while n_killed < N_KILLS and n_tries < 4 * N_KILLS:
        n_tries += 1
        n_killed += killed_after(rng.uniform(0.02, 1.0) * whole, lambda: prepare(vault, source))
        latest = vault.find()
        assert latest.verified_at is not None
        assert (vault.folder / latest.name).stat().st_size == latest.size
    assert n_killed == N_KILLS
    vault.verify(source)
    timed(lambda: prepare(vault, source))
    assert vault.latest() == vault.backups()[-1].name
    left = {path.name for path in vault.folder.glob(".unfinished-*")}
    assert left == set()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 18 megabytes."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    folder = tmp_path / "small"
    folder.mkdir()
    if os.geteuid() != 0 or mount is None or umount is None:
        pytest.skip("only root can mount a small disk")
    size = ["-t", "tmpfs", "-o", "size=18m", "tmpfs", str(folder)]
    assert subprocess.run([mount, *size], check=False).returncode == 0
    try:
        yield folder
    finally:
        subprocess.run([umount, str(folder)], check=True)


def test_a_disk_that_fills_up_during_a_backup_leaves_what_was_there(
    database: str, programs: Path, small_disk: Path
) -> None:
    fill(database, 13)
    source = PostgresSource(database, programs)
    vault = Vault(small_disk)
    prepare(vault, source)
    kept = vault.latest()
    with opened(database) as engine, writing(engine) as connection:
        # Twenty megabytes that no program can press into fewer.
        connection.execute(
            text(
                "INSERT INTO blob SELECT lpad(n::text, 64, 'x'), (SELECT string_agg(sha256("
                "convert_to(n::text || ' ' || m::text, 'UTF8')), ''::bytea) "
                "FROM generate_series(1, 3000) m), now() FROM generate_series(1, 200) n"
            )
        )
    with pytest.raises(OperationError, match="No space left on device"):
        vault.create(source)
    assert vault.latest() == kept
    assert [backup.name for backup in vault.backups()] == [kept]
    assert {path.name for path in small_disk.iterdir()} == {
        ".lock", "latest.dump", kept, kept.replace(".dump", ".manifest.json")
    }  # fmt: skip
    vault.verify(source, kept)


def test_a_disk_that_fills_up_during_a_restore_of_files_leaves_what_was_there(
    tmp_path: Path, small_disk: Path
) -> None:
    runs = small_disk / "runs"
    source = FolderSource(runs)
    fill_file(runs, 5)
    vault = Vault(tmp_path / "backups")
    prepare(vault, source)
    before = folder_contents(source, tmp_path)
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * (shutil.disk_usage(small_disk).free - 8_192))
    with pytest.raises(OperationError, match="No space left on device"):
        vault.restore(source)
    filler.unlink()
    assert folder_contents(source, tmp_path) == before
    assert [path.name for path in small_disk.iterdir()] == ["runs"]


def test_the_seeds_own_restore_line_is_safe_through_the_wrapper(
    database: str, programs: Path, tmp_path: Path
) -> None:
    fill(database, 14)
    vault = Vault(tmp_path / "backups")
    prepare(vault, PostgresSource(database, programs))
    before = contents(database)
    with opened(database) as engine, writing(engine) as connection:
        connection.execute(text("UPDATE world SET body = 'damaged'"))
        connection.execute(
            text("ALTER TABLE idempotent_request DROP CONSTRAINT idempotent_request_pkey")
        )
        connection.execute(text("DROP TABLE blob"))
    done = pg_restore(database, programs, vault.folder / "latest.dump")
    assert done.returncode == 0, done.stderr
    assert contents(database) == before


@pytest.mark.parametrize("kind", ["truncated", "another schema", "text"])
def test_the_wrapper_refuses_a_bad_dump_and_changes_nothing(
    database: str, programs: Path, tmp_path: Path, kind: str
) -> None:
    fill(database, 15)
    source = PostgresSource(database, programs)
    dump = tmp_path / "x.dump"
    if kind == "another schema":
        with opened(database) as engine, writing(engine) as connection:
            connection.execute(text("ALTER TABLE alembic_version RENAME TO other_version"))
        source.dump(dump)
        with opened(database) as engine, writing(engine) as connection:
            connection.execute(text("ALTER TABLE other_version RENAME TO alembic_version"))
    else:
        source.dump(dump)
        dump.write_bytes(dump.read_bytes()[:-600] if kind == "truncated" else b"no dump at all")
    before = contents(database)
    done = pg_restore(database, programs, dump)
    assert done.returncode != 0
    assert contents(database) == before


def pg_restore(address: str, programs: Path, dump: Path) -> "subprocess.CompletedProcess[str]":
    """Run the runbook's line, with the wrapper first on the search path as in the image."""
    url = make_url(address)
    return subprocess.run(
        ["pg_restore", "-U", "causal_user", "-d", str(url.database), str(dump)],  # noqa: S607
        env={
            "PATH": f"{ROOT / 'ops' / 'postgres'}:{programs}:/usr/bin:/bin",
            "PGHOST": str(url.host),
            "PGPORT": str(url.port),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def folder_contents(source: FolderSource, near: Path) -> Contents:
    file = near / "now.dump"
    file.unlink(missing_ok=True)
    return source.dump(file)


def drop_beside(address: str) -> None:
    """Drop the databases that restores of one replaced."""
    stem = address.rpartition("/")[2][:40] + "_before_"
    with opened(address) as engine, engine.connect() as connection:
        free = connection.execution_options(isolation_level="AUTOCOMMIT")
        for name in free.scalars(text("SELECT datname FROM pg_database")).all():
            if name.startswith(stem):
                free.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
