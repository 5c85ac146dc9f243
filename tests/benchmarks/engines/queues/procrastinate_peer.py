"""procrastinate by itself: jobs that do nothing, run and enqueued one for each trial."""

import asyncio
import json
import resource
import sys
import time

from procrastinate import App, PsycopgConnector
from procrastinate.types import JSONValue

N_AT_ONCE = 2
SHARE_LEFT_OUT = 0.1


def numbered(n_jobs: int) -> list[dict[str, JSONValue]]:
    """Give what each job is told."""
    return [{"number": n} for n in range(n_jobs)]


async def play(app: App, n_jobs: int) -> tuple[float, int]:
    """Let one worker run the jobs; give seconds and how many jobs they held."""
    ended: list[float] = []

    @app.task(name="nothing")
    async def nothing(number: int) -> None:
        del number
        ended.append(time.monotonic())

    await nothing.batch_defer_async(*numbered(n_jobs))
    await app.run_worker_async(
        concurrency=N_AT_ONCE, wait=False, install_signal_handlers=False, delete_jobs="successful"
    )
    first = int(SHARE_LEFT_OUT * n_jobs)
    return ended[-1] - ended[first], len(ended) - first


async def enqueue(app: App, n_jobs: int) -> tuple[float, int]:
    """Enqueue a job for each trial."""

    @app.task(name="nothing")
    async def nothing(number: int) -> None:
        del number

    began = time.monotonic()
    await nothing.batch_defer_async(*numbered(n_jobs))
    return time.monotonic() - began, n_jobs


async def main() -> None:
    """Do what the arguments say."""
    what, address, n = sys.argv[1:]
    app = App(connector=PsycopgConnector(conninfo=address))
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        seconds, n_done = await {"play": play, "enqueue": enqueue}[what](app, int(n))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([seconds, n_done, peak_mb]))


if __name__ == "__main__":
    asyncio.run(main())
