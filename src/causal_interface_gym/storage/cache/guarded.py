"""The shared cache while it answers, the process's own while it does not.

A refusal, or an answer that takes longer than the connection waits, opens the circuit: for a while
nobody asks the server and everybody uses the twin. Then one call tries again. Limits hold for each
process by itself meanwhile.
"""

import time
from collections.abc import Callable
from threading import Lock
from typing import Final, TypeVar

from causal_interface_gym.errors import DependencyError
from causal_interface_gym.storage.cache.process import ProcessCache
from causal_interface_gym.storage.cache.redis_server import RedisCache
from causal_interface_gym.storage.cache.seam import (
    Allowance,
    Cache,
    CacheStats,
    Hit,
    Lease,
    Miss,
    Wait,
)

__all__ = ["OPEN_S", "GuardedCache", "cache_at"]

OPEN_S: Final = 2.0
"""Seconds for which the server is left alone after a refusal."""
_Found = TypeVar("_Found")


class GuardedCache:
    """A shared cache that never fails and never keeps anybody waiting for long."""

    def __init__(
        self,
        shared: Cache,
        *,
        own: Cache | None = None,
        open_s: float = OPEN_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin with a closed circuit."""
        self._shared = shared
        self._own = own or ProcessCache()
        self._open_s = open_s
        self._clock = clock
        self._lock = Lock()
        self._open_until: float | None = None

    @property
    def is_degraded(self) -> bool:
        """Whether the server did not answer last time, so that the twin is used."""
        return self._open_until is not None

    def get(self, key: str) -> Hit | Miss:
        """Look up an entry."""
        return self._ask(lambda cache: cache.get(key))

    def put(self, key: str, value: bytes, *, ttl_s: float) -> None:
        """Keep an entry for so many seconds."""
        self._ask(lambda cache: cache.put(key, value, ttl_s=ttl_s))

    def claim(self, key: str, *, hold_s: float) -> Lease | Wait:
        """Claim the right to make an entry."""
        return self._ask(lambda cache: cache.claim(key, hold_s=hold_s))

    def enter(self, name: str, *, limit: int, hold_s: float) -> Lease | Wait:
        """Take one of ``limit`` slots."""
        return self._ask(lambda cache: cache.enter(name, limit=limit, hold_s=hold_s))

    def leave(self, lease: Lease) -> None:
        """Give a claim or slot back where it was taken; elsewhere it runs out by itself."""
        if lease.is_own:
            self._own.leave(lease)
        else:
            self._ask(lambda cache: cache.leave(lease))

    def turn(self, name: str, *, delay_s: float) -> float:
        """Take the next turn and give the seconds until it comes."""
        return self._ask(lambda cache: cache.turn(name, delay_s=delay_s))

    def spend(self, name: str, *, budget: int, per_s: float) -> Allowance:
        """Take 1 from a budget that fills up evenly, if it is there."""
        return self._ask(lambda cache: cache.spend(name, budget=budget, per_s=per_s))

    def ping(self) -> None:
        """Ask whether the shared cache answers.

        Raises:
            DependencyError: It does not.
        """
        self._shared.ping()

    def flush(self) -> int:
        """Forget everything, in the process too."""
        return self._own.flush() + self._ask(lambda cache: cache.flush())

    def stats(self) -> CacheStats:
        """Count what is there, where entries are looked up now."""
        return self._ask(lambda cache: cache.stats())

    def close(self) -> None:
        """Let go of connections."""
        self._shared.close()

    def _ask(self, ask: Callable[[Cache], _Found]) -> _Found:
        if self._may_try():
            try:
                found = ask(self._shared)
            except DependencyError:
                self._open_until = self._clock() + self._open_s
            else:
                self._open_until = None
                return found
        return ask(self._own)

    def _may_try(self) -> bool:
        """Say whether to ask the server; while the circuit is open, one call at its end may."""
        with self._lock:
            if self._open_until is None:
                return True
            now = self._clock()
            if now < self._open_until:
                return False
            self._open_until = now + self._open_s
            return True


def cache_at(address: str = "") -> Cache:
    """Give the cache at an address such as ``redis://host:6379/0``, or the process's own.

    Raises:
        RunError: The address is none of a Redis server.
    """
    return GuardedCache(RedisCache(address)) if address else ProcessCache()
