"""Workers die, hang, are told to stop, have a wrong clock: nothing is lost, nothing kept twice."""

import os
import random
import signal
import time
from functools import partial

import pytest
from sqlalchemy import Engine

from causal_interface_gym.storage.database import reading, writing
from tests.faults.service.nursery import Nursery, until
from tests.faults.service.queueing import (
    LARGE,
    MIDDLE,
    SMALL,
    begin,
    check_undisturbed,
    queued,
)

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]

N_KILLS = 20
N_WORKERS = 3


def _has_finished(engine: Engine, n_trials: int) -> bool:
    return queued(engine).n_finished >= n_trials


def test_twenty_kills_among_three_workers_leave_the_run_as_it_would_be(
    engine: Engine, workers: Nursery
) -> None:
    begin(engine, LARGE)
    drawn = random.Random(7)  # noqa: S311 - no secret
    for _ in range(N_WORKERS):
        workers.start()
    marks = sorted(drawn.sample(range(20, LARGE.n_trials - 60), N_KILLS))
    for mark in marks:
        until(partial(_has_finished, engine, mark))
        workers.kill(drawn.choice(workers.workers))
        workers.start()
    until(lambda: queued(engine).phase.is_over)
    assert workers.said("job_retried"), "some kill fell into a shard"
    check_undisturbed(engine, LARGE)


def test_the_shards_of_a_killed_worker_are_taken_over(engine: Engine, workers: Nursery) -> None:
    begin(engine, SMALL, shard_size=80)
    victim = workers.start(batch=2)
    until(lambda: queued(engine).n_finished >= 10)
    workers.kill(victim)
    killed = time.monotonic()
    n_kept = queued(engine).n_finished
    assert n_kept < SMALL.n_trials
    workers.start()
    until(lambda: queued(engine).n_finished > n_kept or workers.said("job_retried"))
    assert time.monotonic() - killed < 60
    until(lambda: queued(engine).phase.is_over)
    check_undisturbed(engine, SMALL)


def test_a_worker_that_wakes_up_after_it_lost_its_shard_writes_nothing(
    engine: Engine, workers: Nursery
) -> None:
    begin(engine, MIDDLE, shard_size=100)
    zombie = workers.start(batch=16)
    until(lambda: queued(engine).n_finished >= 16)
    os.kill(zombie, signal.SIGSTOP)
    workers.start(batch=16)
    until(lambda: workers.said("job_retried"))
    retried = workers.said("job_retried")[0]["shard"]
    until(lambda: any(line["shard"] == retried for line in workers.said("shard_finished")))
    os.kill(zombie, signal.SIGCONT)
    until(lambda: queued(engine).phase.is_over)
    # Where it froze within a transaction, the server has ended that before others could go on.
    until(lambda: _ended(workers, retried))
    check_undisturbed(engine, MIDDLE)


def _ended(workers: Nursery, shard: int) -> bool:
    said = [*workers.said("shard_lost"), *workers.said("shard_failed")]
    return any(line["shard"] == shard for line in said)


def test_a_job_that_was_lost_is_queued_again(engine: Engine, workers: Nursery) -> None:
    begin(engine, SMALL)
    with writing(engine) as connection:
        connection.exec_driver_sql("DELETE FROM procrastinate_jobs WHERE (args->>'shard')::int > 2")
    workers.start()
    until(lambda: queued(engine).phase.is_over)
    assert sum(line["n"] for line in workers.said("jobs_requeued")) == queued(engine).n_shards - 3
    check_undisturbed(engine, SMALL)


def test_a_worker_told_to_stop_hands_its_shard_back_at_once(
    engine: Engine, workers: Nursery
) -> None:
    begin(engine, MIDDLE, shard_size=200)
    first = workers.start()
    until(lambda: queued(engine).n_finished >= 20)
    os.kill(first, signal.SIGTERM)
    told = time.monotonic()
    until(lambda: workers.said("worker_stopped"))
    assert time.monotonic() - told < 30
    with reading(engine) as connection:
        wanted = "SELECT status::text FROM procrastinate_jobs"
        assert {*connection.exec_driver_sql(wanted).scalars()} == {"todo"}
    n_kept = queued(engine).n_finished
    assert 20 <= n_kept < MIDDLE.n_trials
    workers.start(batch=32)
    until(lambda: queued(engine).phase.is_over)
    assert not workers.said("job_retried")
    check_undisturbed(engine, MIDDLE)


def test_workers_whose_clocks_are_days_apart_play_one_run(engine: Engine, workers: Nursery) -> None:
    begin(engine, SMALL)
    day = 86_400.0
    victim = workers.start(clock_s=3 * day)
    until(lambda: queued(engine).n_finished >= 8)
    workers.kill(victim)
    workers.start(clock_s=-3 * day)
    workers.start(clock_s=2 * day)
    until(lambda: queued(engine).phase.is_over)
    check_undisturbed(engine, SMALL)
