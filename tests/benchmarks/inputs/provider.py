"""The least server that speaks OpenAI's format: one reply after a fixed wait, at little cost."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_TEXT: Final = '{"percent_if_we_force_x": 35}'
_BODY: Final = json.dumps(
    {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_767_225_600,
        "model": "gpt-4o",
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "message": {"role": "assistant", "content": _TEXT},
            }
        ],
        "usage": {"prompt_tokens": 180, "completion_tokens": 12, "total_tokens": 192},
    }
).encode()
_REPLY: Final = (
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
    b"content-length: %d\r\nx-request-id: req-1\r\n\r\n" % len(_BODY)
) + _BODY


class _Connection(asyncio.Protocol):
    """Answers each request of a connection after the wait."""

    def __init__(self, latency_s: float, transports: "set[asyncio.WriteTransport]") -> None:
        self._latency_s = latency_s
        self._transports = transports
        self._read = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            self._transport = transport
            self._transports.add(transport)

    def connection_lost(self, _: Exception | None) -> None:
        if self._transport is not None:
            self._transports.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, found, body = self._read.partition(b"\r\n\r\n")
        if not found:
            return
        lines = (line.partition(b":") for line in head.lower().split(b"\r\n"))
        sizes = [int(value) for name, _, value in lines if name == b"content-length"]
        if len(body) >= sum(sizes):
            self._read = b""
            asyncio.get_running_loop().call_later(self._latency_s, self._answer)

    def _answer(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(_REPLY)


@contextmanager
def least_provider(latency_s: float) -> Iterator[str]:
    """Serve on loopback in a thread while the block runs; give the base URL."""
    loop = asyncio.new_event_loop()
    transports: set[asyncio.WriteTransport] = set()
    server = loop.run_until_complete(
        loop.create_server(lambda: _Connection(latency_s, transports), "127.0.0.1", 0)
    )
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    finally:
        asyncio.run_coroutine_threadsafe(_end(server, transports), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(server: asyncio.Server, transports: set[asyncio.WriteTransport]) -> None:
    server.close()
    for transport in tuple(transports):
        transport.abort()
    await server.wait_closed()
    # The loop closes an aborted socket in its next round.
    await asyncio.sleep(0)
