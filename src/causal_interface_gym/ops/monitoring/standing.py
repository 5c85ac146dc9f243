"""Gauges of what is stored: whether the database answers, trials that wait, backups and drills.

What was found counts for some seconds, and a database that hangs is down: who asks for metrics
never waits for it.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLateError
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine, func, select

from causal_interface_gym.errors import CausalGymError
from causal_interface_gym.ops.backup.vault import Vault
from causal_interface_gym.storage.database import reading
from causal_interface_gym.storage.queue.control import Phase
from causal_interface_gym.storage.service.clock import moment
from causal_interface_gym.storage.service.queued import run_states

__all__ = ["Standing"]

FRESH_S: Final = 5.0
PATIENCE_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class _Queue:
    """Trials of running runs, and when the oldest of these runs was begun."""

    n_waiting: int
    n_finished: int
    oldest: datetime | None
    now: datetime


class Standing(Collector):
    """Gauges of a database's queue and of a folder of backups."""

    def __init__(
        self, engine: Engine, vault: Vault, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Take what is watched."""
        self._engine = engine
        self._vault = vault
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="standing")
        self._asked: Future[_Queue | None] | None = None
        self._found: _Queue | None = None
        self._until = float("-inf")

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Give the gauges as they stand; what is not known is left out."""
        queue = self._queue()
        up = GaugeMetricFamily(
            "dependency_up", "Whether something that is needed answers.", labels=["name"]
        )
        up.add_metric(["database"], float(queue is not None))
        yield up
        if queue is not None:
            yield from _gauges_of(queue)
        yield from self._backups()

    def close(self) -> None:
        """End the thread that asks."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _queue(self) -> _Queue | None:
        if self._clock() < self._until:
            return self._found
        if self._asked is None:
            self._asked = self._thread.submit(read_queue, self._engine)
        try:
            self._found = self._asked.result(PATIENCE_S)
        except TooLateError:
            self._found = None  # it is still asked; the next who wants to know waits for the same
            return None
        self._asked = None
        self._until = self._clock() + FRESH_S
        return self._found

    def _backups(self) -> Iterator[GaugeMetricFamily]:
        try:
            proven = [b.verified_at for b in self._vault.backups() if b.verified_at is not None]
        except CausalGymError:
            proven = []
        drilled = self._vault.drilled_at()
        for name, moments, what in (
            ("backup", proven, "When the newest backup was proven by a restore."),
            ("restore_drill", [drilled] if drilled else [], "When a drill last found nothing."),
        ):
            if moments:
                yield GaugeMetricFamily(
                    f"{name}_last_success_timestamp_seconds", what, value=max(moments).timestamp()
                )


def read_queue(engine: Engine) -> _Queue | None:
    """Look at the queue; None where the database does not answer."""
    state = run_states.c
    wanted = select(
        func.coalesce(func.sum(state.n_planned - state.n_finished), 0),
        func.coalesce(func.sum(state.n_finished), 0),
        func.min(state.created_at),
    ).where(state.phase == Phase.RUNNING)
    try:
        with reading(engine) as connection:
            n_waiting, n_finished, oldest = connection.execute(wanted).one()
            now = connection.execute(select(moment())).scalar_one()
    except CausalGymError:
        return None
    return _Queue(int(n_waiting), int(n_finished), oldest, now)


def _gauges_of(queue: _Queue) -> Iterator[GaugeMetricFamily]:
    yield GaugeMetricFamily(
        "trial_queue_depth", "Trials of running runs that nobody finished.", value=queue.n_waiting
    )
    trials = GaugeMetricFamily(
        "trials", "Trials of the runs that are running, by state.", labels=["state"]
    )
    trials.add_metric(["waiting"], queue.n_waiting)
    trials.add_metric(["finished"], queue.n_finished)
    yield trials
    age_s = (queue.now - queue.oldest).total_seconds() if queue.oldest else 0.0
    yield GaugeMetricFamily(
        "trial_oldest_seconds", "Age of the oldest run that is running.", value=max(age_s, 0.0)
    )
