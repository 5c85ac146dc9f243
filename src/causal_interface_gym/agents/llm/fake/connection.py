"""One connection: HTTP/1.1 requests in, responses out as sound or broken as they are meant."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import h11

from causal_interface_gym.agents.llm.fake.response import Response

__all__ = ["Request", "serve"]

_READ: Final = 65_536
_LARGEST_BODY: Final = 64_000_000


@dataclass(frozen=True, slots=True)
class Request:
    """What a caller sent; names of headers are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


Answering = Callable[[Request], Awaitable[Response]]


async def serve(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Answering
) -> None:
    """Answer requests until the caller leaves or a response ends the connection."""
    connection = h11.Connection(h11.SERVER)
    try:
        while True:
            request = await _next_request(connection, reader)
            if request is None:
                return
            response = await answer(request)
            if not await _send(connection, reader, writer, response):
                return
            connection.start_next_cycle()
    except (h11.RemoteProtocolError, ConnectionError):
        return  # no HTTP, or the caller left: both are the caller's business
    finally:
        writer.close()  # every way out leaves no half-open socket
        with suppress(ConnectionError):
            await writer.wait_closed()


async def _next_request(connection: h11.Connection, reader: asyncio.StreamReader) -> Request | None:
    """Read one request; None when the caller is done."""
    head: h11.Request | None = None
    body = bytearray()
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(_READ))
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > _LARGEST_BODY:
                return None
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            headers = {name.decode(): value.decode("latin-1") for name, value in head.headers}
            return Request(head.method.decode(), head.target.decode(), headers, bytes(body))
        else:
            return None


async def _send(
    connection: h11.Connection,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    response: Response,
) -> bool:
    """Send a response; False when the connection has ended."""
    left = response.sent_bytes
    for data in _wire_data(connection, response):
        await _write(writer, data if left is None else data[:left], response)
        left = None if left is None else max(0, left - len(data))
    if response.then == "hang":
        await reader.read()  # ends when the caller leaves or the server stops
    elif response.then == "reset":
        _reset(writer)
    return response.then == "stay" and connection.our_state is h11.DONE


def _wire_data(connection: h11.Connection, response: Response) -> list[bytes]:
    """Write the bytes of a response: what belongs together is one piece."""
    body = b"".join(response.chunks)
    length = len(body) if response.false_length is None else response.false_length
    framing = (
        ("transfer-encoding", "chunked") if response.is_stream else ("content-length", str(length))
    )
    head = connection.send(
        h11.Response(status_code=response.status, headers=[*response.headers, framing])
    )
    if response.is_stream:
        chunks = [connection.send(h11.Data(data=chunk)) for chunk in response.chunks]
        return [
            head or b"",
            *(c or b"" for c in chunks),
            connection.send(h11.EndOfMessage()) or b"",
        ]
    data = (head or b"") + (connection.send(h11.Data(data=body)) or b"")
    if response.false_length is None:
        connection.send(h11.EndOfMessage())
    return [data]


async def _write(writer: asyncio.StreamWriter, data: bytes, response: Response) -> None:
    if not response.piece:
        writer.write(data)
        await writer.drain()
        return
    for start in range(0, len(data), response.piece):
        writer.write(data[start : start + response.piece])
        await writer.drain()
        await asyncio.sleep(response.gap_ms / 1_000)


def _reset(writer: asyncio.StreamWriter) -> None:
    """End the connection with RST instead of FIN."""
    plug = writer.get_extra_info("socket")
    plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
