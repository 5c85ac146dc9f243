"""What ails is said with the next command, and how bad it is by the exit code."""

import json
import shutil
from collections import namedtuple
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from causal_interface_gym.cli.app import app
from causal_interface_gym.ops import doctor
from causal_interface_gym.ops.backup.vault import Vault
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.settings import SETTINGS
from causal_interface_gym.storage.database import database_at, writing
from causal_interface_gym.storage.queue.control import begin_queued
from tests.servers.process import free_port

USAGE = namedtuple("USAGE", "total used free")


@pytest.fixture(autouse=True)
def configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CIG_ENV_FILE", str(tmp_path / "mounted.env"))
    monkeypatch.setenv("CIG_BACKUP_FOLDER", str(tmp_path / "backups"))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: USAGE(10**14, 5 * 10**13, 5 * 10**13))


def examined(*arguments: str, exit_code: int) -> dict[str, Any]:
    result = CliRunner().invoke(app, ["doctor", "--json", *arguments])
    assert result.exit_code == exit_code, result.output
    return {finding["name"]: finding for finding in json.loads(result.stdout)["findings"]}


def cig(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_a_new_place_is_well_but_for_a_backup(tmp_path: Path) -> None:
    found = examined("--runs", str(tmp_path / "runs"), exit_code=1)
    bad = {name for name, finding in found.items() if finding["state"] != "ok"}
    assert bad == {"backups"}
    assert found["backups"]["fix"] == "cig backup create"
    assert not (tmp_path / "runs").exists()
    said = cig("doctor", "--runs", str(tmp_path / "runs"))
    assert "degraded  backups" in said.stdout
    assert "next: cig backup create" in said.stdout


def test_a_place_with_a_proven_backup_is_well(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    assert cig("run", "--scenarios", "homework-v1", "--out", str(runs / "one")).exit_code == 0
    assert cig("backup", "create", "--runs", str(runs)).exit_code == 0
    found = examined("--runs", str(runs), exit_code=0)
    assert "proven 0.0 h ago" in found["backups"]["detail"]
    (manifest,) = Vault(tmp_path / "backups").backups()
    assert manifest.verified_at is not None


def test_an_old_backup_and_a_full_disk_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = tmp_path / "runs"
    assert cig("run", "--scenarios", "homework-v1", "--out", str(runs / "one")).exit_code == 0
    assert cig("backup", "create", "--runs", str(runs)).exit_code == 0
    monkeypatch.setattr(doctor, "BACKUP_AGE", timedelta(0))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: USAGE(100, 85, 15))
    found = examined("--runs", str(runs), exit_code=1)
    assert {n for n, f in found.items() if f["state"] == "degraded"} == {"backups", "disk"}
    monkeypatch.setattr(shutil, "disk_usage", lambda _: USAGE(100, 99, 1))
    assert examined("--runs", str(runs), exit_code=3)["disk"]["state"] == "failed"


def test_servers_that_are_away_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CIG_REDIS_URL", f"redis://127.0.0.1:{free_port()}/0")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-42")
    gone = f"postgresql://ada:secret-word@127.0.0.1:{free_port()}/none"
    found = examined("--database", gone, "--runs", str(tmp_path), exit_code=3)
    assert {n for n, f in found.items() if f["state"] == "failed"} >= {"database", "queue"}
    assert found["redis"]["state"] == "degraded"
    assert "openai" in found["providers"]["detail"]
    assert "secret-word" not in str(found)
    assert "canary" not in str(found)


def test_tables_of_an_older_release_and_waiting_trials_are_named(
    database: str, empty_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = examined("--database", empty_database, "--runs", str(tmp_path), exit_code=3)
    assert found["database"]["fix"] == "cig db migrate"
    engine = database_at(database)
    spec = RunSpec(("reference:uniform",), ("homework-v1",), tuple(range(10)))
    with writing(engine) as connection:
        begin_queued(connection, "ada", "june", spec)
    engine.dispose()
    found = examined("--database", database, "--runs", str(tmp_path), exit_code=1)
    assert found["queue"]["detail"] == "10 trials of 1 running runs wait"
    monkeypatch.setattr(doctor, "_STALLED_S", -60.0)
    found = examined("--database", database, "--runs", str(tmp_path), exit_code=1)
    assert "nobody has touched 1 shards" in found["queue"]["detail"]


def test_a_clock_that_is_off_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_CLOCK_S", -1.0)
    found = examined("--runs", str(tmp_path), exit_code=1)
    assert found["clock"]["state"] == "degraded"


def test_settings_that_cannot_be_read_are_the_first_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CACHE_TTL", "never")
    found = examined("--runs", str(tmp_path), exit_code=3)
    assert list(found) == ["settings"]
    assert "CACHE_TTL" in found["settings"]["detail"]


def test_a_redis_that_answers_is_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache_address: str
) -> None:
    monkeypatch.setenv("CIG_REDIS_URL", cache_address)
    found = examined("--runs", str(tmp_path), exit_code=1)
    assert found["redis"]["detail"] == "it answers"
