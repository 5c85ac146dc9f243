"""The disk is full, the journal is torn, another process is writing: nothing finished is lost."""

import random
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event

from causal_interface_gym.errors import RunError
from causal_interface_gym.runs.grading import grade
from causal_interface_gym.runs.report.document import report_json
from causal_interface_gym.runs.runner import Limits, run
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.runs.store import MemoryStore
from causal_interface_gym.storage.database import file_database
from causal_interface_gym.storage.folder import DATABASE, create_run, open_run
from causal_interface_gym.storage.run_store import SqlStore

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

SPEC = RunSpec(
    ("reference:associational", "reference:random"),
    ("smoking-tar-v1", "homework-v1"),
    tuple(range(60)),
)
RUN = (
    *("run", "--agent", "reference:associational", "--agent", "reference:random"),
    *("--scenarios", "smoking-tar-v1,homework-v1", "--seeds", "0-59"),
)
COMMAND = (sys.executable, "-c", "from causal_interface_gym.cli.app import main; main()")


@pytest.fixture(scope="module")
def expected() -> str:
    store = MemoryStore(SPEC)
    run(store)
    return report_json(grade(store))


def resumed(folder: Path) -> str:
    with open_run(folder) as store:
        run(store)
        return report_json(grade(store))


def small_files_only() -> None:
    """Let no file of this process grow past a size, as if the disk were full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))


def test_a_full_disk_stops_the_run_with_advice_and_loses_nothing(
    tmp_path: Path, expected: str
) -> None:
    command = [*COMMAND, *RUN, "--out", str(tmp_path)]
    process = subprocess.run(
        command, capture_output=True, text=True, check=False, preexec_fn=small_files_only
    )
    assert process.returncode == 2
    assert "finished trials are kept" in process.stderr
    assert "Traceback" not in process.stderr
    assert resumed(tmp_path) == expected


def test_a_database_without_room_keeps_the_batches_before(tmp_path: Path, expected: str) -> None:
    create_run(tmp_path, SPEC).close()
    engine = file_database(tmp_path / DATABASE)

    @event.listens_for(engine, "connect")
    def limit(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA max_page_count=150")

    with SqlStore.open(engine) as store:
        with pytest.raises(RunError, match="no space left"):
            run(store, limits=Limits(batch=16))
        n_kept = int(store.finished().sum())
    assert 16 <= n_kept < SPEC.n_trials
    assert resumed(tmp_path) == expected


@pytest.mark.parametrize("seed", range(8))
def test_a_torn_journal_costs_its_last_batches_at_most(
    tmp_path: Path, expected: str, seed: int
) -> None:
    damage = random.Random(seed)  # noqa: S311 - no secret
    left = tmp_path / "left"
    with create_run(tmp_path / "run", SPEC) as store:
        run(store, limits=Limits(batch=20))
        # The files as a power cut would leave them: nothing was tidied up.
        _copy_torn(tmp_path / "run", left, damage.randrange)
    with open_run(left) as store:
        kept = [record.trial for record in store.records()]
        assert int(store.finished().sum()) == len(kept) <= SPEC.n_trials
    assert resumed(left) == expected


@pytest.mark.parametrize("seed", range(4))
def test_a_flipped_byte_in_the_journal_is_noticed(tmp_path: Path, expected: str, seed: int) -> None:
    damage = random.Random(seed)  # noqa: S311 - no secret
    left = tmp_path / "left"
    with create_run(tmp_path / "run", SPEC) as store:
        run(store, limits=Limits(batch=20))
        _copy_torn(tmp_path / "run", left, lambda n: n)
    journal = left / f"{DATABASE}-wal"
    data = bytearray(journal.read_bytes())
    data[damage.randrange(len(data) // 2, len(data))] ^= 0xFF
    journal.write_bytes(data)
    assert resumed(left) == expected


def test_a_writer_that_holds_the_database_is_waited_for(tmp_path: Path, expected: str) -> None:
    create_run(tmp_path, SPEC).close()
    other = sqlite3.connect(tmp_path / DATABASE)
    other.execute("BEGIN IMMEDIATE")
    with open_run(tmp_path, busy_s=0.1) as store:
        with pytest.raises(RunError, match="another process holds"):
            run(store, limits=Limits(batch=16))
        assert not store.finished().any()
        other.rollback()
        run(store)
        assert report_json(grade(store)) == expected
    other.close()


def test_two_processes_on_one_run_finish_it_once(tmp_path: Path, expected: str) -> None:
    create_run(tmp_path, SPEC).close()
    command = [*COMMAND, "run", "--resume", str(tmp_path), "--json"]
    pair = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    outputs = [process.communicate()[0] for process in pair]
    assert [process.returncode for process in pair] == [0, 0]
    assert outputs == [expected, expected]


def _copy_torn(folder: Path, to: Path, keep: Callable[[int], int]) -> None:
    to.mkdir()
    (to / DATABASE).write_bytes((folder / DATABASE).read_bytes())
    journal = (folder / f"{DATABASE}-wal").read_bytes()
    assert journal
    (to / f"{DATABASE}-wal").write_bytes(journal[: keep(len(journal))])
