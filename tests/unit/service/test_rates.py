"""Limits of requests: per key or address, over all replicas, and gone when the cache is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from causal_interface_gym.errors import DependencyError
from causal_interface_gym.service.limits import FRESH_S, Limits, Rates, place_of
from causal_interface_gym.service.server import limits_at
from causal_interface_gym.storage.cache.guarded import cache_at
from causal_interface_gym.storage.cache.process import ProcessCache
from causal_interface_gym.storage.cache.seam import Cache
from causal_interface_gym.storage.service.accounts import Role, create_key
from causal_interface_gym.storage.service.runtime import change_setting
from tests.unit.service.served import Service, served

LIST = "/api/v1/episodes"
BAD = "cig_0123456789ab_" + "a" * 43


@pytest.fixture(params=("process", "redis"))
def cache(request: pytest.FixtureRequest) -> Iterator[Cache]:
    """A cache of each kind, empty."""
    is_shared = str(request.param) == "redis"
    made = cache_at(str(request.getfixturevalue("cache_address")) if is_shared else "")
    made.flush()
    yield made
    made.flush()
    made.close()


def test_whoever_asks_too_often_is_told_when_to_come_back(
    engine: Engine, tmp_path: Path, cache: Cache
) -> None:
    limits = Limits(cache, lambda: Rates(requests=3))
    with served(engine, tmp_path, limits=limits) as service:
        replies = [service.get(LIST) for _ in range(5)]
        assert [reply.status for reply in replies] == [200] * 3 + [429] * 2
        assert replies[0].headers["ratelimit-policy"] == '"requests";q=3;w=60'
        assert [reply.headers["ratelimit"].split(";")[1] for reply in replies] == [
            "r=2",
            "r=1",
            "r=0",
            "r=0",
            "r=0",
        ]
        assert 1 <= int(replies[3].headers["retry-after"]) <= 20
        assert "3 requests a minute" in replies[3].json["detail"]
        # What a balancer asks is never refused.
        assert service.get("/health").status == 200
        # Flushed, the budget begins anew and no result is another.
        cache.flush()
        assert service.get(LIST).body == replies[0].body


def test_each_key_has_its_own_budget_and_replicas_share_it(
    engine: Engine, tmp_path: Path, cache: Cache
) -> None:
    ada, ben = (create_key(engine, name, Role.VIEWER, actor="test") for name in ("ada", "ben"))
    limits = [Limits(cache, lambda: Rates(requests=4)) for _ in range(2)]
    with (
        served(engine, tmp_path, needs_key=True, limits=limits[0]) as first,
        served(engine, tmp_path, needs_key=True, limits=limits[1]) as second,
    ):

        def ask(service: Service, key: str) -> int:
            return service.get(LIST, Authorization=f"Bearer {key}").status

        assert [ask(s, ada.key) for s in (first, second) * 3] == [200] * 4 + [429] * 2
        assert ask(first, ben.key) == 200


def test_whoever_tries_keys_is_stopped_and_a_good_key_still_opens(
    engine: Engine, tmp_path: Path
) -> None:
    good = create_key(engine, "ada", Role.VIEWER, actor="test")
    limits = Limits(ProcessCache(), lambda: Rates(refused=3))
    with served(engine, tmp_path, needs_key=True, limits=limits) as service:
        tried = [service.get(LIST, Authorization=f"Bearer {BAD}").status for _ in range(4)]
        assert (tried, service.get(LIST).status) == ([401] * 3 + [429], 429)
        assert service.get(LIST, Authorization=f"Bearer {good.key}").status == 200


def test_behind_a_gateway_an_address_is_that_of_its_caller(engine: Engine, tmp_path: Path) -> None:
    create_key(engine, "ada", Role.VIEWER, actor="test")
    limits = Limits(ProcessCache(), lambda: Rates(refused=1))
    with served(engine, tmp_path, needs_key=True, limits=limits) as service:

        def ask(address: str) -> int:
            return service.get(LIST, X_Forwarded_For=address).status

        assert [ask("192.0.2.1"), ask("192.0.2.2"), ask("192.0.2.1")] == [401, 401, 429]
        # Whatever stands before what the gateway itself added is only said.
        assert ask("203.0.113.9, 192.0.2.2") == 429


def test_a_gateway_that_lets_others_in_opens_nothing_without_keys(service: Service) -> None:
    assert service.get(LIST).status == 200
    assert service.get(LIST, X_Forwarded_For="192.0.2.1").status == 401


def test_a_subscriber_of_version_6_is_one_place() -> None:
    assert place_of("2001:db8::1") == place_of("2001:db8::ffff:2") != place_of("2001:db8:0:1::1")
    assert place_of("a socket") == "a socket"


def test_the_rates_are_settings_that_hold_within_seconds(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_REQUESTS_PER_MINUTE", "7")
    limits = limits_at(engine, ProcessCache())
    found = limits.spend("ada")
    assert found is not None
    assert found[1] == 7
    change_setting(engine, "API_REQUESTS_PER_MINUTE", "0", actor="test")
    assert limits_at(engine, ProcessCache()).spend("ada") is None


def test_rates_that_cannot_be_looked_up_stay_as_they_were() -> None:
    now, asked = 0.0, 0

    def rates() -> Rates:
        nonlocal asked
        asked += 1
        if asked > 1:
            message = "the database is away"
            raise DependencyError(message)
        return Rates(requests=5)

    limits = Limits(ProcessCache(), rates, clock=lambda: now)
    for now in (0.0, FRESH_S / 2, FRESH_S, 3 * FRESH_S):  # noqa: B007 - the clock reads it
        found = limits.spend("ada")
        assert found is not None
        assert found[1] == 5
    assert asked == 3
