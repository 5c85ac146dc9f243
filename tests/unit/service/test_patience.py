"""Callers who take their time with the head of a request: cut off, while others are served."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from causal_interface_gym.service.patience import HEAD_S, Patient, patient

HEAD = b"GET / HTTP/1.1\r\nHost: here\r\n"
SHORT_S = 0.4


async def said(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


@pytest.fixture
def port() -> Iterator[int]:
    app = Starlette(routes=[Route("/", said, methods=["GET", "POST"])])
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        config = uvicorn.Config(app, http=patient(SHORT_S), log_config=None, lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join()


def is_closed(connection: socket.socket) -> bool:
    connection.settimeout(10)
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def test_two_hundred_slow_heads_are_cut_off_and_hold_up_nobody(port: int) -> None:
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(200)]
    try:
        for connection in slow:
            connection.sendall(b"GET / HTT")
        for _ in range(20):
            fast = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            fast.request("GET", "/")
            assert fast.getresponse().read() == b"0"
            fast.close()
        assert all(is_closed(connection) for connection in slow)
    finally:
        for connection in slow:
            connection.close()


@pytest.mark.parametrize("sent", [b"", b"G", HEAD])
def test_a_head_that_never_ends_is_cut_off(port: int, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(sent)
        assert is_closed(connection)


def test_a_slow_second_request_is_cut_off_like_the_first(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(HEAD + b"\r\n")
        connection.settimeout(10)
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")
        connection.sendall(b"GET")
        assert is_closed(connection)


def test_the_body_has_its_own_time(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n\r\n")
        time.sleep(2 * SHORT_S)
        connection.sendall(b"ab")
        connection.settimeout(10)
        assert connection.recv(4096).endswith(b"2")


def test_the_service_itself_is_patient_for_ten_seconds() -> None:
    assert Patient.head_s == HEAD_S == 10
