"""Gauges of what is stored, also where the database is away or hangs."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from causal_interface_gym.ops.backup.vault import Vault
from causal_interface_gym.ops.monitoring import standing
from causal_interface_gym.ops.monitoring.standing import Standing
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.storage.database import database_at, writing
from causal_interface_gym.storage.queue.control import begin_queued
from causal_interface_gym.storage.schema import ensure_tables

SPEC = RunSpec(("reference:uniform",), ("homework-v1",), tuple(range(10)))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = database_at(f"sqlite:///{tmp_path / 'service.db'}")
    ensure_tables(made)
    yield made
    made.dispose()


def values(watched: Standing) -> dict[str, float]:
    registry = CollectorRegistry()
    registry.register(watched)
    return {
        sample.name + "".join(sample.labels.values()): sample.value
        for family in registry.collect()
        for sample in family.samples
    }


def test_trials_that_wait_are_counted(engine: Engine, tmp_path: Path) -> None:
    with closing(Standing(engine, Vault(tmp_path))) as watched:
        assert values(watched)["trial_queue_depth"] == 0
    with writing(engine) as connection:
        begin_queued(connection, "ada", "june", SPEC)
    with closing(Standing(engine, Vault(tmp_path))) as watched:
        found = values(watched)
    assert found["dependency_updatabase"] == 1
    assert found["trial_queue_depth"] == found["trialswaiting"] == 10
    assert found["trialsfinished"] == 0
    assert 0 <= found["trial_oldest_seconds"] < 60
    assert "backup_last_success_timestamp_seconds" not in found


def test_a_database_that_is_away_is_down_and_the_rest_is_shown(tmp_path: Path) -> None:
    gone = database_at(f"sqlite:///{tmp_path / 'none' / 'service.db'}")
    vault = Vault(tmp_path)
    vault.note_drill()
    with closing(Standing(gone, vault)) as watched:
        found = values(watched)
    assert found["dependency_updatabase"] == 0
    assert "trial_queue_depth" not in found
    assert abs(found["restore_drill_last_success_timestamp_seconds"] - time.time()) < 60


def test_a_database_that_hangs_holds_nobody_up(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over, real = threading.Event(), standing.read_queue

    def hang(asked: Engine) -> object:
        over.wait(20)
        return real(asked)

    monkeypatch.setattr(standing, "read_queue", hang)
    monkeypatch.setattr(standing, "PATIENCE_S", 0.05)
    with closing(Standing(engine, Vault(tmp_path))) as watched:
        assert values(watched)["dependency_updatabase"] == 0
        over.set()
        monkeypatch.setattr(standing, "PATIENCE_S", 10.0)
        assert values(watched)["dependency_updatabase"] == 1


def test_a_damaged_manifest_is_no_backup(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "b.dump").touch()
    (tmp_path / "b.dump.manifest.json").write_text("{")
    (tmp_path / ".drilled").write_text("yesterday")
    with closing(Standing(engine, Vault(tmp_path))) as watched:
        found = values(watched)
    assert not any("timestamp" in name for name in found)
