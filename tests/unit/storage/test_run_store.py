"""A run in a database: what is damaged is refused, readers and writers do not meet."""

import sqlite3
from pathlib import Path

import pytest

from causal_interface_gym.errors import RunError
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.storage.database import memory_database
from causal_interface_gym.storage.folder import DATABASE, create_run, open_run, remove_run
from causal_interface_gym.storage.run_store import SqlStore
from tests.strategies.played import played

SPEC = RunSpec(("reference:oracle",), ("smoking-tar-v1",), tuple(range(1200)))
TRIALS = tuple(SPEC.trials())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with create_run(tmp_path, SPEC) as store:
        store.append([played(trial) for trial in TRIALS[:3]])
    return tmp_path


def change(folder: Path, statement: str) -> None:
    connection = sqlite3.connect(folder / DATABASE)
    assert connection.execute(statement).rowcount > 0
    connection.commit()
    connection.close()


def test_a_closed_run_is_one_file(folder: Path) -> None:
    assert [path.name for path in folder.iterdir()] == [DATABASE]


def test_a_run_opens_where_it_was_left(folder: Path) -> None:
    with open_run(folder) as store:
        assert store.spec == SPEC
        assert [record.trial for record in store.records()] == list(TRIALS[:3])
        store.append([played(TRIALS[3])])
    with open_run(folder) as store:
        assert int(store.finished().sum()) == 4


def test_a_run_is_begun_once_and_removed_with_its_own_files_only(folder: Path) -> None:
    with pytest.raises(RunError, match="already"):
        create_run(folder, SPEC)
    (folder / "notes.txt").touch()
    remove_run(folder)
    remove_run(folder)
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_two_runs_share_a_database() -> None:
    engine = memory_database()
    first = SqlStore.create(engine, SPEC, "first")
    second = SqlStore.create(engine, SPEC, "second")
    first.append([played(TRIALS[0])])
    second.append([played(TRIALS[1])])
    assert [r.trial for r in SqlStore.open(engine, "first").records()] == [TRIALS[0]]
    assert [r.trial for r in SqlStore.open(engine, "second").records()] == [TRIALS[1]]
    second.append([played(TRIALS[0])])
    assert int(second.finished().sum()) == 2
    with pytest.raises(RunError, match="no run 'third'"):
        SqlStore.open(engine, "third")
    engine.dispose()


def test_pages_of_records_join_without_a_gap() -> None:
    with SqlStore.create(memory_database(), SPEC) as store:
        kept = [*range(499), *range(500, 1000), 1199]
        store.append([played(TRIALS[number]) for number in kept])
        assert [record.trial for record in store.records()] == [TRIALS[n] for n in kept]


def test_records_may_be_added_while_others_are_read(folder: Path) -> None:
    with open_run(folder) as reader, open_run(folder) as writer:
        seen = []
        for record in reader.records():
            seen.append(record.trial)
            writer.append([played(TRIALS[10])])
        assert seen == [*TRIALS[:3], TRIALS[10]]
        assert int(reader.finished().sum()) == 4


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM event WHERE trial = 1 AND number = 1",
        "UPDATE event SET body = replace(body, '0.5', '0.6') WHERE trial = 1 AND number = 0",
        "DELETE FROM event WHERE trial = 1",
        "UPDATE event SET number = 1 - number + 10 WHERE trial = 1",
    ],
    ids=["cut", "changed", "emptied", "turned"],
)
def test_a_log_that_was_cut_or_changed_is_refused_by_name(folder: Path, statement: str) -> None:
    change(folder, statement)
    with open_run(folder) as store, pytest.raises(RunError, match=r"/graph/1 is damaged"):
        list(store.records())


def test_a_world_that_was_changed_is_refused(folder: Path) -> None:
    change(folder, "UPDATE world SET body = replace(body, 'truth', 'trooth')")
    with open_run(folder) as store:
        record = next(iter(store.records()))
        with pytest.raises(RunError, match="another hash"):
            store.world(record.address).load()


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE run SET schema_version = 99", "of version 99"),
        ("UPDATE run SET spec = '{'", "configuration is damaged"),
        ("UPDATE run SET spec = '{}'", "configuration is damaged"),
        ("DELETE FROM run", "no run 'main'"),
    ],
)
def test_a_run_that_cannot_be_read_says_why(folder: Path, statement: str, message: str) -> None:
    change(folder, statement.replace("DELETE FROM run", "UPDATE run SET id = 'other'"))
    with pytest.raises(RunError, match=message) as refused:
        open_run(folder)
    assert str(folder) in str(refused.value)


def test_a_folder_without_a_run_says_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"there is no run in .*cig run --out"):
        open_run(tmp_path)


def test_a_run_whose_making_was_cut_short_can_be_begun_again(tmp_path: Path) -> None:
    (tmp_path / DATABASE).touch()
    with pytest.raises(RunError, match="no run 'main'"):
        open_run(tmp_path)
    with create_run(tmp_path, SPEC) as store:
        assert not store.finished().any()


def test_known_worlds_are_not_sent_twice_and_the_memory_of_them_is_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("causal_interface_gym.storage.run_store._REMEMBERED", 2)
    with SqlStore.create(memory_database(), SPEC) as store:
        for trial in (*TRIALS[:5], *TRIALS[:7]):
            store.append([played(trial)])
        assert [record.trial for record in store.records()] == list(TRIALS[:7])
