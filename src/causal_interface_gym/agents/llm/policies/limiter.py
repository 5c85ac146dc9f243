"""At most so many calls at once, and at least so long from one start to the next.

The delay is between starts, as providers count requests, not after an end. One gate is shared by
all models of a provider, since limits are the account's.
"""

import asyncio
from dataclasses import dataclass

from pydantic_ai.concurrency import ConcurrencyLimiter

from causal_interface_gym.agents.llm.call import Answer, Ask, Client
from causal_interface_gym.agents.llm.policies.clock import CLOCK, Clock

__all__ = ["Gate", "Limiter"]


class Gate:
    """Lets calls start one after the other."""

    def __init__(self, n_at_once: int, *, delay_s: float = 0.0, clock: Clock = CLOCK) -> None:
        """Open the gate for the first call."""
        self.slots: ConcurrencyLimiter = ConcurrencyLimiter(n_at_once)
        self._delay_s = delay_s
        self._clock = clock
        self._turn = asyncio.Lock()
        self._last_start = float("-inf")

    async def pass_through(self) -> None:
        """Wait for this call's own moment, in order of arrival."""
        if self._delay_s <= 0:
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
        await self.gate.slots.acquire(self.name)
        try:
            await self.gate.pass_through()
            return await self.inner.ask(ask)
        finally:
            self.gate.slots.release()
