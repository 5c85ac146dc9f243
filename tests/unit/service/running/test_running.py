"""Runs over HTTP: begun once, watched without a gap, paused, resumed, cancelled."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import Engine

from causal_interface_gym.runs.runner import Limits
from causal_interface_gym.service.running import routes
from causal_interface_gym.storage.database import database_at
from causal_interface_gym.storage.service.accounts import Role, create_key
from causal_interface_gym.storage.service.audit import read_audit
from causal_interface_gym.worker.local import playing_here
from causal_interface_gym.worker.log import json_log
from tests.unit.service.running.watching import watching
from tests.unit.service.served import Json, Service, served

RUNS = "/api/v1/runs"
JUNE: Json = {
    "name": "june",
    "agents": ["reference:associational", "reference:random"],
    "scenarios": "smoking-tar-v1,homework-v1",
    "seeds": "0-19",
}


@contextmanager
def playing(engine: Engine) -> Iterator[io.StringIO]:
    """Play what is queued meanwhile, and give the log."""
    log = io.StringIO()
    with playing_here(engine, Limits(batch=8), json_log(log)):
        yield log


def test_a_run_is_begun_played_watched_and_reported(engine: Engine, service: Service) -> None:
    made = service.post(RUNS, JUNE)
    assert made.status == 201, made.body
    assert made.json["phase"] == "running"
    assert made.json["trials"] == {"finished": 0, "planned": 80}
    with playing(engine), watching(service, "june") as stream:
        seen = list(stream)
    assert [event.id for event in seen] == list(range(1, len(seen) + 1))
    assert (seen[0].kind, seen[-1].kind) == ("running", "finished")
    finished = [event.data["finished"] for event in seen]
    assert finished == sorted(finished)
    assert finished[-1] == 80
    shown = service.get(f"{RUNS}/june").json
    assert (shown["phase"], shown["trials"]["finished"]) == ("finished", 80)
    board = service.get(f"{RUNS}/june/leaderboard").json
    assert {entry["agent"] for entry in board["items"]} == set(JUNE["agents"])
    assert [entry.action for entry in read_audit(engine, subject="june")] == ["run.create"]


def test_whoever_comes_back_gets_what_he_has_not_seen(
    engine: Engine, service: Service, tmp_path: Path
) -> None:
    service.post(RUNS, JUNE)
    with playing(engine), watching(service, "june") as stream:
        first = list(islice(stream, 3))
    # Another replica, that nobody asked before.
    with served(engine, tmp_path / "runs") as other, playing(engine):
        with watching(other, "june", after=first[-1].id) as stream:
            rest = list(stream)
        ids = [event.id for event in (*first, *rest)]
        assert ids == list(range(1, len(ids) + 1))
        assert rest[-1].kind == "finished"
        over = other.get(f"{RUNS}/june/events", Last_Event_ID=str(ids[-1]))
        assert (over.status, over.body) == (204, b"")


def test_a_run_is_paused_resumed_and_cancelled(engine: Engine, service: Service) -> None:
    service.post(RUNS, JUNE)
    assert service.post(f"{RUNS}/june/pause").json["phase"] == "paused"
    assert service.post(f"{RUNS}/june/pause").status == 200
    with playing(engine), watching(service, "june") as stream:
        assert [event.kind for event in islice(stream, 2)] == ["running", "paused"]
        assert service.post(f"{RUNS}/june/resume").json["phase"] == "running"
        assert [event.kind for event in stream][-1] == "finished"
    assert service.post(f"{RUNS}/june/cancel").status == 422
    service.post(RUNS, {**JUNE, "name": "july"})
    assert service.post(f"{RUNS}/july/cancel").json["phase"] == "cancelled"
    with playing(engine), watching(service, "july") as stream:
        assert [event.kind for event in stream] == ["running", "cancelled"]
    assert service.get(f"{RUNS}/july").json["trials"]["finished"] == 0


def test_a_run_is_begun_once_however_often_it_is_sent(service: Service) -> None:
    first = service.post(RUNS, JUNE, Idempotency_Key="mine")
    again = service.post(RUNS, JUNE, Idempotency_Key="mine")
    assert (first.status, again.status) == (201, 201)
    assert first.body == again.body
    assert again.headers["idempotent-replayed"] == "true"
    assert service.post(RUNS, JUNE).status == 422
    unnamed = [
        service.post(RUNS, {"scenarios": "asia-v1", "seeds": "0"}).json["name"] for _ in "ab"
    ]
    assert len({*unnamed}) == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"agents": ["reference:orcale"]}, "reference:oracle"),
        ({"scenarios": "asia-v9"}, "asia-v1"),
        ({"seeds": "9-1"}, "upwards"),
        ({"interface": "grahp"}, "graph"),
        ({"name": "../june"}, "pattern"),
        ({"agents": []}, "at least 1"),
        ({"priority": 3}, "not permitted"),
    ],
)
def test_what_cannot_be_a_run_is_refused_with_advice(
    service: Service, change: Json, said: str
) -> None:
    refused = service.post(RUNS, {**JUNE, **change})
    assert refused.status == 422
    assert said in refused.json["detail"]
    assert service.get(RUNS).json["items"] == []


def test_too_much_at_once_waits(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "MOST_WAITING", 100)
    assert service.post(RUNS, {**JUNE, "seeds": "0-99"}).status == 422
    assert service.post(RUNS, JUNE).status == 201
    later = service.post(RUNS, {**JUNE, "name": "july"})
    assert (later.status, later.headers["retry-after"]) == (503, "60")


def test_a_run_that_is_not_queued_has_no_events(service: Service) -> None:
    for path in ("events", "pause", "resume", "cancel"):
        ask = service.get if path == "events" else service.post
        assert ask(f"{RUNS}/none/{path}").status == 404
    service.post(RUNS, JUNE)
    assert service.get(f"{RUNS}/june/events", Last_Event_ID="x").status == 400


def test_a_run_is_its_owners_and_the_operators(database: str, tmp_path: Path) -> None:
    engine = database_at(database)
    keys = {
        name: create_key(engine, name, role, actor="test").key
        for name, role in (
            ("ada", Role.RESEARCHER),
            ("ben", Role.RESEARCHER),
            ("cat", Role.OPERATOR),
            ("dan", Role.VIEWER),
        )
    }

    def bearer(name: str) -> str:
        return f"Bearer {keys[name]}"

    with served(engine, tmp_path / "runs", needs_key=True) as service:
        assert service.post(RUNS, JUNE).status == 401
        assert service.post(RUNS, JUNE, Authorization=bearer("dan")).status == 403
        assert service.post(RUNS, JUNE, Authorization=bearer("ada")).status == 201
        pause = f"{RUNS}/june/pause"
        others = service.post(pause, Authorization=bearer("ben"))
        assert (others.status, "ada's" in others.json["detail"]) == (403, True)
        assert service.post(pause, Authorization=bearer("cat")).json["phase"] == "paused"
        resume = service.post(f"{RUNS}/june/resume", Authorization=bearer("ada"))
        assert resume.json["phase"] == "running"
        shown = service.get(f"{RUNS}/june", Authorization=bearer("dan")).json
        assert shown["account"] == "ada"
    engine.dispose()
