"""What calls of models share through a cache: the limits of a provider, and answers."""

import asyncio
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest

from causal_interface_gym.agents.llm.call import Answer, Ask
from causal_interface_gym.agents.llm.policies.limiter import Gate, Limiter
from causal_interface_gym.storage.cache.guarded import cache_at
from causal_interface_gym.storage.cache.models import CacheAnswers, CacheLimits
from causal_interface_gym.storage.cache.seam import Cache
from tests.strategies.asking import answer, question


@pytest.fixture(params=["process", "redis"])
def caches(request: pytest.FixtureRequest) -> Iterator[tuple[Cache, Cache]]:
    """The cache as two processes see it."""
    if request.param == "process":
        own = cache_at()
        yield own, own
        return
    address = str(request.getfixturevalue("cache_address"))
    two = cache_at(address), cache_at(address)
    two[0].flush()
    yield two
    for cache in two:
        cache.close()


class Counting:
    """Counts how many are inside at once, and when each began."""

    def __init__(self) -> None:
        """Start at none."""
        self.inside, self.most, self.starts = 0, 0, list[float]()
        self.began = asyncio.Event()

    async def ask(self, ask: Ask) -> Answer:
        """Stay a while."""
        del ask
        self.starts.append(time.monotonic())
        self.began.set()
        self.inside += 1
        self.most = max(self.most, self.inside)
        await asyncio.sleep(0.02)
        self.inside -= 1
        return answer()


def clients(
    caches: tuple[Cache, Cache], inner: Counting, n_at_once: int, delay_s: float = 0.0
) -> list[Limiter]:
    """One client for each process, behind a gate of its own."""
    return [
        Limiter(inner, Gate(n_at_once, delay_s=delay_s, name="openai", shared=CacheLimits(cache)))
        for cache in caches
    ]


def test_no_more_calls_are_under_way_than_one_provider_allows(
    caches: tuple[Cache, Cache],
) -> None:
    async def run() -> Counting:
        inner = Counting()
        both = clients(caches, inner, n_at_once=3)
        await asyncio.gather(*(client.ask(question()) for client in both for _ in range(8)))
        return inner

    found = asyncio.run(run())
    assert (found.most, len(found.starts)) == (3, 16)


def test_calls_of_all_processes_start_so_far_apart(caches: tuple[Cache, Cache]) -> None:
    async def run() -> Counting:
        inner = Counting()
        both = clients(caches, inner, n_at_once=4, delay_s=0.1)
        await asyncio.gather(*(client.ask(question()) for client in both for _ in range(3)))
        return inner

    starts = sorted(asyncio.run(run()).starts)
    # A call may begin late, so two may be nearer to each other than their turns.
    assert starts[-1] - starts[0] > 0.4
    assert sum(later - sooner > 0.05 for sooner, later in pairwise(starts)) >= 4


def test_a_call_that_is_given_up_gives_its_slot_back(caches: tuple[Cache, Cache]) -> None:
    async def run() -> int:
        inner = Counting()
        first, second = clients(caches, inner, n_at_once=1)
        given_up = asyncio.create_task(first.ask(question()))
        await inner.began.wait()
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up
        await asyncio.wait_for(second.ask(question()), timeout=5)
        return len(inner.starts)

    assert asyncio.run(run()) == 2


def test_an_answer_that_one_process_kept_is_found_by_another(caches: tuple[Cache, Cache]) -> None:
    async def run() -> tuple[Answer | None, Answer | None]:
        first, second = (CacheAnswers(cache) for cache in caches)
        before = await second.get("a" * 64)
        await first.put("a" * 64, answer("0.35"))
        return before, await second.get("a" * 64)

    assert asyncio.run(run()) == (None, answer("0.35"))


def test_an_answer_lives_as_long_as_is_said(caches: tuple[Cache, Cache]) -> None:
    async def run() -> Answer | None:
        kept = CacheAnswers(caches[0], ttl_s=0.05)
        await kept.put("b" * 64, answer())
        await asyncio.sleep(0.1)
        return await kept.get("b" * 64)

    assert asyncio.run(run()) is None
