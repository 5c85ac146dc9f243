"""Jobs whose worker is gone or has lost sight of them are queued again.

It looks every few seconds by its own steady timer, and not by the hour of a clock that may jump.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

from procrastinate import App
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status

from causal_interface_gym.worker.queue import QUEUE

__all__ = ["Reaper"]

_AT_ONCE: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LOST_S: Final = 30.0


class Reaper:
    """Finds stalled jobs of all workers, and jobs that this process holds without playing them."""

    def __init__(self, stalled_s: float, log: Any) -> None:  # noqa: ANN401 - an open type
        """Look for workers that were silent for so long."""
        self._stalled_s = stalled_s
        self._log = log
        self._running: set[int | None] = set()
        self._suspects: set[int | None] = set()
        self._worker: int | None = None

    @contextmanager
    def running(self, job: Job) -> Iterator[None]:
        """Note that a job is being played in this process."""
        self._running.add(job.id)
        self._worker = job.worker_id
        try:
            yield
        finally:
            self._running.discard(job.id)

    async def watch(self, app: App) -> None:
        """Look again and again.

        Raises:
            ConnectorException: The database does not answer.
        """
        since = 0.0
        every = self._stalled_s / 3
        while True:
            await self._retry_stalled(app)
            since += every
            if since >= _LOST_S:
                since = 0.0
                await self._retry_lost(app)
            await asyncio.sleep(every)

    async def _retry_stalled(self, app: App) -> None:
        found = await app.job_manager.get_stalled_jobs(
            queue=QUEUE, seconds_since_heartbeat=self._stalled_s
        )
        for job in found:
            await self._retry(app, job, "stalled")

    async def _retry_lost(self, app: App) -> None:
        """Retry jobs of this worker that it does not play: their end could not be written."""
        if self._worker is None:
            return
        doing = await app.job_manager.list_jobs_async(queue=QUEUE, status=Status.DOING.value)
        lost = {
            job.id: job
            for job in doing
            if job.worker_id == self._worker and job.id not in self._running
        }
        for number in self._suspects & lost.keys():
            await self._retry(app, lost[number], "lost")
        self._suspects = set(lost)

    async def _retry(self, app: App, job: Job, why: str) -> None:
        try:
            await app.job_manager.retry_job(job, retry_at=_AT_ONCE)
        except ConnectorException as error:
            if "was not found" not in str(error.__cause__):
                raise
            return  # another worker was quicker
        self._log.warning("job_retried", why=why, job=job.id, **job.task_kwargs)
