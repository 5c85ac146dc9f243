"""The server itself: loopback only, honest accounts, no key kept, many requests at once."""

import asyncio
import json
import socket
import time
from collections.abc import Mapping
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from causal_interface_gym.agents.llm.fake import FakeServer, FixedAnswer, Script, faults_of, serving
from tests.strategies.served import StartProvider

KEY: Final = "sk-canary-0123456789"
CHAT: Final = {"model": "m", "messages": [{"role": "user", "content": "Why?"}]}


def get(server: FakeServer, path: str) -> Any:  # noqa: ANN401 - JSON
    with urlopen(server.address + path) as reply:  # noqa: S310 - loopback
        return json.load(reply)


def post(server: FakeServer, path: str, data: Mapping[str, Any] | bytes) -> tuple[int, Any]:
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    headers = {"content-type": "application/json", "authorization": f"Bearer {KEY}"}
    request = Request(server.address + path, body, headers)  # noqa: S310 - loopback
    try:
        with urlopen(request) as reply:  # noqa: S310 - loopback
            return reply.status, json.load(reply)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)


def said(server: FakeServer, prompt: str) -> str:
    data = {"model": "m", "messages": [{"role": "user", "content": prompt}]}
    status, reply = post(server, "/v1/chat/completions", data)
    assert status == 200
    return str(reply["choices"][0]["message"]["content"])


def test_it_listens_on_loopback_only(start_provider: StartProvider) -> None:
    server = start_provider()
    with socket.create_connection(("127.0.0.1", server.port)) as plug:
        assert plug.getpeername()[0] == "127.0.0.1"
    assert all("127.0.0.1" in value for name, value in server.environment.items() if "URL" in name)


def test_a_taken_port_is_the_systems_error(start_provider: StartProvider) -> None:
    server = start_provider()
    with pytest.raises(OSError, match="in use"), serving(port=server.port):
        pytest.fail("two servers on one port")


def test_requests_are_counted_in_order_with_their_faults(start_provider: StartProvider) -> None:
    server = start_provider("500@2", "anthropic/529@1")
    statuses = [
        post(server, "/v1/chat/completions", CHAT)[0],
        post(server, "/v1/chat/completions", CHAT)[0],
        post(server, "/v1/messages", {**CHAT, "max_tokens": 9})[0],
        post(server, "/v1/messages", {**CHAT, "max_tokens": 9})[0],
    ]
    assert statuses == [200, 500, 529, 200]
    assert [(s.number, s.provider, s.fault) for s in server.seen] == [
        (1, "openai", ""),
        (2, "openai", "status"),
        (3, "anthropic", "status"),
        (4, "anthropic", ""),
    ]
    counts = {"anthropic": 2, "fault status": 2, "openai": 2, "requests": 4}
    assert get(server, "/")["counts"] == counts
    assert [entry["status"] for entry in get(server, "/requests")["seen"]] == statuses


def test_no_key_is_kept_or_shown(start_provider: StartProvider) -> None:
    server = start_provider()
    post(server, "/v1/chat/completions", CHAT)
    assert KEY not in json.dumps(get(server, "/requests")) + repr(server.seen)


def test_texts_of_the_script_come_first_and_matches_always(start_provider: StartProvider) -> None:
    server = start_provider(
        answers=(FixedAnswer("one"), FixedAnswer("wet", "rain"), FixedAnswer("two"))
    )
    assert said(server, "Does rain matter?") == "wet"
    assert [said(server, "Why?"), said(server, "Why?")] == ["one", "two"]
    assert said(server, "Why?").startswith("I believe")
    assert said(server, "rain") == "wet"


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"[]",
        b"{}",
        b'"text"',
        b'{"model": "m"}',
        b'{"model": "m", "messages": [3]}',
        b"\xff\xfe",
        json.dumps(
            {
                **CHAT,
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {"schema": {"type": "string", "pattern": "(?=x)"}},
                },
            }
        ).encode(),
    ],
)
def test_a_request_that_cannot_be_read_is_a_bad_request(
    data: bytes, start_provider: StartProvider
) -> None:
    server = start_provider()
    status, reply = post(server, "/v1/chat/completions", data)
    assert (status, reply["error"]["type"]) == (400, "invalid_request_error")
    assert said(server, "Why?")


def test_a_path_that_no_provider_has_is_not_found(start_provider: StartProvider) -> None:
    server = start_provider()
    assert post(server, "/v1/responses", CHAT)[0] == 404
    assert server.counts == {}


@pytest.mark.parametrize("data", [b"\x16\x03\x01\x02", b"GET\r\n\r\n", b"POST / HTTP/1.1\r\n", b""])
def test_bytes_that_are_no_http_end_the_connection_only(
    data: bytes, start_provider: StartProvider
) -> None:
    server = start_provider()
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as plug:
        plug.sendall(data + b"\r\n\r\n")
        plug.shutdown(socket.SHUT_WR)
        while plug.recv(4096):
            pass
    assert said(server, "Why?")


def test_a_script_can_be_changed_while_it_runs(start_provider: StartProvider) -> None:
    server = start_provider("500")
    assert post(server, "/v1/chat/completions", CHAT)[0] == 500
    server.follow(Script(answers=(FixedAnswer("back"),)))
    assert said(server, "Why?") == "back"
    assert server.counts["requests"] == 1


def test_an_outage_has_a_beginning_and_an_end(start_provider: StartProvider) -> None:
    server = start_provider("503@0s-0.2s")
    assert post(server, "/v1/chat/completions", CHAT)[0] == 503
    deadline = time.monotonic() + 5
    while post(server, "/v1/chat/completions", CHAT)[0] == 503 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert post(server, "/v1/chat/completions", CHAT)[0] == 200


def test_a_huge_reply_has_its_size(start_provider: StartProvider) -> None:
    text = said(start_provider("huge,mb=3"), "Why?")
    assert len(text) == pytest.approx(3e6, rel=0.001)


def test_requests_in_flight_are_counted_and_wait_together(start_provider: StartProvider) -> None:
    server = start_provider(latency_ms=150)

    async def ask_many() -> float:
        start = time.monotonic()
        await asyncio.gather(
            *(asyncio.to_thread(post, server, "/v1/chat/completions", CHAT) for _ in range(4))
        )
        return time.monotonic() - start

    assert 0.15 <= asyncio.run(ask_many()) < 3
    assert 2 <= server.most_at_once <= 4


def test_stopping_does_not_wait_for_requests_that_hang() -> None:
    start = time.monotonic()
    with (
        serving(Script(faults=faults_of("hang"))) as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=5) as plug,
    ):
        body = json.dumps(CHAT).encode()
        head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}"
        plug.sendall(f"{head}\r\n\r\n".encode() + body)
        while not server.seen:
            time.sleep(0.01)
    assert time.monotonic() - start < 5
