"""Asking again: after outages only, with a wait that is drawn or asked for, until the deadline."""

import asyncio
import time
from collections.abc import Sequence

import numpy as np
import pytest

from causal_interface_gym.agents.llm.call import Answer, Ask
from causal_interface_gym.agents.llm.policies.retry import ATTEMPT, Patience, Retry
from causal_interface_gym.errors import (
    AuthenticationError,
    BadRequestError,
    BudgetError,
    InvalidOutputError,
    OverloadedError,
    ProviderError,
    RateLimitedError,
    StoppingError,
    TimedOutError,
    UnreachableError,
)
from tests.strategies.asking import Played, Scripted, answer, fake_clock, question

OUTAGES: Sequence[ProviderError] = (
    RateLimitedError("many"),
    OverloadedError("busy"),
    TimedOutError("late"),
    UnreachableError("gone"),
)
FINAL: Sequence[ProviderError] = (
    AuthenticationError("key"),
    BudgetError("spent"),
    StoppingError("no model"),
    BadRequestError("form"),
    InvalidOutputError("prose"),
)


def retrying(
    script: Sequence[Answer | ProviderError],
    played: Played,
    patience: Patience = Patience(),  # noqa: B008 - frozen
) -> Retry:
    rng = np.random.default_rng(1)
    return Retry(Scripted(script), patience, fake_clock(played), rng)


@pytest.mark.parametrize("outage", OUTAGES, ids=lambda e: type(e).__name__)
def test_an_outage_is_asked_again_until_there_is_an_answer(outage: ProviderError) -> None:
    time = Played()
    client = retrying([outage, outage, answer()], time)
    assert asyncio.run(client.ask(question(deadline_s=100))) == answer()
    assert len(time.waits) == 2


@pytest.mark.parametrize("failure", FINAL, ids=lambda e: type(e).__name__)
def test_what_will_not_pass_is_asked_once(failure: ProviderError) -> None:
    time = Played()
    client = retrying([failure, answer()], time)
    with pytest.raises(type(failure)):
        asyncio.run(client.ask(question()))
    assert time.waits == []


def test_the_last_failure_is_given_when_the_attempts_are_used_up() -> None:
    time = Played()
    client = retrying(
        [UnreachableError("gone"), OverloadedError("busy")], time, Patience(n_attempts=4)
    )
    with pytest.raises(OverloadedError, match="busy"):
        asyncio.run(client.ask(question(deadline_s=1_000)))
    assert len(time.waits) == 3


def test_waits_are_drawn_below_a_bound_that_doubles_up_to_a_cap() -> None:
    time = Played()
    client = retrying([OverloadedError("busy")], time, Patience(n_attempts=9, first_wait_s=1))
    with pytest.raises(OverloadedError):
        asyncio.run(client.ask(question(deadline_s=10_000)))
    bounds = [1, 2, 4, 8, 16, 30, 30, 30]
    assert all(0 <= wait <= bound for wait, bound in zip(time.waits, bounds, strict=True))
    assert len({round(wait, 9) for wait in time.waits}) == 8


@pytest.mark.parametrize(("said", "least", "most"), [(7.0, 7.0, 7.5), (600.0, 60.0, 60.5)])
def test_a_wait_that_is_asked_for_is_honoured_up_to_a_cap(
    said: float, least: float, most: float
) -> None:
    time = Played()
    client = retrying([RateLimitedError("many", retry_after_s=said), answer()], time)
    asyncio.run(client.ask(question(deadline_s=1_000)))
    assert least <= time.waits[0] <= most


def test_a_wait_that_would_pass_the_deadline_is_not_begun() -> None:
    time = Played()
    client = retrying([RateLimitedError("many", retry_after_s=50)], time)
    with pytest.raises(RateLimitedError):
        asyncio.run(client.ask(question(deadline_s=40)))
    assert time.waits == []


def test_an_attempt_may_take_what_is_left_and_no_more() -> None:
    time = Played()
    client = retrying([OverloadedError("busy", retry_after_s=30), answer()], time)
    asyncio.run(client.ask(question(deadline_s=100)))
    inner = client.inner
    assert isinstance(inner, Scripted)
    assert inner.seen[0].deadline_s == 100
    assert 69 < inner.seen[1].deadline_s <= 70


def test_a_call_that_hangs_ends_at_the_deadline() -> None:
    client = Retry(Scripted([answer()], wait_s=30))
    began = time.monotonic()
    with pytest.raises(TimedOutError, match=r"within 0\.1 s"):
        asyncio.run(client.ask(question(deadline_s=0.1)))
    assert time.monotonic() - began < 5


def test_the_number_of_an_attempt_is_known_within_it() -> None:
    seen: list[int] = []

    class Watching:
        async def ask(self, ask: Ask) -> Answer:
            del ask
            seen.append(ATTEMPT.get())
            if len(seen) < 3:
                raise OverloadedError("busy")
            return answer()

    played = Played()
    asyncio.run(Retry(Watching(), Patience(), fake_clock(played)).ask(question(deadline_s=100)))
    assert seen == [1, 2, 3]
    assert ATTEMPT.get() == 1
