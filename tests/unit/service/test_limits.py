"""The limits of a request: the time of its body and of its answer, and one attempt at once."""

import json
import socket
from http import HTTPStatus
from pathlib import Path

import pytest
from sqlalchemy import Engine

from causal_interface_gym.service.replying.bodies import MAX_BYTES
from causal_interface_gym.service.replying.schemas import EpisodeForm
from causal_interface_gym.storage.service.idempotency import Begun, begin_request
from tests.unit.service.served import Service, served

HERE = "/api/v1/episodes"
IDENTIFY = "/api/v1/questions/identify"
QUESTION = {"model": {"dagitty": "dag { X -> Y }"}, "query": "P(Y | do(X))"}


def said(service: Service, head: str, *parts: bytes) -> bytes:
    """Send the parts of a request as they are, and give the first of what comes back."""
    with socket.create_connection((service.host, service.port), timeout=15) as wire:
        start = f"POST {IDENTIFY} HTTP/1.1\r\nHost: localhost\r\n{head}\r\n\r\n"
        for part in (start.encode(), *parts):
            wire.sendall(part)
        return wire.recv(4096)


def test_a_body_that_does_not_arrive_is_given_up(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("causal_interface_gym.service.replying.bodies.BODY_S", 0.2)
    got = said(service, "Content-Type: application/json\r\nContent-Length: 100", b"{")
    assert got.startswith(b"HTTP/1.1 408")


def test_a_body_in_parts_is_counted_as_it_comes(service: Service) -> None:
    chunk = b"%x\r\n" % (MAX_BYTES + 1) + b" " * (MAX_BYTES + 1) + b"\r\n0\r\n\r\n"
    got = said(service, "Content-Type: application/json\r\nTransfer-Encoding: chunked", chunk)
    assert got.startswith(b"HTTP/1.1 413")


def test_a_long_body_that_is_right_is_read(service: Service) -> None:
    graph = "dag { X -> Y } " + " " * 100_000
    assert service.post(IDENTIFY, {**QUESTION, "model": {"dagitty": graph}}).status == 200


def test_an_answer_that_takes_too_long_is_given_up(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("causal_interface_gym.service.asking.ANSWER_S", 0.0)
    got = service.post(IDENTIFY, QUESTION)
    assert (got.status, "smaller model" in got.json["detail"]) == (422, True)


def test_questions_wait_for_no_place(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("causal_interface_gym.service.app.PLACES", 0)
    with served(engine, tmp_path) as service:
        got = service.post(IDENTIFY, QUESTION)
        assert (got.status, got.headers["retry-after"]) == (503, "2")
        assert service.get("/health").status == 200


def test_a_request_that_is_being_carried_out_is_not_begun_again(
    service: Service, engine: Engine
) -> None:
    form = EpisodeForm(scenario="asia-v1", interface="graph", seed=1)
    request = f"POST {HERE}\n{form.model_dump_json()}".encode()
    assert isinstance(begin_request(engine, "local", "held", request), Begun)
    body = {"scenario": "asia-v1", "interface": "graph", "seed": 1}
    got = service.post(HERE, body, Idempotency_Key="held")
    assert (got.status, got.headers["retry-after"]) == (409, "1")
    assert service.get(HERE).json["items"] == []


def test_a_refused_request_may_be_sent_again_under_its_key(service: Service) -> None:
    one = f"{HERE}/{service.post(HERE, {'scenario': 'asia-v1'}).json['id']}"
    service.post(f"{one}/end")
    replies = [service.post(f"{one}/end", {}, Idempotency_Key="end") for _ in range(2)]
    assert [reply.status for reply in replies] == [HTTPStatus.CONFLICT] * 2
    assert all("is over" in json.loads(reply.body)["detail"] for reply in replies)
