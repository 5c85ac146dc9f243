"""What a cache does, whichever it is: entries that expire, claims, slots, turns, budgets.

Everything taken is a lease: who dies gives it back by letting it run out. No call waits for another
holder; it says how long to wait. From an event loop, call in a thread: a call to another machine
may take as long as its connection waits.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol

__all__ = [
    "POLL_S",
    "Allowance",
    "Cache",
    "CacheStats",
    "Hit",
    "Lease",
    "Miss",
    "Wait",
    "allowance",
    "held",
    "once",
]

POLL_S: Final = 0.05
"""Seconds between two looks of somebody who waits for another."""
_ROUNDING: Final = 1e-6
"""Seconds that do not count: clocks of a cache tell microseconds."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that is there."""

    value: bytes


@dataclass(frozen=True, slots=True)
class Miss:
    """No entry: it was never kept, has expired or was flushed."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A claim or slot that is held until it is given back or runs out.

    ``is_own`` says that only this process knows of it.
    """

    name: str
    token: str
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing is free; look again after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a budget that fills up again, after something of it was asked for.

    ``wait_s`` is 0 where it was given, else the seconds until it would be; ``full_s`` are the
    seconds until the budget is whole again.
    """

    left: int
    wait_s: float
    full_s: float

    @property
    def is_given(self) -> bool:
        """Whether what was asked for was there."""
        return self.wait_s <= 0


@dataclass(frozen=True, slots=True)
class CacheStats:
    """What a cache holds: entries, leases and turns, and how often entries were found.

    The numbers of a shared cache are its server's, over all who use it since it was started.
    """

    is_shared: bool
    n_entries: int
    n_limits: int
    n_hits: int
    n_misses: int


class Cache(Protocol):
    """A cache; safe to use from many threads.

    Every method may raise a DependencyError where the cache is on another machine.
    """

    def get(self, key: str) -> Hit | Miss:
        """Look up an entry."""
        ...

    def put(self, key: str, value: bytes, *, ttl_s: float) -> None:
        """Keep an entry for so many seconds."""
        ...

    def claim(self, key: str, *, hold_s: float) -> Lease | Wait:
        """Claim the right to make an entry; one of all has it at a time."""
        ...

    def enter(self, name: str, *, limit: int, hold_s: float) -> Lease | Wait:
        """Take one of ``limit`` slots that all who use the cache share."""
        ...

    def leave(self, lease: Lease) -> None:
        """Give a claim or slot back; one that has run out is left alone."""
        ...

    def turn(self, name: str, *, delay_s: float) -> float:
        """Take the next turn and give the seconds until it comes.

        Turns of one name are at least ``delay_s`` apart, over all who use the cache.
        """
        ...

    def spend(self, name: str, *, budget: int, per_s: float) -> Allowance:
        """Take 1 from a budget that fills up evenly within ``per_s`` seconds, if it is there.

        Whoever was refused spends nothing, so a caller who waits as long as he is told is served.
        """
        ...

    def ping(self) -> None:
        """Ask whether it answers, whatever stands in for it meanwhile."""
        ...

    def flush(self) -> int:
        """Forget everything; give the number of things forgotten."""
        ...

    def stats(self) -> CacheStats:
        """Count what is there."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


def once(
    cache: Cache,
    key: str,
    make: Callable[[], bytes],
    *,
    ttl_s: float,
    hold_s: float,
    sleep: Callable[[float], None] = time.sleep,
) -> bytes:
    """Give an entry; make it where it is missing, while others who want it wait.

    ``make`` gives the same bytes whoever calls it, and takes less than ``hold_s`` seconds; where it
    takes longer, or the cache is flushed meanwhile, somebody else makes the entry too.
    """
    while True:
        found = cache.get(key)
        if isinstance(found, Hit):
            return found.value
        claimed = cache.claim(key, hold_s=hold_s)
        if isinstance(claimed, Lease):
            return _made(cache, key, claimed, make, ttl_s)
        sleep(claimed.seconds)


@contextmanager
def held(
    cache: Cache,
    name: str,
    *,
    limit: int,
    hold_s: float,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Lease]:
    """Hold one of ``limit`` slots, for at most ``hold_s`` seconds; wait until one is free."""
    while isinstance(slot := cache.enter(name, limit=limit, hold_s=hold_s), Wait):
        sleep(slot.seconds)
    try:
        yield slot
    finally:
        cache.leave(slot)


def _made(cache: Cache, key: str, claimed: Lease, make: Callable[[], bytes], ttl_s: float) -> bytes:
    try:
        # Whoever held the claim before may have made it since this one looked.
        found = cache.get(key)
        if isinstance(found, Hit):
            return found.value
        value = make()
        cache.put(key, value, ttl_s=ttl_s)
        return value
    finally:
        cache.leave(claimed)


def allowance(ahead_s: float, *, budget: int, per_s: float) -> Allowance:
    """Say what is left where the budget is whole again after ``ahead_s`` seconds.

    ``ahead_s`` counts what is asked for now; what goes beyond ``per_s`` is not there yet.
    """
    over_s = ahead_s - per_s
    if over_s > _ROUNDING:
        return Allowance(0, over_s, ahead_s - per_s / budget)
    return Allowance(int(-over_s / per_s * budget + _ROUNDING), 0.0, ahead_s)
