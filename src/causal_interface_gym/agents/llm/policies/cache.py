"""Answers that were given before, for questions whose content is the same to the letter.

Off unless somebody asks for it: a scored run samples anew. Equal questions that are under way at
the same time are asked once. Only whole replies are kept: ended by the model, and under a schema
an object with every required field.
"""

import asyncio
import json
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import Final, Literal, Protocol

from causal_interface_gym.agents.llm.call import Answer, Ask, Client
from causal_interface_gym.agents.llm.policies.clock import CLOCK, Clock
from causal_interface_gym.agents.llm.records import content_key
from causal_interface_gym.errors import ReplayError

__all__ = ["CacheMode", "CachedAnswers", "Caching", "MemoryAnswers"]

CacheMode = Literal["record", "replay"]
"""``record`` keeps new answers and gives kept ones; ``replay`` gives kept ones or fails."""

_MOST: Final = 10_000


class CachedAnswers(Protocol):
    """Where answers are kept, by the hash of their question."""

    async def get(self, key: str) -> Answer | None:
        """Give the answer, unless there is none or it is too old."""
        ...

    async def put(self, key: str, answer: Answer) -> None:
        """Keep an answer."""
        ...


@dataclass(slots=True)
class MemoryAnswers:
    """The last ten thousand answers, each for ``ttl_s`` seconds."""

    ttl_s: float = 3_600.0
    clock: Clock = CLOCK
    _kept: OrderedDict[str, tuple[float, Answer]] = field(default_factory=OrderedDict)

    async def get(self, key: str) -> Answer | None:
        """Give the answer, unless there is none or it is too old."""
        kept_at, answer = self._kept.get(key, (0.0, None))
        if answer is not None and self.clock.now() - kept_at > self.ttl_s:
            del self._kept[key]
            return None
        return answer

    async def put(self, key: str, answer: Answer) -> None:
        """Keep an answer, and let the oldest go."""
        self._kept[key] = (self.clock.now(), answer)
        while len(self._kept) > _MOST:
            self._kept.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Caching:
    """A client that remembers."""

    inner: Client
    answers: CachedAnswers
    provider: str
    model: str
    mode: CacheMode = "record"
    _under_way: dict[str, asyncio.Future[Answer | None]] = field(default_factory=dict)

    async def ask(self, ask: Ask) -> Answer:
        """Give a kept answer, free and marked as stored, or ask.

        Raises:
            ReplayError: Nothing is kept and ``mode`` is ``replay``.
            ProviderError: There is no answer.
        """
        key = content_key(self.provider, self.model, ask)
        while (waited := self._under_way.get(key)) is not None:
            # Shielded: one caller's end must not take the answer from the others.
            answer = await asyncio.shield(waited)
            if answer is not None:
                return _free(answer)
        found = await self.answers.get(key)
        if found is not None:
            return _free(found)
        if self.mode == "replay":
            message = f"the cache has no answer for call {ask.label!r} of trial {ask.trial}"
            raise ReplayError(message, provider=self.provider)
        return await self._asked(ask, key)

    async def _asked(self, ask: Ask, key: str) -> Answer:
        if key in self._under_way:  # another began while the store was looked up
            return await self.ask(ask)
        self._under_way[key] = future = asyncio.get_running_loop().create_future()
        shared: Answer | None = None
        try:
            answer = await self.inner.ask(ask)
            if _is_whole(answer, ask):
                await self.answers.put(key, answer)
                shared = answer
            return answer
        finally:
            # Whoever waits for a failure asks anew.
            del self._under_way[key]
            future.set_result(shared)


def _free(answer: Answer) -> Answer:
    return replace(answer, is_stored=True, cost_usd=0.0)


def _is_whole(answer: Answer, ask: Ask) -> bool:
    if answer.finish != "stop" or ask.schema is None:
        return answer.finish == "stop"
    try:
        found = json.loads(answer.text)
    except ValueError:
        return False
    return isinstance(found, dict) and found.keys() >= set(ask.schema.get("required", ()))
