"""Transcripts in a database: equal to those in memory, whole after a crash, written in batches."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, func, insert, select

from causal_interface_gym.agents.llm.call import LogProbability
from causal_interface_gym.agents.llm.records import CallRecord, CallStore, MemoryCallStore
from causal_interface_gym.errors import RunError
from causal_interface_gym.storage.calls import SqlCallStore, calls, prompts
from causal_interface_gym.storage.database import file_database, memory_database, reading, writing
from causal_interface_gym.storage.spending import SqlDayLedger
from causal_interface_gym.storage.tables import METADATA, SCHEMA, runs
from tests.strategies.asking import answer, question


def database(engine: Engine) -> Engine:
    """Make a database with one run."""
    with writing(engine) as connection:
        METADATA.create_all(connection, tables=[runs])
        row = {"id": "main", "schema_version": SCHEMA, "spec": "{}"}
        connection.execute(insert(runs), [row])
    return engine


def record(trial: str = "t", label: str = "1", **changes: object) -> CallRecord:
    ask = question(trial=trial, label=label)
    made = CallRecord(ask, "k" * 64, "openai", "gpt-4o", answer=answer(cost_usd=0.25))
    return replace(made, **changes)  # type: ignore[arg-type] # fields of a record


ODD = record(
    label="odd",
    answer=answer(
        'quote " and \x00 and \u2028 and 🜁',
        dropped=("seed",),
        log_probabilities=(LogProbability("a", -0.5, (("a", -0.5), ("b", -2.0))),),
    ),
)
FAILED = record(label="failed", answer=None, error="RefusedError", message="no")


@pytest.fixture(params=["memory", "sql"])
def store(request: pytest.FixtureRequest) -> CallStore:
    """Both stores keep the same promises."""
    return (
        MemoryCallStore()
        if request.param == "memory"
        else SqlCallStore(database(memory_database()))
    )


def test_what_is_kept_is_found_as_it_was(store: CallStore) -> None:
    async def run() -> None:
        for each in (ODD, FAILED, record("u", "2")):
            await store.keep(each)
            assert await store.find(each.ask.trial, each.ask.label) == each
        await store.flush()
        assert await store.find("t", "nothing") is None
        assert await store.find("nobody", "1") is None

    asyncio.run(run())
    assert list(store.records()) == [FAILED, ODD, record("u", "2")]
    assert list(store.records("u")) == [record("u", "2")]


def test_the_first_record_under_a_label_stays(store: CallStore) -> None:
    async def run() -> None:
        await store.keep(record())
        await store.keep(record(model="other"))
        await store.flush()
        await store.keep(record(model="third"))
        await store.flush()

    asyncio.run(run())
    assert [each.model for each in store.records()] == ["gpt-4o"]


def test_a_database_without_calls_has_none() -> None:
    store = SqlCallStore(database(memory_database()))
    assert list(store.records()) == []
    assert asyncio.run(store.find("t", "1")) is None


def test_a_conversation_is_kept_once_however_often_it_is_sampled() -> None:
    engine = database(memory_database())

    async def run() -> None:
        store = SqlCallStore(engine)
        for i in range(10):
            await store.keep(record(label=str(i)))
        await store.flush()

    asyncio.run(run())
    with reading(engine) as connection:
        assert connection.scalar(select(func.count()).select_from(calls)) == 10
        assert connection.scalar(select(func.count()).select_from(prompts)) == 1


def test_what_flush_returned_from_is_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"

    async def run() -> None:
        store = SqlCallStore(database(file_database(path)))
        await store.keep(record(label="1"))
        await store.flush()
        await store.keep(record(label="2"))
        # Another process, as after a kill: it sees what was flushed.
        other = SqlCallStore(file_database(path))
        assert [each.ask.label for each in other.records()] == ["1"]
        await store.aclose()
        assert [each.ask.label for each in other.records()] == ["1", "2"]

    asyncio.run(run())


def test_calls_reach_the_disk_by_themselves_in_few_batches(tmp_path: Path) -> None:
    engine = database(file_database(tmp_path / "run.sqlite"))
    commits: list[object] = []
    event.listen(engine, "commit", commits.append)

    async def run() -> None:
        store = SqlCallStore(engine)
        for i in range(200):
            await store.keep(record(str(i // 4), str(i % 4)))
        for _ in range(100):
            await asyncio.sleep(0.05)
            if len(list(store.records())) == 200:
                break
        await store.aclose()

    asyncio.run(run())
    assert len(commits) <= 4


def test_whoever_reads_while_the_first_batch_is_written_sees_no_calls(tmp_path: Path) -> None:
    engine = database(file_database(tmp_path / "run.sqlite"))
    store = SqlCallStore(engine)
    seen: list[list[CallRecord]] = []
    # Just before a commit the tables are there for their own transaction only.
    event.listen(engine, "commit", lambda _: seen.append(list(store.records())))

    async def run() -> None:
        await store.keep(record())
        await store.aclose()

    asyncio.run(run())
    assert seen == [[]]
    assert list(store.records()) == [record()]


def test_calls_of_one_trial_that_come_together_look_it_up_once(tmp_path: Path) -> None:
    engine = database(file_database(tmp_path / "run.sqlite"))
    looked: list[str] = []

    async def run() -> None:
        first = SqlCallStore(engine)
        await first.keep(record(label="1"))
        await first.aclose()
        event.listen(engine, "before_cursor_execute", lambda _c, _u, sql, *_: looked.append(sql))
        store = SqlCallStore(engine)
        found = await asyncio.gather(*(store.find("t", str(i)) for i in range(4)))
        assert found == [None, record(label="1"), None, None]

    asyncio.run(run())
    assert len([sql for sql in looked if "FROM call" in sql]) == 1


def test_the_memory_of_a_store_stays_bounded_and_nothing_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("causal_interface_gym.storage.calls._TRIALS", 10)
    monkeypatch.setattr("causal_interface_gym.storage.calls._MOST_PENDING", 20)

    async def run() -> SqlCallStore:
        store = SqlCallStore(database(memory_database()))
        for i in range(300):
            await store.keep(record(str(i // 2), str(i % 2)))
        assert await store.find("0", "1") == record("0", "1")
        await store.aclose()
        return store

    store = asyncio.run(run())
    assert len(store._trials) <= 20  # noqa: SLF001 - what this test is about
    assert len(list(store.records())) == 300


def test_a_database_that_refuses_is_said_and_tried_again(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    engine = database(file_database(path, busy_s=0.01))
    other = file_database(path)

    async def run() -> None:
        store = SqlCallStore(engine)
        await store.keep(record())
        with other.connect() as lock:
            lock.exec_driver_sql("BEGIN IMMEDIATE")
            with pytest.raises(RunError, match="another process holds"):
                await store.flush()
            lock.rollback()
        await store.aclose()
        assert list(store.records()) == [record()]

    asyncio.run(run())


def test_a_batch_that_failed_on_its_own_is_said_with_the_next_call(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    engine = database(file_database(path, busy_s=0.01))
    other = file_database(path)

    async def run() -> None:
        store = SqlCallStore(engine)
        with other.connect() as lock:
            lock.exec_driver_sql("BEGIN IMMEDIATE")
            await store.keep(record(label="1"))
            await asyncio.sleep(0.6)
            with pytest.raises(RunError, match="another process holds"):
                await store.keep(record(label="2"))
            lock.rollback()
        await store.aclose()
        assert len(list(store.records())) == 2

    asyncio.run(run())


def test_a_ledger_adds_up_over_processes(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    first, second = SqlDayLedger(file_database(path)), SqlDayLedger(file_database(path))
    assert first.spent_today_usd() == 0.0
    first.add_usd(0.25)
    second.add_usd(0.5)
    assert first.spent_today_usd() == second.spent_today_usd() == 0.75
