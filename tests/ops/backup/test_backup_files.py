"""Backups of the embedded default: a folder of runs, each with a file of its own."""

import json
import os
import sqlite3
import subprocess
import tarfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from causal_interface_gym.errors import OperationError
from causal_interface_gym.ops.backup.contents import Contents, TableDigest, difference
from causal_interface_gym.ops.backup.exchange import exchange
from causal_interface_gym.ops.backup.files import FolderSource
from causal_interface_gym.ops.backup.manifest import Manifest
from causal_interface_gym.ops.backup.postgres import PostgresSource
from causal_interface_gym.ops.backup.retention import Retention
from causal_interface_gym.ops.backup.vault import Vault
from causal_interface_gym.ops.integrity import check_folder
from tests.ops.backup.filling import fill_file
from tests.unit.cli.test_commands import cig, read, refused

pytestmark = pytest.mark.timeout(120)

SMALL = ("--agent", "reference:associational", "--scenarios", "homework-v1", "--seeds", "0-1")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a run below ``runs``."""
    monkeypatch.chdir(tmp_path)
    assert cig("run", *SMALL, "--out", "runs/june").exit_code == 0
    return tmp_path


def test_generated_folders_are_equal_after_a_restore(tmp_path: Path) -> None:
    for seed in range(20):
        folder = tmp_path / str(seed) / "runs"
        fill_file(folder, seed)
        source = FolderSource(folder)
        file = tmp_path / f"{seed}.dump"
        before = source.dump(file)
        (folder / "run-0" / "run.db").write_bytes(b"damaged")
        source.restore(file, lambda _: None)
        assert source.dump(tmp_path / f"{seed}.again") == before


def test_the_commands_make_prove_list_and_restore(here: Path) -> None:
    made = read("backup", "create", "--json")
    assert isinstance(made, dict)
    assert made["is_latest"]
    assert made["kind"] == "files"
    assert Path(made["path"]).is_file()
    day = datetime.now(UTC).strftime("%Y%m%d")
    assert made["name"].startswith("backup-")
    assert len(made["name"]) == len(f"backup-{day}.dump")
    report = Path("runs/june/report.md").read_text("utf-8")
    Path("runs/june/report.md").write_text("damaged", "utf-8")
    restored = cig("db", "restore")
    assert restored.exit_code == 0, restored.output
    assert Path("runs/june/report.md").read_text("utf-8") == report
    (before,) = here.glob("runs.before-*")
    assert str(before.name) in restored.stdout
    assert cig("report", "runs/june").exit_code == 0
    again = cig("backup", "create")
    assert "restored and equal; latest.dump names it" in again.stdout
    shown = cig("backup", "list").stdout.splitlines()
    assert len(shown) == 2
    assert "verified" in shown[0]
    assert shown[1].endswith(", latest")
    assert cig("backup", "verify", made["name"]).exit_code == 0
    assert cig("backup", "list").stdout.splitlines()[1].endswith(", latest")


def test_an_unverified_backup_is_not_the_latest_until_it_is_verified(here: Path) -> None:
    made = cig("backup", "create", "--no-verify")
    assert "not verified: cig backup verify" in made.stdout
    assert "as none was verified" in refused("db", "restore")
    assert "unproven" in cig("backup", "list").stdout
    assert cig("backup", "verify").exit_code == 0
    assert cig("db", "restore").exit_code == 0
    assert (here / "backups" / "latest.dump").is_symlink()


def test_a_drill_says_how_long_how_old_and_what_is_damaged(here: Path) -> None:
    assert cig("backup", "create").exit_code == 0
    report = read("backup", "drill", "--json")
    assert isinstance(report, dict)
    assert (report["n_runs"], report["findings"]) == (1, [])
    assert report["restore_s"] > 0
    assert 0 <= report["age_s"] < 3600
    said = cig("backup", "drill")
    assert "1 runs checked: 0 findings" in said.stdout
    with closing(sqlite3.connect("runs/june/run.db")) as connection:
        connection.execute("UPDATE event SET body = replace(body, 'a', 'b')")
        connection.commit()
    assert cig("backup", "create").exit_code == 0
    found = cig("backup", "drill")
    assert found.exit_code == 1
    assert "june: " in found.stdout


def test_a_run_that_cannot_be_opened_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "runs" / "x").mkdir(parents=True)
    with closing(sqlite3.connect(tmp_path / "runs" / "x" / "run.db")) as connection:
        connection.execute("CREATE TABLE a (b)")
    checked = check_folder(tmp_path / "runs")
    assert checked.n_runs == 1
    assert checked.findings[0].startswith("x: ")


def test_a_database_that_somebody_writes_is_copied_whole(tmp_path: Path) -> None:
    fill_file(tmp_path / "runs", 3)
    with closing(sqlite3.connect(tmp_path / "runs" / "run-0" / "run.db")) as writer:
        writer.execute("INSERT INTO account VALUES ('not yet', '2026-01-01')")
        source = FolderSource(tmp_path / "runs")
        before = source.dump(tmp_path / "one.dump")
        writer.commit()
        assert difference(before, source.dump(tmp_path / "two.dump")).startswith(
            "table run-0/run.db:account has "
        )


@pytest.mark.parametrize("kind", ["truncated", "text", "damaged database"])
def test_a_bad_archive_is_refused_and_nothing_changes(tmp_path: Path, kind: str) -> None:
    runs = tmp_path / "runs"
    fill_file(runs, 1)
    source = FolderSource(runs)
    before = source.dump(tmp_path / "good.dump")
    bad = tmp_path / "bad.dump"
    if kind == "damaged database":
        (tmp_path / "run.db").write_bytes(b"no database" * 100)
        with tarfile.open(bad, "w:gz") as archive:
            archive.add(tmp_path / "run.db", "june/run.db")
    else:
        body = (tmp_path / "good.dump").read_bytes()
        bad.write_bytes(body[: len(body) // 2] if kind == "truncated" else b"text")
    with pytest.raises(OperationError, match=r"no whole archive|is damaged"):
        source.restore(bad, lambda _: None)
    assert source.dump(tmp_path / "again.dump") == before
    assert {path.name for path in tmp_path.iterdir() if path.name.startswith(".")} == set()


def test_an_archive_never_writes_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "evil").write_text("x", "utf-8")
    with tarfile.open(tmp_path / "bad.dump", "w:gz") as archive:
        archive.add(tmp_path / "evil", "../escaped")
    with pytest.raises(OperationError, match="no whole archive"):
        FolderSource(tmp_path / "runs").restore(tmp_path / "bad.dump", lambda _: None)
    assert not (tmp_path / "escaped").exists()


def test_a_backup_of_one_kind_is_not_restored_into_the_other(here: Path) -> None:
    assert cig("backup", "create").exit_code == 0
    with pytest.raises(OperationError, match="is of a folder of runs, and here is a PostgreSQL"):
        Vault(here / "backups").restore(PostgresSource("postgresql://nobody@127.0.0.1/none"))


def test_a_folder_without_runs_is_no_backup_of_this_program(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "letter.txt").write_text("dear", "utf-8")
    vault, source = Vault(tmp_path / "backups"), FolderSource(tmp_path / "runs")
    backup = vault.create(source)
    with pytest.raises(OperationError, match=r"no backup of this program; its tables: letter\.txt"):
        vault.restore(source, backup.name)
    with pytest.raises(OperationError, match="there is no folder"):
        vault.create(FolderSource(tmp_path / "nowhere"))


def test_a_backup_by_a_later_release_is_refused(here: Path) -> None:
    with closing(sqlite3.connect("runs/june/run.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    assert cig("backup", "create").exit_code == 0
    assert "is of revision 9999 and this release knows up to" in refused("db", "restore")


def test_names_that_are_taken_get_the_minute_then_the_second(tmp_path: Path) -> None:
    fill_file(tmp_path / "runs", 1)
    vault = Vault(tmp_path / "backups", now=lambda: datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC))
    source = FolderSource(tmp_path / "runs")
    assert [vault.create(source).name for _ in range(3)] == [
        "backup-20260304.dump",
        "backup-20260304-0506.dump",
        "backup-20260304-050607.dump",
    ]


def test_what_is_unproven_or_older_never_becomes_the_latest(tmp_path: Path) -> None:
    fill_file(tmp_path / "runs", 1)
    vault, source = Vault(tmp_path / "backups"), FolderSource(tmp_path / "runs")
    first, second = vault.create(source), vault.create(source)
    with pytest.raises(OperationError, match="was not verified"):
        vault.publish(second)
    vault.publish(vault.verify(source, second.name))
    vault.publish(vault.verify(source, first.name))
    assert vault.latest() == second.name


def test_a_damaged_manifest_is_named(tmp_path: Path) -> None:
    fill_file(tmp_path / "runs", 1)
    vault = Vault(tmp_path / "backups")
    vault.create(FolderSource(tmp_path / "runs"))
    (manifest,) = vault.folder.glob("*.manifest.json")
    text = manifest.read_text("utf-8")
    for damaged in ("{", "{}", json.dumps(json.loads(text) | {"contents": {"tables": 3}})):
        manifest.write_text(damaged, "utf-8")
        with pytest.raises(OperationError, match="manifest"):
            vault.backups()


def test_what_was_interrupted_is_swept_away(tmp_path: Path) -> None:
    fill_file(tmp_path / "runs", 1)
    vault = Vault(tmp_path / "backups")
    vault.folder.mkdir()
    (vault.folder / ".unfinished-1.dump").write_text("x", "utf-8")
    (vault.folder / "backup-20200101.manifest.json").write_text("{}", "utf-8")
    backup = vault.create(FolderSource(tmp_path / "runs"))
    names = {path.name for path in vault.folder.iterdir()}
    assert names == {".lock", backup.name, backup.name.replace(".dump", ".manifest.json")}


def test_two_backups_at_once_are_one_and_a_refusal(tmp_path: Path) -> None:
    fill_file(tmp_path / "runs", 1)
    source = FolderSource(tmp_path / "runs")
    vault = Vault(tmp_path / "backups")

    class Slow(FolderSource):
        def dump(self, file: Path) -> Contents:
            with pytest.raises(OperationError, match=r"another backup to .* is going on"):
                vault.create(source)
            return FolderSource.dump(self, file)

    vault.create(Slow(tmp_path / "runs"))
    assert len(vault.backups()) == 1


def test_a_place_that_is_no_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(OperationError, match=r"backups cannot be kept in .*: "):
        Vault(tmp_path / "file" / "backups").create(FolderSource(tmp_path))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount")
def test_a_folder_that_is_a_mount_says_so(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    subprocess.run(["/bin/mount", "-t", "tmpfs", "tmpfs", str(tmp_path / "a")], check=True)
    try:
        with pytest.raises(OperationError, match="a mount of its own cannot be replaced"):
            exchange(tmp_path / "a", tmp_path / "b")
    finally:
        subprocess.run(["/bin/umount", str(tmp_path / "a")], check=True)


def backup_of(serial: int, at: datetime) -> Manifest:
    return Manifest(f"backup-{serial}.dump", serial, "files", at, 1, "", "0", Contents("", "", {}))


def test_retention_keeps_days_weeks_and_months() -> None:
    begin = datetime(2025, 1, 1, 3, tzinfo=UTC)
    backups = [backup_of(n, begin + timedelta(days=n)) for n in range(730)]
    kept = Retention().kept(backups)
    days = sorted(int(name[7:-5]) for name in kept)
    assert days[-7:] == list(range(723, 730))
    months = {(begin + timedelta(days=n)).strftime("%Y-%m") for n in days}
    assert len(months) == 12
    weeks = {(begin + timedelta(days=n)).strftime("%G-%V") for n in days}
    assert len(weeks) >= 5
    assert len(days) <= 7 + 5 + 12


def test_differences_are_told_in_words() -> None:
    one = Contents("1", "s", {"a": TableDigest(1, "x"), "b": TableDigest(2, "y")})
    assert difference(one, one) == ""
    assert difference(one, Contents("1", "s", {"a": TableDigest(1, "z")})) == (
        "table a has other contents; table b is missing"
    )
    more = dict(one.tables) | {f"t{n}": TableDigest(0, "") for n in range(7)}
    assert difference(one, Contents("1", "s", more)).endswith("should not be and 2 more")
    assert "revision 2, not 1" in difference(one, Contents("2", "s", one.tables))
    assert "constraint" in difference(one, Contents("1", "t", one.tables))
