"""What a database refuses becomes a message that says what to do."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from causal_interface_gym.errors import DependencyError, RunError
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.storage.database import file_database, reading, writing
from causal_interface_gym.storage.folder import DATABASE, create_run, open_run
from causal_interface_gym.storage.tables import runs
from tests.strategies.played import played

SPEC = RunSpec(("reference:oracle",), ("smoking-tar-v1",), (0, 1))


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"something else entirely" * 99)
    with pytest.raises(RunError, match="no database of runs"):
        open_run(tmp_path)


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    engine = file_database(tmp_path / "no" / "where.db")
    with pytest.raises(RunError, match="cannot be opened"), reading(engine):
        pass


def test_a_database_held_by_another_is_waited_for_and_then_refused(tmp_path: Path) -> None:
    create_run(tmp_path, SPEC).close()
    other = sqlite3.connect(tmp_path / DATABASE)
    other.execute("BEGIN IMMEDIATE")
    with open_run(tmp_path, busy_s=0.05) as store:
        with pytest.raises(RunError, match="another process holds the database"):
            store.append([played(next(SPEC.trials()))])
        other.rollback()
        other.close()
        store.append([played(next(SPEC.trials()))])
        assert store.finished().tolist() == [True, False]


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    create_run(tmp_path, SPEC).close()
    engine = file_database(tmp_path / DATABASE)
    new = {"id": "another", "schema_version": 1, "spec": "{}"}
    with pytest.raises(RunError, match="UNIQUE"), writing(engine) as connection:
        connection.execute(runs.insert(), [new, new])
    with reading(engine) as connection:
        assert connection.execute(runs.select()).all()[1:] == []
    engine.dispose()


def test_waiting_for_a_connection_has_an_end(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'one.db'}"
    engine = create_engine(url, pool_size=1, max_overflow=0, pool_timeout=0.05)
    with reading(engine), pytest.raises(DependencyError, match="in use"), writing(engine):
        pass
    engine.dispose()
