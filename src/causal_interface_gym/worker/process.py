"""``cig worker``: fetch jobs, play their shards on threads, and outlive the database's restarts.

Times are the database's: a job is retried at a moment by its clock. A worker whose connection
breaks begins anew under another number; what the former one held counts as stalled and is retried.
"""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any, Final

import psycopg
from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException, JobRetry
from procrastinate.jobs import Job
from psycopg_pool import PoolTimeout
from sqlalchemy import Engine, select

from causal_interface_gym.errors import CausalGymError
from causal_interface_gym.runs.runner import Limits
from causal_interface_gym.storage.database import reading
from causal_interface_gym.storage.service.clock import moment
from causal_interface_gym.worker.log import log_library
from causal_interface_gym.worker.playing import Ending, Player
from causal_interface_gym.worker.queue import QUEUE, TASK, conninfo
from causal_interface_gym.worker.reaper import Reaper

__all__ = ["Working", "work"]

DRAIN_S: Final = 25.0
"""Seconds that shards have to stop in after the worker was told to."""
_AT_ONCE: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LATER_S: Final = 15.0
_LONGEST_S: Final = 60.0
_AWAY: Final = (ConnectorException, PoolTimeout, psycopg.Error, OSError, CausalGymError)


@dataclass(frozen=True, slots=True)
class Working:
    """How a worker works: so many shards at once; its times in seconds.

    Whoever shows no sign of life for ``stalled_s`` loses its shards.
    """

    n_shards: int = 2
    limits: Limits = field(default_factory=Limits)
    poll_s: float = 2.0
    heartbeat_s: float = 3.0
    stalled_s: float = 15.0
    drain_s: float = DRAIN_S


class _Retrying(BaseRetryStrategy):
    """Retries for ever: a shard that never gets on pauses its run by itself."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        """Say when; a shard that says so itself is believed."""
        del job
        if isinstance(exception, JobRetry):
            return exception.retry_decision
        return RetryDecision(retry_at=_AT_ONCE)


def _again(at: datetime) -> JobRetry:
    """Make what ends a job that is to be played again at a moment."""
    return JobRetry(RetryDecision(retry_at=at))


def work(engine: Engine, working: Working, log: Any) -> None:  # noqa: ANN401 - an open type
    """Play shards until a signal ends it; what is not finished then is handed back."""
    log_library("procrastinate", log)
    log_library("psycopg.pool", log)
    asyncio.run(_Worker(engine, working, log).run())


class _Worker:
    """A worker of one process."""

    def __init__(self, engine: Engine, working: Working, log: Any) -> None:  # noqa: ANN401 - as above
        self._engine = engine
        self._working = working
        self._log = log
        self._halted = Event()
        self._stopping = asyncio.Event()
        self._reaper = Reaper(working.stalled_s, log)
        self._player = Player(engine, log, working.limits, self._halted.is_set)
        self._threads = ThreadPoolExecutor(working.n_shards, thread_name_prefix="shard")

    async def run(self) -> None:
        """Work until told to stop."""
        wait = 0.5
        with self._told_by_signals():
            self._log.info("worker_started", shards=self._working.n_shards)
            while not self._stopping.is_set():
                try:
                    async with self._app() as app:
                        wait = 0.5
                        await self._until_stopped(app)
                except _AWAY as error:
                    self._log.warning("database_away", error=str(error)[:500], retry_s=wait)
                    await self._pause(wait)
                    wait = min(2 * wait, 5.0)
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._log.info("worker_stopped")

    @contextmanager
    def _told_by_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)

    def _stop(self) -> None:
        self._halted.set()
        self._stopping.set()

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    @asynccontextmanager
    async def _app(self) -> AsyncIterator[App]:
        """Open the queue."""
        connector = PsycopgConnector(
            conninfo=conninfo(self._engine.url),
            min_size=1,
            max_size=self._working.n_shards + 3,
            timeout=5.0,
            reconnect_timeout=5.0,
        )
        app = App(connector=connector)
        app.task(name=TASK, queue=QUEUE, pass_context=True, retry=_Retrying())(self._task)
        async with app.open_async():
            yield app

    async def _until_stopped(self, app: App) -> None:
        """Work until told to stop, or until the database is away."""
        working = self._working
        jobs = asyncio.create_task(
            app.run_worker_async(
                queues=[QUEUE],
                concurrency=working.n_shards,
                fetch_job_polling_interval=working.poll_s,
                update_heartbeat_interval=working.heartbeat_s,
                stalled_worker_timeout=working.stalled_s,
                shutdown_graceful_timeout=working.drain_s,
                delete_jobs="successful",
                install_signal_handlers=False,
            )
        )
        aside = [
            asyncio.create_task(self._reaper.watch(app)),
            asyncio.create_task(self._stopping.wait()),
        ]
        try:
            await asyncio.wait([jobs, *aside], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (*aside, jobs):
                task.cancel()
            found = await asyncio.gather(jobs, *aside, return_exceptions=True)
        for error in found:
            if isinstance(error, _AWAY):
                raise error
        if not self._stopping.is_set():
            await self._pause(0.5)

    async def _task(self, context: JobContext, run: str, shard: int) -> None:
        """Play a shard on a thread; the job is over when nothing is left to do for it."""
        with self._reaper.running(context.job):
            loop = asyncio.get_running_loop()
            try:
                playing = loop.run_in_executor(self._threads, self._player.play, run, shard)
                ending = await playing
            except Exception as error:
                # The border of a job: whatever went wrong, the shard is played again.
                self._log.warning("shard_failed", run=run, shard=shard, error=str(error)[:2_000])
                raise _again(await self._moment_in(_LATER_S)) from error
        match ending:
            case Ending.DONE:
                return
            case Ending.AGAIN:
                raise _again(_AT_ONCE)
            case Ending.LATER:
                raise _again(await self._moment_in(_LATER_S))

    async def _moment_in(self, seconds: float) -> datetime:
        """Give a moment by the database's clock; by this machine's where it does not answer."""

        def ask() -> datetime:
            with reading(self._engine) as connection:
                return connection.scalars(select(moment(seconds))).one()

        try:
            return await asyncio.to_thread(ask)
        except CausalGymError:
            return datetime.now(UTC) + timedelta(seconds=seconds)
