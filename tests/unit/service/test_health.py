"""Health where a cache is shared, a database is full, or a reply takes too long."""

import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError

from causal_interface_gym.service.limits import Limits, Rates
from causal_interface_gym.storage.cache.guarded import cache_at
from causal_interface_gym.storage.database import reading
from tests.servers.valkey import valkey
from tests.unit.service.served import Service, served

LIST = "/api/v1/episodes"
PAUSE_S = 1.05
"""A finding counts for a second."""


def test_without_its_shared_cache_the_service_is_degraded_and_goes_on(
    engine: Engine, tmp_path: Path
) -> None:
    with valkey() as server:
        cache = cache_at(server.address)
        limits = Limits(cache, lambda: Rates(requests=100))
        with served(engine, tmp_path, limits=limits) as service:
            got = service.get("/health")
            assert (got.status, got.json["status"]) == (200, "ok")
            assert [line["name"] for line in got.json["dependencies"]] == ["database", "redis"]
            server.server.kill()
            time.sleep(PAUSE_S)
            for path in ("/health", "/health/ready"):
                lame = service.get(path)
                assert (lame.status, lame.json["status"]) == (200, "degraded")
                lines = {line["name"]: line["status"] for line in lame.json["dependencies"]}
                assert lines == {"database": "ok", "redis": "degraded"}
                assert server.address.encode() not in lame.body
            assert service.get(LIST).status == 200
            server.server.start()
            time.sleep(PAUSE_S)
            assert service.get("/health").json["status"] == "ok"
        cache.close()


@pytest.mark.parametrize(
    "said", ["database or disk is full", 'could not extend file "base/1": No space left on device']
)
def test_a_database_that_is_full_is_507(
    service: Service, engine: Engine, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        with reading(engine):
            raise OperationalError("INSERT", {}, Exception(said))

    monkeypatch.setattr("causal_interface_gym.service.routes.episodes.begin_episode", fail)
    got = service.post(LIST, {"scenario": "asia-v1"})
    assert (got.status, got.json["type"].split(":")[-1]) == (507, "full")
    assert b"base/1" not in got.body
    assert service.get(LIST).status == 200


def test_a_reply_that_does_not_begin_in_time_is_given_up(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("causal_interface_gym.service.replying.deadline.DEADLINE_S", 0.1)

    def slow() -> list[str]:
        time.sleep(0.4)
        return []

    monkeypatch.setattr("causal_interface_gym.service.routes.scenarios.registry.ids", slow)
    got = service.get("/api/v1/scenarios")
    assert (got.status, got.json["type"].split(":")[-1]) == (503, "deadline")
    assert got.headers["retry-after"] == "5"
    monkeypatch.undo()
    assert service.get(LIST).status == 200
    assert [line["status"] for line in service.lines()] == [503, 200]


def test_a_full_file_refuses_writes_and_goes_on_reading(engine: Engine, tmp_path: Path) -> None:
    with engine.connect() as connection:
        n_pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    def fill(connection: DBAPIConnection, _: object) -> None:
        connection.cursor().execute(f"PRAGMA max_page_count={n_pages}")

    event.listen(engine, "connect", fill)
    engine.dispose()
    with served(engine, tmp_path) as service:
        replies = [service.post(LIST, {"scenario": "asia-v1"}) for _ in range(40)]
        assert {reply.status for reply in replies} <= {201, 507}
        assert replies[-1].status == 507
        n_kept = sum(reply.status == 201 for reply in replies)
        assert len(service.get(LIST).json["items"]) == n_kept
        assert "error" in service.lines()[-2]
    event.remove(engine, "connect", fill)
