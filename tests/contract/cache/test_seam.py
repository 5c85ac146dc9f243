"""What every cache promises, within the process or on a real server."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from threading import Barrier, Event, Lock
from typing import TypeVar
from uuid import uuid4

import pytest
import redis

from causal_interface_gym.errors import DependencyError, RunError
from causal_interface_gym.storage.cache.guarded import GuardedCache, cache_at
from causal_interface_gym.storage.cache.process import MOST_BUDGETS, ProcessCache
from causal_interface_gym.storage.cache.redis_server import RedisCache
from causal_interface_gym.storage.cache.seam import Cache, Hit, Lease, Miss, Wait, held, once

KINDS = ("process", "redis", "guarded")
N_THREADS = 8
Found = TypeVar("Found")


@pytest.fixture(params=KINDS)
def cache(request: pytest.FixtureRequest) -> Iterator[Cache]:
    kind = str(request.param)
    address = "" if kind == "process" else str(request.getfixturevalue("cache_address"))
    made = RedisCache(address) if kind == "redis" else cache_at(address)
    made.flush()
    yield made
    made.flush()
    made.close()


def at_once(act: Callable[[int], Found], n: int = N_THREADS) -> list[Found]:
    """Do something on several threads at the same moment."""
    together = Barrier(n)

    def one(number: int) -> Found:
        together.wait()
        return act(number)

    with ThreadPoolExecutor(n) as pool:
        return list(pool.map(one, range(n)))


def test_an_entry_comes_back_until_it_expires(cache: Cache) -> None:
    assert cache.get("a") == Miss()
    for value in (b"", b"\0\xff" * 1000, b"newer"):
        cache.put("a", value, ttl_s=60)
        assert cache.get("a") == Hit(value)
    assert cache.get("b") == Miss()
    cache.put("short", b"x", ttl_s=0.03)
    time.sleep(0.06)
    assert cache.get("short") == Miss()


def test_any_key_is_a_key(cache: Cache) -> None:
    for key in ("", " ", "ü\n\0", "a:b", "x" * 10_000, "*"):
        cache.put(key, key.encode(), ttl_s=60)
    assert cache.get("ü\n\0") == Hit("ü\n\0".encode())
    assert cache.get("*") == Hit(b"*")
    assert cache.stats().n_entries == 6


def test_flushing_forgets_everything_and_says_how_much(cache: Cache) -> None:
    cache.put("a", b"1", ttl_s=60)
    cache.put("b", b"2", ttl_s=60)
    assert isinstance(cache.enter("openai", limit=1, hold_s=60), Lease)
    cache.turn("openai", delay_s=60)
    found = cache.stats()
    assert (found.n_entries, found.n_limits) == (2, 2)
    assert cache.flush() == 4
    assert cache.get("a") == Miss()
    assert isinstance(cache.enter("openai", limit=1, hold_s=60), Lease)
    assert cache.turn("openai", delay_s=60) == pytest.approx(0, abs=1e-6)
    assert cache.flush() == 2
    assert cache.flush() == 0


def test_hits_and_misses_are_counted(cache: Cache) -> None:
    before = cache.stats()
    cache.put("a", b"1", ttl_s=60)
    for key in ("a", "b", "a"):
        cache.get(key)
    after = cache.stats()
    assert after.n_hits - before.n_hits == 2
    assert after.n_misses - before.n_misses == 1


def test_no_more_hold_a_slot_than_there_are(cache: Cache) -> None:
    limit, inside, most, entered = 3, 0, 0, 0
    lock = Lock()

    def work(_: int) -> None:
        nonlocal inside, most, entered
        for _ in range(3):
            with held(cache, "openai", limit=limit, hold_s=60):
                with lock:
                    inside += 1
                    entered += 1
                    most = max(most, inside)
                time.sleep(0.005)
                with lock:
                    inside -= 1

    at_once(work)
    assert entered == 3 * N_THREADS
    assert most == limit


def test_slots_of_one_name_do_not_count_for_another(cache: Cache) -> None:
    assert isinstance(cache.enter("openai", limit=1, hold_s=60), Lease)
    assert isinstance(cache.enter("google", limit=1, hold_s=60), Lease)
    assert isinstance(cache.claim("openai", hold_s=60), Lease)
    full = cache.enter("openai", limit=1, hold_s=60)
    assert isinstance(full, Wait)
    assert 0 < full.seconds <= 0.05
    assert isinstance(cache.enter("openai", limit=2, hold_s=60), Lease)


def test_a_slot_whose_holder_died_is_free_when_its_lease_runs_out(cache: Cache) -> None:
    dead = cache.enter("openai", limit=1, hold_s=0.05)
    assert isinstance(dead, Lease)
    assert isinstance(cache.enter("openai", limit=1, hold_s=60), Wait)
    time.sleep(0.1)
    alive = cache.enter("openai", limit=1, hold_s=60)
    assert isinstance(alive, Lease)
    # The dead one was only slow: giving back what is no longer his takes nothing from the other.
    cache.leave(dead)
    assert isinstance(cache.enter("openai", limit=1, hold_s=60), Wait)
    cache.leave(alive)
    assert isinstance(cache.enter("openai", limit=1, hold_s=60), Lease)


def test_turns_are_as_far_apart_as_asked_however_many_ask(cache: Cache) -> None:
    delay_s = 0.5
    started = time.monotonic()
    waits = sorted(at_once(lambda _: cache.turn("openai", delay_s=delay_s)))
    took = time.monotonic() - started
    steps = [later - earlier for earlier, later in pairwise(waits)]
    # Each wait is counted from the moment it was asked for, all of which lie within what it took.
    assert all(abs(step - delay_s) <= took for step in steps)
    assert waits[-1] == pytest.approx((N_THREADS - 1) * delay_s, abs=took)


def test_a_turn_comes_at_once_where_nobody_came_lately(cache: Cache) -> None:
    assert cache.turn("openai", delay_s=0.03) == 0
    assert 0 < cache.turn("openai", delay_s=0.03) <= 0.03
    time.sleep(0.08)
    assert cache.turn("openai", delay_s=0) == 0
    assert cache.turn("openai", delay_s=0) == 0
    assert cache.turn("google", delay_s=9) == 0


def test_an_entry_that_many_want_at_once_is_made_once(cache: Cache) -> None:
    calls: list[int] = []

    def make() -> bytes:
        calls.append(threading.get_ident())
        time.sleep(0.1)
        return b"made"

    found = at_once(lambda _: once(cache, "answer", make, ttl_s=60, hold_s=60))
    assert found == [b"made"] * N_THREADS
    assert len(calls) == 1
    assert cache.stats().n_limits == 0


def test_where_the_maker_fails_the_next_one_makes_the_entry(cache: Cache) -> None:
    def fail() -> bytes:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        once(cache, "answer", fail, ttl_s=60, hold_s=60)
    assert once(cache, "answer", lambda: b"made", ttl_s=60, hold_s=60) == b"made"


def test_where_the_maker_died_the_next_one_waits_for_his_claim_to_run_out(cache: Cache) -> None:
    assert isinstance(cache.claim("answer", hold_s=0.2), Lease)
    started = time.monotonic()
    assert once(cache, "answer", lambda: b"made", ttl_s=60, hold_s=60) == b"made"
    assert time.monotonic() - started >= 0.1


def test_flushing_all_the_time_changes_no_result(cache: Cache) -> None:
    is_done = Event()

    def flush() -> None:
        while not is_done.is_set():
            cache.flush()

    def work(_: int) -> list[bytes]:
        made = []
        for n in range(20):
            text = str(n % 5).encode()
            with held(cache, "openai", limit=2, hold_s=5):
                made.append(once(cache, f"n{n % 5}", partial(text.__mul__, 3), ttl_s=60, hold_s=5))
            cache.turn("openai", delay_s=0)
        return made

    flusher = threading.Thread(target=flush)
    flusher.start()
    try:
        found = at_once(work)
    finally:
        is_done.set()
        flusher.join()
    assert found == [[str(n % 5).encode() * 3 for n in range(20)]] * N_THREADS


def test_two_processes_share_slots_entries_and_turns(cache_address: str) -> None:
    one, other = cache_at(cache_address), cache_at(cache_address)
    one.flush()
    one.put("a", b"1", ttl_s=60)
    assert other.get("a") == Hit(b"1")
    slot = one.enter("openai", limit=1, hold_s=60)
    assert isinstance(slot, Lease)
    assert isinstance(other.enter("openai", limit=1, hold_s=60), Wait)
    one.leave(slot)
    assert isinstance(other.enter("openai", limit=1, hold_s=60), Lease)
    assert one.turn("openai", delay_s=60) == 0
    assert 59 < other.turn("openai", delay_s=60) <= 60
    for cache in (one, other):
        cache.flush()
        cache.close()


def test_flushing_leaves_what_others_keep_on_the_server(cache_address: str) -> None:
    others = redis.Redis.from_url(cache_address)
    name = f"others:{uuid4().hex}"
    others.set(name, "theirs", ex=60)
    cache = RedisCache(cache_address)
    cache.put("a", b"1", ttl_s=60)
    for n in range(1100):
        cache.put(f"many {n}", b"1", ttl_s=60)
    assert cache.flush() == 1101
    assert others.get(name) == b"theirs"
    others.delete(name)
    others.close()
    cache.close()


def test_an_entry_stays_no_longer_than_there_is_room_in_the_process() -> None:
    cache = ProcessCache(most_bytes=30)
    for key in ("a", "b", "c"):
        cache.put(key, b"x" * 10, ttl_s=60)
    cache.get("a")
    cache.put("d", b"x" * 10, ttl_s=60)
    assert [isinstance(cache.get(key), Hit) for key in "abcd"] == [True, False, True, True]
    cache.put("huge", b"x" * 31, ttl_s=60)
    assert cache.get("huge") == Miss()
    cache.put("a", b"x" * 30, ttl_s=60)
    assert cache.stats().n_entries == 1


def test_time_in_the_process_is_the_clock_that_was_given() -> None:
    now = 100.0
    cache = ProcessCache(clock=lambda: now)
    cache.put("a", b"1", ttl_s=10)
    assert cache.turn("x", delay_s=10) == 0
    now += 9
    assert cache.get("a") == Hit(b"1")
    assert cache.turn("x", delay_s=10) == 1
    now += 1
    assert cache.get("a") == Miss()
    assert cache.stats().n_limits == 1


def test_an_address_of_something_else_is_refused_without_showing_it() -> None:
    with pytest.raises(RunError, match="give redis://") as refused:
        cache_at("http://user:hush-hush@host/0")
    assert "hush" not in str(refused.value)


def test_a_server_that_wants_a_password_is_a_refusal_and_shows_none(cache_address: str) -> None:
    cache = RedisCache(cache_address.replace("redis://", "redis://nobody:hush-hush@"))
    with pytest.raises(DependencyError, match="mend its address") as refused:
        cache.get("a")
    assert "hush" not in str(refused.value)
    cache.close()


def test_after_a_refusal_one_call_at_a_time_tries_again() -> None:
    now, asked = 0.0, 0

    class Failing(ProcessCache):
        is_down = True

        def get(self, key: str) -> Hit | Miss:
            nonlocal asked
            asked += 1
            if self.is_down:
                raise DependencyError("down")
            return super().get(key)

    shared = Failing()
    cache = GuardedCache(shared, open_s=2, clock=lambda: now)
    for _ in range(5):
        assert cache.get("a") == Miss()
    assert (asked, cache.is_degraded) == (1, True)
    now = 2.0
    for _ in range(5):
        cache.get("a")
    assert (asked, cache.is_degraded) == (2, True)
    now, shared.is_down = 4.0, False
    shared.put("a", b"theirs", ttl_s=60)
    assert cache.get("a") == Hit(b"theirs")
    assert not cache.is_degraded
    for _ in range(5):
        cache.get("a")
    assert asked == 8


def test_a_budget_is_spent_and_says_how_much_is_left_and_when_there_is_more(cache: Cache) -> None:
    found = [cache.spend("ada", budget=7, per_s=3600) for _ in range(9)]
    assert [allowed.left for allowed in found] == [6, 5, 4, 3, 2, 1, 0, 0, 0]
    assert [allowed.is_given for allowed in found] == [True] * 7 + [False] * 2
    step = 3600 / 7
    assert found[0].full_s == pytest.approx(step, abs=1)
    # Who is refused spends nothing, so the second refusal waits no longer than the first.
    assert found[7].wait_s == pytest.approx(step, abs=2)
    assert found[8].wait_s <= found[7].wait_s
    assert found[8].full_s == pytest.approx(3600, abs=2)
    assert cache.spend("ben", budget=7, per_s=3600).left == 6
    assert cache.stats().n_limits == 2
    cache.flush()
    assert cache.spend("ada", budget=7, per_s=3600).left == 6


def test_a_budget_fills_up_evenly(cache: Cache) -> None:
    assert cache.spend("ada", budget=2, per_s=0.2).is_given
    assert cache.spend("ada", budget=2, per_s=0.2).is_given
    refused = cache.spend("ada", budget=2, per_s=0.2)
    if not refused.is_given:  # else the machine was slow, and there was more already
        time.sleep(refused.wait_s)
    assert cache.spend("ada", budget=2, per_s=0.2).is_given


def test_no_more_is_given_than_the_budget_has_however_many_ask(cache: Cache) -> None:
    given = at_once(lambda _: cache.spend("ada", budget=3, per_s=3600).is_given)
    assert sum(given) == 3


def test_a_process_counts_no_more_budgets_than_it_can_hold() -> None:
    now = 0.0
    cache = ProcessCache(clock=lambda: now)
    for number in range(MOST_BUDGETS):
        cache.spend(f"short {number}", budget=10, per_s=1)
    now = 5.0
    cache.spend("late", budget=10, per_s=60)
    assert cache.stats().n_limits == 1
    for number in range(MOST_BUDGETS + 1):
        now += 0.001
        cache.spend(f"long {number}", budget=1, per_s=3600)
    assert cache.stats().n_limits <= MOST_BUDGETS
    # Those that asked last are not forgotten.
    assert not cache.spend(f"long {MOST_BUDGETS}", budget=1, per_s=3600).is_given


def test_a_cache_says_whether_it_answers(cache: Cache) -> None:
    cache.ping()
