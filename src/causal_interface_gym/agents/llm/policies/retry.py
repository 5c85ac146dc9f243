"""The one place that asks again: after outages only, with a random wait, until the deadline.

The wait is drawn evenly between 0 and a bound that doubles (full jitter), so that callers which
failed together do not come back together. A wait that the provider asked for is honoured up to a
cap. What cannot end before the deadline is not begun.

Source:
    [brooker2015].
"""

import asyncio
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from causal_interface_gym.agents.llm.call import Answer, Ask, Client
from causal_interface_gym.agents.llm.policies.clock import CLOCK, Clock
from causal_interface_gym.errors import OutageError, TimedOutError

__all__ = ["ATTEMPT", "Patience", "Retry"]

ATTEMPT: Final[ContextVar[int]] = ContextVar("attempt", default=1)
"""Which attempt at a question is being made, from 1."""


_GRACE_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long to try again."""

    n_attempts: int = 6
    first_wait_s: float = 0.5
    longest_wait_s: float = 30.0
    longest_asked_wait_s: float = 60.0
    attempt_s: float = 120.0

    def bound_s(self, attempt: int) -> float:
        """The longest wait after a failed attempt, counted from 1."""
        return min(self.first_wait_s * 2.0 ** (attempt - 1), self.longest_wait_s)


@dataclass(frozen=True, slots=True)
class Retry:
    """A client that asks again."""

    inner: Client
    patience: Patience = field(default_factory=Patience)
    clock: Clock = CLOCK
    # Waits need no repeatable seed: they change when, never what.
    rng: np.random.Generator = field(default_factory=np.random.default_rng)
    provider: str = ""

    async def ask(self, ask: Ask) -> Answer:
        """Ask until there is an answer, a failure that will not pass, or no time left.

        Raises:
            ProviderError: The last failure.
            TimedOutError: The deadline came while an attempt was under way.
        """
        deadline = self.clock.now() + ask.deadline_s
        attempt = 1
        while True:
            try:
                return await self._attempt(ask, attempt, deadline - self.clock.now())
            except OutageError as failure:
                wait = self._wait_s(failure, attempt)
                if attempt >= self.patience.n_attempts or self.clock.now() + wait >= deadline:
                    raise
            await self.clock.sleep(wait)
            attempt += 1

    async def _attempt(self, ask: Ask, attempt: int, left_s: float) -> Answer:
        """Ask once; the limiter's queue counts towards the deadline, not towards the attempt."""
        token = ATTEMPT.set(attempt)
        try:
            # An attempt ends by itself a moment earlier, and says more.
            async with asyncio.timeout(left_s + _GRACE_S):
                allowed = min(left_s, self.patience.attempt_s)
                return await self.inner.ask(replace(ask, deadline_s=allowed))
        except TimeoutError:
            message = f"no whole answer within {ask.deadline_s:g} s"
            raise TimedOutError(message, provider=self.provider) from None
        finally:
            ATTEMPT.reset(token)

    def _wait_s(self, failure: OutageError, attempt: int) -> float:
        drawn = self.rng.uniform(0.0, self.patience.bound_s(attempt))
        asked = min(failure.retry_after_s, self.patience.longest_asked_wait_s)
        return asked + drawn if asked > 0 else drawn
