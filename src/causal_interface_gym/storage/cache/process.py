"""A cache within the process: the twin of the shared one, bounded in size."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Final
from uuid import uuid4

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

__all__ = ["MOST_BUDGETS", "MOST_BYTES", "ProcessCache"]

MOST_BYTES: Final = 64 * 2**20
"""What the entries of a process take at most; the least recently used go first."""
MOST_BUDGETS: Final = 20_000
"""Budgets that a process counts at once; callers may come from anywhere."""
_CLAIM: Final = "claim:"
_SLOT: Final = "slot:"


@dataclass(slots=True)
class _Entry:
    value: bytes
    ends: float


@dataclass(slots=True)
class _Counts:
    n_bytes: int = 0
    n_hits: int = 0
    n_misses: int = 0


@dataclass(slots=True)
class _State:
    entries: OrderedDict[str, _Entry] = field(default_factory=OrderedDict)
    # The end of each lease, by name and token.
    leases: dict[str, dict[str, float]] = field(default_factory=dict)
    turns: dict[str, float] = field(default_factory=dict)
    # When each budget is whole again.
    budgets: dict[str, float] = field(default_factory=dict)


class ProcessCache:
    """A cache that lives and dies with its process."""

    def __init__(
        self, *, clock: Callable[[], float] = time.monotonic, most_bytes: int = MOST_BYTES
    ) -> None:
        """Start empty."""
        self._clock = clock
        self._most_bytes = most_bytes
        self._lock = Lock()
        self._state = _State()
        self._counts = _Counts()

    def get(self, key: str) -> Hit | Miss:
        """Look up an entry."""
        with self._lock:
            entry = self._state.entries.get(key)
            if entry is not None and entry.ends <= self._clock():
                self._drop(key)
                entry = None
            if entry is None:
                self._counts.n_misses += 1
                return Miss()
            self._state.entries.move_to_end(key)
            self._counts.n_hits += 1
            return Hit(entry.value)

    def put(self, key: str, value: bytes, *, ttl_s: float) -> None:
        """Keep an entry for so many seconds; one larger than the whole cache is not kept."""
        with self._lock:
            self._drop(key)
            if len(value) > self._most_bytes:
                return
            self._state.entries[key] = _Entry(value, self._clock() + ttl_s)
            self._counts.n_bytes += len(value)
            while self._counts.n_bytes > self._most_bytes:
                self._drop(next(iter(self._state.entries)))

    def claim(self, key: str, *, hold_s: float) -> Lease | Wait:
        """Claim the right to make an entry."""
        return self._taken(f"{_CLAIM}{key}", 1, hold_s)

    def enter(self, name: str, *, limit: int, hold_s: float) -> Lease | Wait:
        """Take one of ``limit`` slots."""
        return self._taken(f"{_SLOT}{name}", limit, hold_s)

    def leave(self, lease: Lease) -> None:
        """Give a claim or slot back."""
        with self._lock:
            held = self._state.leases.get(lease.name, {})
            held.pop(lease.token, None)
            if not held:
                self._state.leases.pop(lease.name, None)

    def turn(self, name: str, *, delay_s: float) -> float:
        """Take the next turn and give the seconds until it comes."""
        with self._lock:
            now = self._clock()
            start = max(now, self._state.turns.get(name, now))
            self._state.turns[name] = start + delay_s
            return start - now

    def spend(self, name: str, *, budget: int, per_s: float) -> Allowance:
        """Take 1 from a budget that fills up evenly, if it is there."""
        with self._lock:
            now, budgets = self._clock(), self._state.budgets
            whole = max(now, budgets.get(name, now)) + per_s / budget
            found = allowance(whole - now, budget=budget, per_s=per_s)
            if found.is_given:
                budgets[name] = whole
            if len(budgets) > MOST_BUDGETS:
                _forget(budgets, now)
            return found

    def ping(self) -> None:
        """Do nothing; the process answers itself."""

    def flush(self) -> int:
        """Forget everything."""
        with self._lock:
            gone, self._state = self._state, _State()
            self._counts.n_bytes = 0
        return len(gone.entries) + len(gone.leases) + len(gone.turns) + len(gone.budgets)

    def stats(self) -> CacheStats:
        """Count what is there."""
        with self._lock:
            state, counts = self._state, self._counts
            now = self._clock()
            n_entries = sum(entry.ends > now for entry in state.entries.values())
            n_leases = sum(any(e > now for e in held.values()) for held in state.leases.values())
            waiting = (*state.turns.values(), *state.budgets.values())
            n_turns = sum(next_ > now for next_ in waiting)
            return CacheStats(
                is_shared=False,
                n_entries=n_entries,
                n_limits=n_leases + n_turns,
                n_hits=counts.n_hits,
                n_misses=counts.n_misses,
            )

    def close(self) -> None:
        """Do nothing; there is no connection."""

    def _taken(self, name: str, limit: int, hold_s: float) -> Lease | Wait:
        with self._lock:
            now = self._clock()
            there = self._state.leases.get(name, {})
            held = {token: ends for token, ends in there.items() if ends > now}
            self._state.leases[name] = held
            if len(held) >= limit:
                return Wait(min(POLL_S, min(held.values(), default=now + POLL_S) - now))
            token = uuid4().hex
            held[token] = now + hold_s
            return Lease(name, token, is_own=True)

    def _drop(self, key: str) -> None:
        entry = self._state.entries.pop(key, None)
        if entry is not None:
            self._counts.n_bytes -= len(entry.value)


def _forget(budgets: dict[str, float], now: float) -> None:
    """Drop the budgets that are whole again, and the older half where too many are not."""
    for name in [name for name, whole in budgets.items() if whole <= now]:
        del budgets[name]
    if len(budgets) > MOST_BUDGETS:
        for name in sorted(budgets, key=budgets.__getitem__)[: len(budgets) // 2]:
            del budgets[name]
