"""A cache server that is killed, hung or flushed costs a moment and no result."""

import signal
import time
from collections.abc import Iterator
from functools import partial
from threading import Event, Thread

import pytest

from causal_interface_gym.errors import DependencyError
from causal_interface_gym.storage.cache.guarded import GuardedCache
from causal_interface_gym.storage.cache.redis_server import RedisCache
from causal_interface_gym.storage.cache.seam import Hit, Lease, Miss, Wait, held, once
from tests.servers.process import Server, free_port
from tests.servers.valkey import Valkey, valkey

OPEN_S = 0.3
WITHIN_S = 1.0
"""The circuit is open, and the answer there, after so long at most."""


@pytest.fixture
def own_server() -> Iterator[Valkey]:
    """A server that may be killed."""
    with valkey() as server:
        yield server


@pytest.fixture
def guarded(own_server: Valkey) -> Iterator[GuardedCache]:
    cache = GuardedCache(RedisCache(own_server.address), open_s=OPEN_S)
    yield cache
    cache.close()


def degraded(cache: GuardedCache) -> bool:
    """Look anew; the type checker takes an attribute for what it was."""
    return cache.is_degraded


def hang(server: Server) -> None:
    server.signal(signal.SIGSTOP)


def kill(server: Server) -> None:
    server.kill()


def wake(server: Server) -> None:
    server.signal(signal.SIGCONT)


def start(server: Server) -> None:
    server.start()


FAULTS = {"hung": (hang, wake), "killed": (kill, start)}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_server_that_is_gone_is_replaced_within_a_second_and_used_again_when_back(
    own_server: Valkey, guarded: GuardedCache, fault: str
) -> None:
    break_, mend = FAULTS[fault]
    guarded.put("a", b"shared", ttl_s=60)
    slot = guarded.enter("openai", limit=1, hold_s=60)
    assert isinstance(slot, Lease)
    assert slot.is_own is False
    break_(own_server.server)
    started = time.monotonic()
    assert guarded.get("a") == Miss()
    assert time.monotonic() - started < WITHIN_S
    assert guarded.is_degraded
    # While the circuit is open nobody waits for the server.
    started = time.monotonic()
    own = guarded.enter("openai", limit=1, hold_s=60)
    assert isinstance(own, Lease)
    assert own.is_own
    assert isinstance(guarded.enter("openai", limit=1, hold_s=60), Wait)
    guarded.put("b", b"own", ttl_s=60)
    assert guarded.get("b") == Hit(b"own")
    guarded.leave(slot)
    guarded.leave(own)
    assert time.monotonic() - started < WITHIN_S
    mend(own_server.server)
    give_up = time.monotonic() + 10
    while degraded(guarded) and time.monotonic() < give_up:
        time.sleep(0.05)
        guarded.get("a")
    assert not degraded(guarded)
    assert guarded.get("b") == Miss()
    assert guarded.get("a") == (Hit(b"shared") if fault == "hung" else Miss())


@pytest.mark.parametrize("fault", FAULTS)
def test_work_goes_on_and_gives_the_same_while_the_server_comes_and_goes(
    own_server: Valkey, guarded: GuardedCache, fault: str
) -> None:
    break_, mend = FAULTS[fault]
    is_done = Event()

    def disturb() -> None:
        while not is_done.is_set():
            break_(own_server.server)
            is_done.wait(0.2)
            mend(own_server.server)
            is_done.wait(0.2)

    disturber = Thread(target=disturb)
    disturber.start()
    made = []
    give_up = time.monotonic() + 3
    n = 0
    try:
        while n < 30 or time.monotonic() < give_up:
            text = str(n % 7).encode()
            with held(guarded, "openai", limit=2, hold_s=1):
                made.append(
                    once(guarded, f"n{n % 7}", partial(text.__mul__, 2), ttl_s=60, hold_s=1)
                )
            n += 1
    finally:
        is_done.set()
        disturber.join()
    assert made == [str(number % 7).encode() * 2 for number in range(n)]


def test_a_server_that_never_was_there_is_said_to_be_down() -> None:
    address = f"redis://127.0.0.1:{free_port()}/0"
    cache = RedisCache(address)
    started = time.monotonic()
    with pytest.raises(DependencyError, match="cannot be used; start its server"):
        cache.stats()
    assert time.monotonic() - started < WITHIN_S
    cache.close()
    guarded = GuardedCache(RedisCache(address))
    guarded.put("a", b"own", ttl_s=60)
    assert guarded.get("a") == Hit(b"own")
    assert guarded.flush() == 1
    guarded.close()
