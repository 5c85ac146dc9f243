"""The server: it listens on loopback only, and drops every connection when it stops."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from time import monotonic
from typing import Final, Self

from causal_interface_gym.agents.llm.fake.answering import Answering, Seen
from causal_interface_gym.agents.llm.fake.connection import Request, serve
from causal_interface_gym.agents.llm.fake.response import Response, as_json
from causal_interface_gym.agents.llm.fake.script import Script

__all__ = ["HOST", "FakeServer", "serving"]

HOST: Final = "127.0.0.1"
"""The only address that the server listens on."""

_ROUNDS: Final = 5
"""Rounds of the loop between the arrival of a connection and our first line for it, and more."""


class FakeServer:
    """Answers on a loopback port as its script says; an asynchronous context manager."""

    def __init__(
        self,
        script: Script | None = None,
        *,
        port: int = 0,
        on_seen: Callable[[Seen], None] | None = None,
    ) -> None:
        """Prepare a server; port 0 takes any free one, and ``on_seen`` is told each request."""
        self.port: int = port
        self.most_at_once: int = 0
        self._on_seen = on_seen
        self._script = Script() if script is None else script
        self._answering = Answering(self._script, on_seen)
        self._at_once = 0
        self._started_s = 0.0
        self._server: asyncio.Server | None = None
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    @property
    def address(self) -> str:
        """The root of every base URL."""
        return f"http://{HOST}:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables that lead every provider here, with keys that open nothing."""
        return {
            "OPENAI_BASE_URL": f"{self.address}/v1",
            "OPENAI_API_KEY": "fake-openai-key",
            "ANTHROPIC_BASE_URL": self.address,
            "ANTHROPIC_API_KEY": "fake-anthropic-key",
            "GOOGLE_GEMINI_BASE_URL": self.address,
            "GOOGLE_API_KEY": "fake-google-key",
        }

    @property
    def seen(self) -> tuple[Seen, ...]:
        """The requests in order of arrival, at most the last ten thousand."""
        return tuple(self._answering.seen)

    @property
    def counts(self) -> dict[str, int]:
        """How many requests came: in all, by provider, by fault."""
        return self._answering.summary()

    def follow(self, script: Script) -> None:
        """Do from now on what another script says; requests and time count anew."""
        self._script = script
        self._answering = Answering(script, self._on_seen)
        self._started_s = monotonic()
        self.most_at_once = self._at_once

    async def __aenter__(self) -> Self:
        """Listen."""
        self._server = await asyncio.start_server(self._connected, HOST, self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        self._started_s = monotonic()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop listening and drop every connection."""
        if self._server is None:
            return
        # A connection that is being accepted when its server closes would be left open for good.
        for _round in range(_ROUNDS):
            await asyncio.sleep(0)
        self._server.close()
        connections = dict(self._connections)
        for task, writer in connections.items():
            task.cancel()
            # A task that had not begun closes nothing itself.
            writer.transport.abort()
        await asyncio.gather(*connections, return_exceptions=True)
        await self._server.wait_closed()
        # The loop closes an aborted socket in its next round.
        await asyncio.sleep(0)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._connections[task] = writer
        task.add_done_callback(lambda done: self._connections.pop(done, None))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.CancelledError):
            await serve(reader, writer, self._answer)

    async def _answer(self, request: Request) -> Response:
        if request.path in {"/", "/requests"}:
            seen = [asdict(entry) for entry in self.seen] if request.path == "/requests" else []
            return as_json({"counts": self.counts, "most_at_once": self.most_at_once, "seen": seen})
        at_s = monotonic() - self._started_s
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            response = self._answering.respond(request, at_s)
            wait_ms = response.wait_ms or self._script.latency_ms
            if wait_ms:
                await asyncio.sleep(wait_ms / 1_000)
            return response
        finally:
            self._at_once -= 1


@contextmanager
def serving(script: Script | None = None, *, port: int = 0) -> Iterator[FakeServer]:
    """Run a server in a thread of its own while the block runs.

    Raises:
        OSError: The port is taken.
    """
    server = FakeServer(script, port=port)
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()
    started = threading.Event()
    failure: list[OSError] = []

    async def run() -> None:
        try:
            async with server:
                started.set()
                await stop.wait()
        except OSError as error:
            failure.append(error)
        finally:
            started.set()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),), daemon=True)
    thread.start()
    started.wait()
    try:
        if failure:
            raise failure[0]
        yield server
    finally:
        if thread.is_alive():
            loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()
