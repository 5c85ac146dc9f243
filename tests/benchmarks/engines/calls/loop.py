"""Many calls at once, timed: what every engine of the row shares. Only the standard library."""

import asyncio
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Final

from tests.benchmarks.worker import peak_megabytes

N_AT_ONCE: Final = 64
N_WARM: Final = 64
PROMPT: Final = "How likely is it that the grass is wet if we turn the sprinkler on? " * 10
SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {"percent_if_we_force_x": {"type": "integer", "minimum": 0, "maximum": 100}},
    "required": ["percent_if_we_force_x"],
    "additionalProperties": False,
}

Ask = Callable[[int], Awaitable[str]]


async def many(ask: Ask, numbers: Iterator[int]) -> list[float]:
    """Ask with these numbers, so many at once; give each call's seconds."""
    taken: list[float] = []

    async def worker() -> None:
        for number in numbers:
            began = time.perf_counter()
            text = await ask(number)
            taken.append(time.perf_counter() - began)
            if "percent_if_we_force_x" not in json.loads(text):
                raise ValueError(text)

    await asyncio.gather(*(worker() for _ in range(N_AT_ONCE)))
    return taken


async def measured(ask: Ask, n_calls: int) -> None:
    """Warm up, ask, and print seconds, CPU seconds, the 99th percentile and the memory.

    The first call goes alone: libraries load half of themselves with it, for seconds on a busy
    machine, and a connection that others wait for meanwhile would run into its time limit.
    """
    await many(ask, iter(range(1)))
    await many(ask, iter(range(1, N_WARM)))
    began, cpu = time.perf_counter(), cpu_seconds()
    taken = sorted(await many(ask, iter(range(N_WARM, N_WARM + n_calls))))
    seconds, spent = time.perf_counter() - began, cpu_seconds() - cpu
    print(json.dumps([seconds, spent, taken[int(0.99 * n_calls)], peak_megabytes()]))


def cpu_seconds() -> float:
    """What this process has used, all its threads together."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def arguments() -> tuple[str, int]:
    """Read the address of the provider and the number of calls."""
    return sys.argv[1], int(sys.argv[2])
