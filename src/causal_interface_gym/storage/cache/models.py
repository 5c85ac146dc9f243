"""What calls of models share through a cache: limits of a provider, and answers that may be kept.

A cache that fails is none to them: behind ``cache_at`` each process goes on with its own.
"""

import asyncio
import json
from dataclasses import asdict, dataclass
from typing import Final

from causal_interface_gym.agents.llm.call import Answer
from causal_interface_gym.agents.llm.records import read_answer
from causal_interface_gym.storage.cache.seam import Cache, Hit, Lease, Wait

__all__ = ["CacheAnswers", "CacheLimits"]

_LONGEST_WAIT_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class CacheLimits:
    """Slots and turns of providers, as ``SharedLimits``.

    ``hold_s`` is longer than a call may take: so long is the slot of a process that died taken.
    """

    cache: Cache
    hold_s: float = 300.0

    async def enter(self, name: str, limit: int) -> object:
        """Wait for one of ``limit`` slots, and give the lease."""
        while True:
            slot = await asyncio.to_thread(
                self.cache.enter, f"llm:{name}", limit=limit, hold_s=self.hold_s
            )
            if not isinstance(slot, Wait):
                return slot
            await asyncio.sleep(min(slot.seconds, _LONGEST_WAIT_S))

    async def leave(self, held: object) -> None:
        """Give a slot back."""
        if isinstance(held, Lease):
            await asyncio.to_thread(self.cache.leave, held)

    async def turn(self, name: str, delay_s: float) -> float:
        """Take the next turn, and give the seconds until it comes."""
        return await asyncio.to_thread(self.cache.turn, f"llm:{name}", delay_s=delay_s)


@dataclass(frozen=True, slots=True)
class CacheAnswers:
    """Answers by the hash of their question, each for ``ttl_s`` seconds, as ``CachedAnswers``."""

    cache: Cache
    ttl_s: float = 86_400.0

    async def get(self, key: str) -> Answer | None:
        """Give the answer, unless there is none or it is too old."""
        found = await asyncio.to_thread(self.cache.get, f"llm:answer:{key}")
        return read_answer(json.loads(found.value)) if isinstance(found, Hit) else None

    async def put(self, key: str, answer: Answer) -> None:
        """Keep an answer in the place of an older one."""
        body = json.dumps(asdict(answer)).encode()
        await asyncio.to_thread(self.cache.put, f"llm:answer:{key}", body, ttl_s=self.ttl_s)
