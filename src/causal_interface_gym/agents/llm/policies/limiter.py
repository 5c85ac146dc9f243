"""At most so many calls at once, and at least so long from one start to the next.

The delay is between starts, as providers count requests, not after an end. One gate is shared by
all models of a provider, since limits are the account's; where processes share limits, by all
processes.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from pydantic_ai.concurrency import ConcurrencyLimiter

from causal_interface_gym.agents.llm.call import Answer, Ask, Client
from causal_interface_gym.agents.llm.policies.clock import CLOCK, Clock

__all__ = ["Gate", "Limiter", "SharedLimits"]


class SharedLimits(Protocol):
    """Limits that processes share."""

    async def enter(self, name: str, limit: int) -> object:
        """Wait for one of ``limit`` slots, and give what gives it back."""
        ...

    async def leave(self, held: object) -> None:
        """Give a slot back."""
        ...

    async def turn(self, name: str, delay_s: float) -> float:
        """Take the next turn, and give the seconds until it comes."""
        ...


class Gate:
    """Lets calls start one after the other."""

    def __init__(
        self,
        n_at_once: int,
        *,
        delay_s: float = 0.0,
        clock: Clock = CLOCK,
        name: str = "model",
        shared: SharedLimits | None = None,
    ) -> None:
        """Open the gate for the first call; ``shared`` holds what it says for all processes."""
        self._slots: ConcurrencyLimiter = ConcurrencyLimiter(n_at_once)
        self._n_at_once = n_at_once
        self._name = name
        self._shared = shared
        self._delay_s = delay_s
        self._clock = clock
        self._turn = asyncio.Lock()
        self._last_start = float("-inf")

    @asynccontextmanager
    async def passed(self, who: str) -> AsyncIterator[None]:
        """Hold a slot, from this call's own moment on."""
        await self._slots.acquire(who)
        try:
            async with self._held():
                await self._pass_through()
                yield
        finally:
            self._slots.release()

    @asynccontextmanager
    async def _held(self) -> AsyncIterator[None]:
        if self._shared is None:
            yield
            return
        slot = await self._shared.enter(self._name, self._n_at_once)
        try:
            yield
        finally:
            await self._shared.leave(slot)

    async def _pass_through(self) -> None:
        """Wait for this call's own moment, in order of arrival."""
        if self._delay_s <= 0:
            return
        if self._shared is not None:
            await self._clock.sleep(await self._shared.turn(self._name, self._delay_s))
            return
        async with self._turn:
            wait = self._last_start + self._delay_s - self._clock.now()
            if wait > 0:
                await self._clock.sleep(wait)
            self._last_start = self._clock.now()


@dataclass(frozen=True, slots=True)
class Limiter:
    """A client behind a gate."""

    inner: Client
    gate: Gate
    name: str = "model"

    async def ask(self, ask: Ask) -> Answer:
        """Ask when a place is free and the moment has come."""
        async with self.gate.passed(self.name):
            return await self.inner.ask(ask)
