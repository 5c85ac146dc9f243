"""Queued runs on both databases: claims, fences, phases, and events without a gap."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, select, update

from causal_interface_gym.errors import FencedError, RunError
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.storage.database import reading, writing
from causal_interface_gym.storage.queue.control import (
    Phase,
    QueuedRun,
    RunEvent,
    find_queued,
    n_unplayed,
    read_run_events,
    shard_size_of,
)
from causal_interface_gym.storage.queue.shards import (
    MOST_IDLE,
    Claim,
    ShardStore,
    claim_shard,
    finish_shard,
    give_back,
    lay_down,
    next_shard,
    touch_shard,
)
from causal_interface_gym.storage.run_store import SqlStore
from causal_interface_gym.storage.service.clock import moment
from causal_interface_gym.storage.service.queued import run_shards
from causal_interface_gym.worker.control import cancel_run, pause_run, resume_run, submit_run
from tests.strategies.played import played

SPEC = RunSpec(("reference:oracle", "reference:uniform"), ("smoking-tar-v1",), tuple(range(5)))
TRIALS = tuple(SPEC.trials())


def begin(engine: Engine, name: str = "june", *, shard_size: int = 4) -> QueuedRun:
    with writing(engine) as connection:
        return submit_run(connection, "ada", name, SPEC, shard_size=shard_size)


def queued(engine: Engine, name: str = "june") -> QueuedRun:
    with reading(engine) as connection:
        found = find_queued(connection, name)
    assert found is not None
    return found


def events(engine: Engine, after: int = 0) -> tuple[RunEvent, ...]:
    with reading(engine) as connection:
        return read_run_events(connection, "june", after=after)


def held(engine: Engine, shard: int) -> tuple[Claim, ShardStore]:
    claim = claim_shard(engine, "june", shard)
    assert claim is not None
    return claim, ShardStore(engine, SqlStore.open(engine, "june"), claim)


def states(engine: Engine) -> list[str]:
    wanted = select(run_shards.c.state).order_by(run_shards.c.number)
    with reading(engine) as connection:
        return list(connection.scalars(wanted))


def test_a_run_is_cut_into_shards_of_whole_worlds() -> None:
    assert shard_size_of(SPEC) == 256
    three = RunSpec((*SPEC.agents, "reference:random"), SPEC.scenarios, SPEC.seeds)
    assert shard_size_of(three) == 255


def test_shards_cover_every_trial_once(prepared: Engine) -> None:
    assert begin(prepared).n_shards == 3
    claims = [claim_shard(prepared, "june", n) for n in range(3)]
    parts = [claim.part for claim in claims if claim is not None]
    assert parts == [range(4), range(4, 8), range(8, 10)]
    assert [list(SPEC.trials(part)) for part in parts] == [
        list(TRIALS[part.start : part.stop]) for part in parts
    ]
    assert claim_shard(prepared, "june", 3) is None
    assert claim_shard(prepared, "july", 0) is None


def test_whoever_lost_a_shard_writes_nothing(prepared: Engine) -> None:
    begin(prepared)
    old, zombie = held(prepared, 0)
    new, store = held(prepared, 0)
    assert (old.attempt, new.attempt) == (1, 2)
    with pytest.raises(FencedError, match="claimed by another"):
        zombie.append([played(TRIALS[0], p=0.1)])
    assert not store.finished().any()
    store.append([played(TRIALS[0], p=0.2)])
    assert [r.log[0].action["beliefs"] for r in SqlStore.open(prepared, "june").records()] == [
        [{"query": "q1", "p": 0.2}]
    ]
    acts = (touch_shard, give_back, finish_shard)
    assert [act(prepared, old) for act in acts] == [False, False, False]
    assert lay_down(prepared, old)
    assert touch_shard(prepared, new)
    assert finish_shard(prepared, new)
    assert claim_shard(prepared, "june", 0) is None


def test_a_trial_that_comes_twice_counts_once(prepared: Engine) -> None:
    begin(prepared)
    _, store = held(prepared, 0)
    store.append([played(TRIALS[0]), played(TRIALS[1])])
    store.append([played(TRIALS[1]), played(TRIALS[2])])
    store.append([played(TRIALS[2])])
    assert store.finished(range(4)).tolist() == [True, True, True, False]
    assert queued(prepared).n_finished == 3
    assert [e.body["finished"] for e in events(prepared)] == [0, 2, 3]


def test_events_are_numbered_without_a_gap_while_many_write(prepared: Engine) -> None:
    begin(prepared, shard_size=2)
    together = Barrier(5)

    def one(shard: int) -> None:
        _, store = held(prepared, shard)
        together.wait()
        for trial in TRIALS[2 * shard : 2 * shard + 2]:
            store.append([played(trial)])

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(one, range(5)))
    found = events(prepared)
    assert [e.number for e in found] == list(range(1, 12))
    assert [e.body["finished"] for e in found] == list(range(11))
    assert [e.kind for e in found] == ["running", *["progress"] * 9, "finished"]
    assert events(prepared, after=9) == found[9:]
    kept = queued(prepared)
    assert (kept.phase, kept.n_finished, kept.n_events) == (Phase.FINISHED, 10, 11)


def test_a_paused_run_keeps_what_was_in_flight_and_goes_on_when_resumed(prepared: Engine) -> None:
    begin(prepared)
    claim, store = held(prepared, 0)
    store.append([played(TRIALS[0])])
    with writing(prepared) as connection:
        assert pause_run(connection, "june").phase is Phase.PAUSED
        assert pause_run(connection, "june").n_events == 3
    store.append([played(TRIALS[1])])
    assert store.phase is Phase.PAUSED
    assert lay_down(prepared, claim)
    assert claim_shard(prepared, "june", 1) is None
    assert states(prepared) == ["idle", "idle", "queued"]
    assert next_shard(prepared, stale_s=0) is None
    with writing(prepared) as connection:
        assert resume_run(connection, "june").phase is Phase.RUNNING
    assert states(prepared) == ["queued"] * 3
    again, store = held(prepared, 0)
    assert store.finished(again.part).tolist() == [True, True, False, False]
    assert not lay_down(prepared, again)


def test_a_cancelled_run_is_over(prepared: Engine) -> None:
    begin(prepared)
    assert begin(prepared, "july").n_planned == 10
    with reading(prepared) as connection:
        assert n_unplayed(connection) == 20
    with writing(prepared) as connection:
        assert cancel_run(connection, "june").phase is Phase.CANCELLED
    with writing(prepared) as connection, pytest.raises(RunError, match="is cancelled"):
        resume_run(connection, "june")
    with writing(prepared) as connection, pytest.raises(RunError, match="not played by workers"):
        resume_run(connection, "august")
    assert claim_shard(prepared, "june", 0) is None
    with reading(prepared) as connection:
        assert n_unplayed(connection) == 10


def test_a_run_that_ends_while_it_is_paused_is_finished(prepared: Engine) -> None:
    begin(prepared, shard_size=10)
    _, store = held(prepared, 0)
    with writing(prepared) as connection:
        pause_run(connection, "june")
    store.append([played(trial) for trial in TRIALS])
    assert store.phase is Phase.FINISHED
    assert events(prepared)[-1].kind == "finished"


def test_a_shard_that_never_gets_on_is_hopeless(prepared: Engine) -> None:
    begin(prepared)
    for _ in range(MOST_IDLE):
        claim = claim_shard(prepared, "june", 0)
        assert claim is not None
        assert not claim.is_hopeless
    last = claim_shard(prepared, "june", 0)
    assert last is not None
    assert last.is_hopeless
    assert give_back(prepared, last)
    again, store = held(prepared, 0)
    assert again.is_hopeless
    store.append([played(TRIALS[0])])
    fresh = claim_shard(prepared, "june", 0)
    assert fresh is not None
    assert not fresh.is_hopeless


def test_a_silent_holder_loses_its_shard(prepared: Engine) -> None:
    begin(prepared, shard_size=10)
    assert next_shard(prepared, stale_s=30) == ("june", 0)
    claim_shard(prepared, "june", 0)
    assert next_shard(prepared, stale_s=30) is None
    with writing(prepared) as connection:
        connection.execute(update(run_shards).values(touched_at=moment(-31)))
    assert next_shard(prepared, stale_s=30) == ("june", 0)


def test_a_name_is_given_once(prepared: Engine) -> None:
    begin(prepared)
    with writing(prepared) as connection, pytest.raises(RunError, match="already"):
        submit_run(connection, "ben", "june", SPEC)
