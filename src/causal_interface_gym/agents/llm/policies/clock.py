"""Time as an argument, so that a test of waiting does not wait."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

__all__ = ["CLOCK", "Clock"]


@dataclass(frozen=True, slots=True)
class Clock:
    """How policies tell and pass the time, in seconds.

    ``now`` never goes back and has no meaning but in differences; ``since_1970`` dates records.
    """

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    since_1970: Callable[[], float] = time.time


CLOCK: Final = Clock()
"""The machine's own."""
