"""What stands before every route: health, ids, measures, log, limits of a body, problems."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine

from causal_interface_gym.service.replying.bodies import MAX_BYTES
from causal_interface_gym.storage.database import database_at
from causal_interface_gym.storage.service.accounts import Role, create_key, revoke_key
from tests.unit.service.served import Service, served

ASK = "/api/v1/questions/evaluate"


@pytest.mark.parametrize("path", ["/health", "/health/ready", "/health/live"])
def test_health_answers_get_and_head(service: Service, path: str) -> None:
    got, head = service.get(path), service.ask("HEAD", path)
    assert (got.status, head.status, head.body) == (200, 200, b"")
    assert got.json["status"] == "ok"
    if path != "/health/live":
        (line,) = got.json["dependencies"]
        assert (line["name"], line["status"]) == ("database", "ok")
        assert line["latency_ms"] >= 0


def test_health_is_503_while_the_tables_are_missing_and_live_stays_200(tmp_path: Path) -> None:
    engine = database_at(f"sqlite:///{tmp_path / 'empty.db'}")
    with served(engine, tmp_path) as service:
        got = service.get("/health")
        assert got.status == 503
        assert got.json["status"] == "down"
        assert "cig db migrate" in got.json["dependencies"][0]["detail"]
        assert service.get("/health/live").status == 200
    engine.dispose()


def test_health_is_503_when_the_database_is_down_and_says_no_address(tmp_path: Path) -> None:
    engine = database_at("postgresql://someone:canary@127.0.0.1:9/gym")
    with served(engine, tmp_path, needs_key=True) as service:
        got = service.get("/health")
        assert (got.status, got.json["dependencies"][0]["detail"]) == (503, "it does not answer")
        assert service.get("/health/live").status == 200
        refused = service.get("/api/v1/episodes", Authorization="Bearer " + good_form())
        assert (refused.status, refused.headers["retry-after"]) == (503, "1")
        assert b"canary" not in got.body + refused.body
        assert b"127.0.0.1" not in refused.body
    engine.dispose()


def good_form() -> str:
    return "cig_0123456789ab_" + "a" * 43


def test_a_request_id_is_made_or_kept_and_stands_in_reply_and_log(service: Service) -> None:
    kept = service.get("/api/v1/nowhere", X_Request_ID="from-the-gateway.1")
    made = service.get("/api/v1/nowhere", X_Request_ID="not one; of ours")
    assert kept.headers["x-request-id"] == kept.json["request_id"] == "from-the-gateway.1"
    assert len(made.json["request_id"]) == 32
    logged = {line["request_id"] for line in service.lines()}
    assert {kept.json["request_id"], made.json["request_id"]} <= logged


def test_a_route_is_measured_and_logged_by_its_template(service: Service) -> None:
    assert service.get("/api/v1/scenarios/asia-v1?secret=canary").status == 200
    assert service.get("/health").status == 200
    labels = {"method": "GET", "route": "/api/v1/scenarios/{scenario}", "status": "200"}
    registry = service.metrics.registry
    assert registry.get_sample_value("http_requests_total", labels) == 1
    bucket = registry.get_sample_value("http_response_time_seconds_bucket", {**labels, "le": "5.0"})
    assert bucket == 1
    health = {"method": "GET", "route": "/health", "status": "200"}
    assert registry.get_sample_value("http_requests_total", health) == 1
    line = service.lines()[0]
    assert (line["route"], line["status"], line["level"]) == (labels["route"], 200, "info")
    assert "canary" not in service.log.getvalue()


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": 1e999}', "too large"),
        (b"\xff\xfe", "UTF-8"),
        (b"{", "not JSON"),
        (b'{"a": "\\u0000"}', "zero character"),
        (b'{"\\ud800": 1}', "half a character"),
        (b"[" * 40 + b"]" * 40, "32 deep"),
        (b"[" * 200_000 + b"]" * 200_000, "32 deep"),
    ],
)
def test_a_body_that_is_no_plain_json_is_refused(service: Service, raw: bytes, said: str) -> None:
    got = service.ask("POST", ASK, raw=raw)
    assert got.status == (422 if "character" in said else 400)
    assert got.headers["content-type"] == "application/problem+json"
    assert said in got.json["detail"]


def test_a_body_that_is_too_long_is_refused_before_it_is_read(service: Service) -> None:
    assert service.ask("POST", ASK, raw=b" " * 10, Content_Length=str(MAX_BYTES + 1)).status == 413
    assert service.ask("POST", ASK, raw=b"[]", Content_Type="text/plain").status == 415


def test_a_form_that_is_wrong_is_described_and_not_repeated(service: Service) -> None:
    got = service.post(ASK, {"model": {"scenario": "asia-v1"}, "query": 5, "canary": 1})
    assert got.status == 422
    assert {fault["where"] for fault in got.json["faults"]} == {"body.query", "body.canary"}
    two = service.post(ASK, {"model": {"scenario": "a", "bif": "b"}, "query": "P(x)"})
    assert "exactly one way" in two.json["detail"]


def test_another_name_for_this_machine_is_refused_without_keys(service: Service) -> None:
    assert service.get("/api/v1/scenarios", Host="attacker.example").status == 400


def test_keys_open_what_their_role_allows(engine: Engine, tmp_path: Path) -> None:
    viewer = create_key(engine, "ada", Role.VIEWER, actor="test")
    researcher = create_key(engine, "ben", Role.RESEARCHER, actor="test")
    question = {"model": {"dagitty": "dag { X -> Y }"}, "query": "P(Y | do(X))"}
    identify = "/api/v1/questions/identify"
    with served(engine, tmp_path, needs_key=True) as service:
        bare = service.get("/api/v1/scenarios")
        assert (bare.status, bare.headers["www-authenticate"][:6]) == (401, "Bearer")
        assert service.get("/report").status == 401
        as_viewer = {"Authorization": f"Bearer {viewer.key}"}
        assert service.get("/api/v1/scenarios", **as_viewer).status == 200
        forbidden = service.post(identify, question, **as_viewer)
        assert (forbidden.status, "researcher" in forbidden.json["detail"]) == (403, True)
        as_researcher = {"Authorization": f"bearer {researcher.key}"}
        assert service.post(identify, question, **as_researcher).json["identified"] is True
        revoke_key(engine, researcher.id, actor="test")
        revoked = service.post(identify, question, **as_researcher)
        unknown = service.post(identify, question, Authorization=f"Bearer {good_form()}")
        wrong = service.post(identify, question, Authorization="Basic YTpi")
        assert {reply.status for reply in (revoked, unknown, wrong)} == {401}
        # Nobody learns from outside whether there is such a key; the log knows.
        assert revoked.json["detail"] == unknown.json["detail"]
        assert "revoked" in {line.get("refused") for line in service.lines()}
        assert viewer.key not in service.log.getvalue()


def test_a_failure_of_the_service_tells_the_caller_nothing_of_it(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        message = "canary"
        raise RuntimeError(message)

    monkeypatch.setattr("causal_interface_gym.service.routes.scenarios.registry.ids", fail)
    got = service.get("/api/v1/scenarios")
    assert (got.status, b"canary" in got.body) == (500, False)
    assert json.loads(got.body)["request_id"] == got.headers["x-request-id"]
    assert "canary" in service.log.getvalue()


def test_every_page_answers_head_like_get_without_a_body(service: Service) -> None:
    paths = ("/", "/api/v1/scenarios", "/api/v1/scenarios/asia-v1", "/openapi.json", "/nowhere")
    for path in paths:
        got, head = service.get(path), service.ask("HEAD", path)
        assert (head.status, head.body) == (got.status, b""), path
        same = ("content-type", "content-length", "etag")
        if path != "/nowhere":  # whose length is that of its id
            assert [head.headers.get(h) for h in same] == [got.headers.get(h) for h in same], path
    labels = {"method": "HEAD", "route": "/api/v1/scenarios", "status": "200"}
    assert service.metrics.registry.get_sample_value("http_requests_total", labels) == 1


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/api/v1/episodes", "GET, HEAD, POST"),
        ("OPTIONS", "/api/v1/episodes/x/log", "GET, HEAD"),
        ("HEAD", "/api/v1/questions/evaluate", "POST"),
        ("PUT", "/health", "GET, HEAD"),
        ("POST", "/", "GET, HEAD"),
    ],
)
def test_a_method_that_is_not_allowed_is_answered_by_those_that_are(
    service: Service, method: str, path: str, allowed: str
) -> None:
    got = service.ask(method, path)
    assert (got.status, got.headers["allow"]) == (405, allowed)
