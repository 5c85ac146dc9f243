"""The cache that all processes share, on a server that speaks Redis's protocol.

Every step that must not be torn is one script on the server, and time is the server's. All keys
begin with ``cig:``, so that flushing leaves what others keep on the same server.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from uuid import uuid4

from causal_interface_gym.errors import DependencyError, RunError
from causal_interface_gym.storage.cache.seam import (
    POLL_S,
    Allowance,
    CacheStats,
    Hit,
    Lease,
    Miss,
    Wait,
    allowance,
)

__all__ = ["TIMEOUT_S", "RedisCache"]

TIMEOUT_S: Final = 0.25
"""Seconds to wait for a connection, and for an answer."""
_ENTRY: Final = "cig:entry:"
_CLAIM: Final = "cig:claim:"
_SLOT: Final = "cig:slot:"
_TURN: Final = "cig:turn:"
_BUDGET: Final = "cig:budget:"
_BATCH: Final = 500

_ENTER: Final = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[1]) then
  local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
  return first[2] and first[2] - now or 0
end
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[3])
local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
redis.call('PEXPIRE', KEYS[1], math.max(1, last[2] - now))
return -1
"""
"""Take a slot: -1 if there was one, else milliseconds until the first one runs out."""

_TAKE_TURN: Final = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local start = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
local ends = start + ARGV[1]
redis.call('SET', KEYS[1], string.format('%.0f', ends), 'PX', math.ceil((ends - now) / 1000) + 1)
return start - now
"""
"""Take a turn: microseconds until it comes."""

_SPEND: Final = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local whole = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0')) + ARGV[1]
if whole - now <= tonumber(ARGV[2]) then
  local left = math.ceil((whole - now) / 1000) + 1
  redis.call('SET', KEYS[1], string.format('%.0f', whole), 'PX', left)
end
return whole - now
"""
"""Spend of a budget: microseconds until it is whole again, had what was asked for been given."""


class RedisCache:
    """A cache on a server; every refusal of the server is a DependencyError."""

    def __init__(self, address: str, *, timeout_s: float = TIMEOUT_S) -> None:
        """Say where the server is; nothing is connected yet.

        Raises:
            RunError: The address is none of a Redis server.
        """
        import redis  # noqa: PLC0415 - loaded where a shared cache is named
        from redis.backoff import NoBackoff  # noqa: PLC0415 - as above
        from redis.retry import Retry  # noqa: PLC0415 - as above

        try:
            self._client: redis.Redis = redis.Redis.from_url(
                address,
                socket_connect_timeout=timeout_s,
                socket_timeout=timeout_s,
                # Whoever asks has a twin at hand, which is faster than a second try.
                retry=Retry(NoBackoff(), 0),
            )
        except ValueError:
            message = "the cache's address is none; give redis://[:password@]host:port/0"
            raise RunError(message) from None
        self._refusal = redis.RedisError
        settings = self._client.connection_pool.connection_kwargs
        self._where = f"{settings.get('host', settings.get('path'))}:{settings.get('port', '')}"
        self._enter = self._client.register_script(_ENTER)
        self._turn = self._client.register_script(_TAKE_TURN)
        self._spend = self._client.register_script(_SPEND)

    def get(self, key: str) -> Hit | Miss:
        """Look up an entry."""
        with self._asking():
            value: Any = self._client.get(f"{_ENTRY}{key}")  # Any: bytes, or none
        return Miss() if value is None else Hit(value)

    def put(self, key: str, value: bytes, *, ttl_s: float) -> None:
        """Keep an entry for so many seconds."""
        with self._asking():
            self._client.set(f"{_ENTRY}{key}", value, px=_milliseconds(ttl_s))

    def claim(self, key: str, *, hold_s: float) -> Lease | Wait:
        """Claim the right to make an entry."""
        return self._taken(f"{_CLAIM}{key}", 1, hold_s)

    def enter(self, name: str, *, limit: int, hold_s: float) -> Lease | Wait:
        """Take one of ``limit`` slots that all who use the cache share."""
        return self._taken(f"{_SLOT}{name}", limit, hold_s)

    def leave(self, lease: Lease) -> None:
        """Give a claim or slot back."""
        with self._asking():
            self._client.zrem(lease.name, lease.token)

    def turn(self, name: str, *, delay_s: float) -> float:
        """Take the next turn and give the seconds until it comes."""
        with self._asking():
            # Any: what a script returns; this one gives a whole number.
            left: Any = self._turn(keys=[f"{_TURN}{name}"], args=[round(delay_s * 1e6)])
        return int(left) / 1e6

    def spend(self, name: str, *, budget: int, per_s: float) -> Allowance:
        """Take 1 from a budget that fills up evenly, if it is there."""
        spans = [max(1, int(per_s / budget * 1e6)), round(per_s * 1e6)]
        with self._asking():
            ahead: Any = self._spend(keys=[f"{_BUDGET}{name}"], args=spans)  # Any: as above
        return allowance(int(ahead) / 1e6, budget=budget, per_s=per_s)

    def ping(self) -> None:
        """Ask whether the server answers."""
        with self._asking():
            self._client.ping()

    def flush(self) -> int:
        """Forget everything of this program's; what others keep on the server stays."""
        n_gone = 0
        with self._asking():
            for keys in _batches(self._client.scan_iter("cig:*", count=_BATCH)):
                gone: Any = self._client.unlink(*keys)  # Any: a whole number
                n_gone += int(gone)
        return n_gone

    def stats(self) -> CacheStats:
        """Count what is there; hits and misses are the server's own, over all its users."""
        with self._asking():
            n_entries = sum(1 for _ in self._client.scan_iter(f"{_ENTRY}*", count=_BATCH))
            n_all = sum(1 for _ in self._client.scan_iter("cig:*", count=_BATCH))
            told: Any = self._client.info("stats")  # Any: numbers by name
        return CacheStats(
            is_shared=True,
            n_entries=n_entries,
            n_limits=n_all - n_entries,
            n_hits=int(told["keyspace_hits"]),
            n_misses=int(told["keyspace_misses"]),
        )

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def _taken(self, name: str, limit: int, hold_s: float) -> Lease | Wait:
        token = uuid4().hex
        with self._asking():
            # Any: what a script returns; this one gives a whole number.
            left: Any = self._enter(keys=[name], args=[limit, _milliseconds(hold_s), token])
        return Lease(name, token) if left == -1 else Wait(min(POLL_S, max(1, int(left)) / 1000))

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Turn the server's refusals into ours, without its address, which may hold a password."""
        try:
            yield
        except self._refusal as error:
            what = "cannot be used; start its server, or mend its address"
            message = f"the cache at {self._where} {what} ({error})"
            raise DependencyError(message) from error


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))


def _batches(keys: Iterator[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    for key in keys:
        batch.append(key)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
