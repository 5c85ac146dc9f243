"""The limiter and the circuit breaker, by a clock that only waiting moves."""

import asyncio
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_interface_gym.agents.llm.call import Answer, Ask
from causal_interface_gym.agents.llm.policies.breaker import Breaker, Circuit
from causal_interface_gym.agents.llm.policies.fallback import Fallback
from causal_interface_gym.agents.llm.policies.limiter import Gate, Limiter
from causal_interface_gym.errors import (
    AuthenticationError,
    BudgetError,
    InvalidOutputError,
    OverloadedError,
    ProviderError,
    StoppingError,
    UnreachableError,
)
from tests.strategies.asking import Played, Scripted, answer, fake_clock, question

BUSY = OverloadedError("busy")


class Counting:
    """Counts how many are inside at once, and when each began."""

    def __init__(self, played: Played) -> None:
        """Start at none."""
        self.inside, self.most, self.starts = 0, 0, list[float]()
        self.now = fake_clock(played).now

    async def ask(self, ask: Ask) -> Answer:
        """Stay a while."""
        del ask
        self.starts.append(self.now())
        self.inside += 1
        self.most = max(self.most, self.inside)
        for _ in range(3):
            await asyncio.sleep(0)
        self.inside -= 1
        return answer()


@given(n_at_once=st.integers(1, 5), n_calls=st.integers(1, 20))
def test_never_more_than_so_many_are_inside(n_at_once: int, n_calls: int) -> None:
    async def run() -> Counting:
        inner = Counting(Played())
        client = Limiter(inner, Gate(n_at_once))
        await asyncio.gather(*(client.ask(question()) for _ in range(n_calls)))
        return inner

    assert asyncio.run(run()).most == min(n_at_once, n_calls)


@given(delay_s=st.floats(0.01, 10), n_calls=st.integers(2, 10), n_at_once=st.integers(1, 5))
def test_starts_are_at_least_the_delay_apart(delay_s: float, n_calls: int, n_at_once: int) -> None:
    played = Played()

    async def run() -> list[float]:
        inner = Counting(played)
        client = Limiter(inner, Gate(n_at_once, delay_s=delay_s, clock=fake_clock(played)))
        await asyncio.gather(*(client.ask(question()) for _ in range(n_calls)))
        return inner.starts

    starts = asyncio.run(run())
    assert all(b - a >= delay_s * 0.999 for a, b in pairwise(starts))
    assert starts[-1] - starts[0] <= delay_s * n_calls


def test_starts_are_apart_by_the_machines_own_clock() -> None:
    async def run() -> list[float]:
        inner = Counting(Played())
        inner.now = time.monotonic
        client = Limiter(inner, Gate(5, delay_s=0.03))
        await asyncio.gather(*(client.ask(question()) for _ in range(4)))
        return inner.starts

    assert all(later - earlier >= 0.029 for earlier, later in pairwise(asyncio.run(run())))


def test_a_failure_frees_its_place() -> None:
    async def run() -> None:
        client = Limiter(Scripted([BUSY, answer()]), Gate(1))
        with pytest.raises(OverloadedError):
            await client.ask(question())
        assert await client.ask(question()) == answer()

    asyncio.run(run())


def outcomes(client: Breaker, n: int) -> list[str]:
    async def run() -> list[str]:
        found = []
        for _ in range(n):
            try:
                await client.ask(question())
                found.append("answer")
            except ProviderError as failure:
                found.append("spared" if "not asked" in str(failure) else "asked")
        return found

    return asyncio.run(run())


def test_a_circuit_opens_after_so_many_failures_and_spares_the_provider() -> None:
    played = Played()
    inner = Scripted([BUSY])
    client = Breaker(inner, Circuit(3, 15, fake_clock(played)))
    assert outcomes(client, 5) == ["asked"] * 3 + ["spared"] * 2
    assert len(inner.seen) == 3
    with pytest.raises(OverloadedError) as caught:
        asyncio.run(client.ask(question()))
    assert caught.value.retry_after_s == 15


def test_one_call_probes_after_the_rest_and_its_fate_decides() -> None:
    played = Played()
    client = Breaker(Scripted([BUSY, BUSY, BUSY, answer()]), Circuit(2, 15, fake_clock(played)))
    assert outcomes(client, 3) == ["asked", "asked", "spared"]
    played.at += 15
    assert outcomes(client, 2) == ["asked", "spared"]
    played.at += 15
    assert outcomes(client, 2) == ["answer", "answer"]


def test_only_one_call_probes_at_a_time() -> None:
    played = Played()
    inner = Scripted([BUSY, answer()], wait_s=0.01)
    client = Breaker(inner, Circuit(1, 15, fake_clock(played)))
    assert outcomes(client, 1) == ["asked"]
    played.at += 15

    async def two() -> list[object]:
        both = (client.ask(question()), client.ask(question()))
        return list(await asyncio.gather(*both, return_exceptions=True))

    found = asyncio.run(two())
    assert found[0] == answer()
    assert isinstance(found[1], OverloadedError)


@pytest.mark.parametrize("step", [answer(), InvalidOutputError("x"), AuthenticationError("y")])
def test_whatever_is_no_outage_proves_that_the_provider_serves(
    step: Answer | ProviderError,
) -> None:
    client = Breaker(Scripted([BUSY, step, BUSY, step]), Circuit(2, 15, fake_clock(Played())))
    assert "spared" not in outcomes(client, 8)


@pytest.mark.parametrize(
    "failure", [BUSY, UnreachableError("gone"), AuthenticationError("key"), StoppingError("quota")]
)
def test_the_next_model_answers_when_one_is_down(failure: ProviderError) -> None:
    client = Fallback((Scripted([failure]), Scripted([answer(model="second")])))
    assert asyncio.run(client.ask(question())).model == "second"


@pytest.mark.parametrize("failure", [InvalidOutputError("x"), BudgetError("spent")])
def test_a_bad_reply_and_a_spent_budget_are_no_reason_for_another_model(
    failure: ProviderError,
) -> None:
    second = Scripted([answer()])
    with pytest.raises(type(failure)):
        asyncio.run(Fallback((Scripted([failure]), second)).ask(question()))
    assert second.seen == []


def test_the_last_failure_is_given_when_all_are_down() -> None:
    client = Fallback((Scripted([BUSY]), Scripted([UnreachableError("gone")])))
    with pytest.raises(UnreachableError):
        asyncio.run(client.ask(question()))
