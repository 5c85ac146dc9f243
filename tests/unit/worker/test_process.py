"""``cig worker``: runs that were begun over HTTP are played, and a signal ends it in order."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from causal_interface_gym.runs.grading import grade
from causal_interface_gym.runs.report.document import report_json
from causal_interface_gym.runs.runner import run
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.runs.store import MemoryStore
from causal_interface_gym.settings import SETTINGS
from causal_interface_gym.storage.database import database_at, reading, writing
from causal_interface_gym.storage.queue.control import Phase, QueuedRun, find_queued
from causal_interface_gym.storage.run_store import SqlStore
from causal_interface_gym.worker.control import submit_run
from tests.unit.cli.test_commands import refused

COMMAND = (sys.executable, "-c", "from causal_interface_gym.cli.app import main; main()", "worker")
SPEC = RunSpec(
    ("reference:associational", "reference:random"), ("smoking-tar-v1",), tuple(range(30))
)
pytestmark = pytest.mark.timeout(120)


@contextmanager
def working(database: str, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Start a worker meanwhile."""
    clean = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    clean["CIG_DATABASE_URL"] = database
    with subprocess.Popen(
        [*COMMAND, *options], stdout=subprocess.PIPE, text=True, env=clean
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def until_over(engine: Engine, name: str, *, longest_s: float = 60.0) -> QueuedRun:
    """Wait for the end of a run."""
    give_up = time.monotonic() + longest_s
    while True:
        with reading(engine) as connection:
            found = find_queued(connection, name)
        assert found is not None
        if found.phase is not Phase.RUNNING or time.monotonic() > give_up:
            return found
        time.sleep(0.1)


def test_a_worker_plays_what_is_queued_and_ends_with_code_0(database: str) -> None:
    engine = database_at(database)
    with writing(engine) as connection:
        submit_run(connection, "ada", "june", SPEC, shard_size=10)
    with working(database) as worker:
        assert until_over(engine, "june").phase is Phase.FINISHED
        worker.send_signal(signal.SIGTERM)
        said, _ = worker.communicate(timeout=30)
    assert worker.returncode == 0
    assert said.count('"event": "shard_finished"') == 6
    assert '"event": "worker_stopped"' in said
    expected = MemoryStore(SPEC)
    run(expected)
    with SqlStore.open(engine, "june") as store:
        assert report_json(grade(store)) == report_json(grade(expected))
        left = engine.connect().exec_driver_sql("SELECT count(*) FROM procrastinate_jobs").scalar()
        assert left == 0


def test_a_worker_needs_a_server(tmp_path: Path) -> None:
    assert "played by cig serve" in refused("worker", "--database", f"sqlite:///{tmp_path}/x.db")
