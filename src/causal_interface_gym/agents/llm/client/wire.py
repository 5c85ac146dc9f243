"""The HTTP client under every library: bounded, watched, and never patient beyond its deadline.

A provider is a stranger. Its reply is read up to a limit and no further, and what is not JSON
never reaches a library that would choke on it. What was really sent is noted, so that a setting
which a library left out is known to be dropped.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

import httpx2

from causal_interface_gym.agents.llm.call import Ask
from causal_interface_gym.errors import InvalidOutputError, ProviderError, UnreachableError

__all__ = ["MOST_BYTES", "Exchange", "WatchedClient", "watched"]

MOST_BYTES: Final = 4 * 1024 * 1024
"""The longest reply that is read: far more than any answer needs."""

_CONNECTIONS: Final = httpx2.Limits(max_connections=1_000, max_keepalive_connections=100)
_CONNECT_S: Final = 10.0
_REQUEST_IDS: Final = ("x-request-id", "request-id", "x-goog-request-id")
_SHOWN: Final = 200

_SENT: Final = {
    "temperature": re.compile(rb'"temperature":\s*-?\d'),
    "seed": re.compile(rb'"seed":\s*-?\d'),
    "top_log_probabilities": re.compile(rb'"(?:top_logprobs|logprobs)":\s*[1-9]'),
    "schema": re.compile(rb'"(?:json_schema|output_config|response_?[jJ]son_?[sS]chema)":\s*\{'),
}
"""How a setting looks in a request; within a quoted text its quotes would be escaped."""
_FINGERPRINT: Final = re.compile(rb'"system_fingerprint":\s*"([!#-\[\]-~]{1,200})"')


@dataclass(slots=True)
class Exchange:
    """What went over the wire during one attempt; the request is empty if none did.

    ``refusal`` is why a reply was not handed on to the library.
    """

    request: bytes = b""
    status: int = 0
    request_id: str = ""
    fingerprint: str = ""
    refusal: ProviderError | None = None

    def dropped(self, ask: Ask) -> tuple[str, ...]:
        """Name the settings that were asked for and did not go out."""
        if not self.request:
            return ()
        sampling = ask.sampling
        wanted = {
            "temperature": sampling.temperature is not None,
            "seed": sampling.seed is not None,
            "top_log_probabilities": sampling.top_log_probabilities > 0,
            "schema": ask.schema is not None,
        }
        return tuple(
            name
            for name, is_wanted in wanted.items()
            if is_wanted and not _SENT[name].search(self.request)
        )


_EXCHANGE: ContextVar[Exchange | None] = ContextVar("exchange", default=None)


@contextmanager
def watched() -> Iterator[Exchange]:
    """Note what goes over the wire within this block."""
    exchange = Exchange()
    token = _EXCHANGE.set(exchange)
    try:
        yield exchange
    finally:
        _EXCHANGE.reset(token)


class WatchedClient(httpx2.AsyncClient):
    """An HTTP client whose replies are JSON within a limit, or an error."""

    def __init__(self, *, timeout_s: float, most_bytes: int = MOST_BYTES) -> None:
        """Wait at most ``timeout_s`` for each part of a reply, and read at most ``most_bytes``."""
        timeout = httpx2.Timeout(timeout_s, connect=min(_CONNECT_S, timeout_s))
        super().__init__(timeout=timeout, limits=_CONNECTIONS, follow_redirects=False)
        self._most_bytes = most_bytes

    async def send(
        self,
        request: httpx2.Request,
        *,
        stream: bool = False,
        **options: Any,  # noqa: ANN401 - as the library has them
    ) -> httpx2.Response:
        """Send a request and read the whole reply, within the limit.

        Raises:
            TransportError: The reply is longer, or claims success and is no JSON; the exchange
                says which.
        """
        exchange = _EXCHANGE.get() or Exchange()
        exchange.request = request.content
        response = await super().send(request, stream=True, **options)
        exchange.status = response.status_code
        exchange.request_id = _request_id(response)
        try:
            body = await self._read(response)
        finally:
            await response.aclose()
        exchange.fingerprint = _fingerprint(body)
        exchange.refusal = self._refusal(response, body)
        if exchange.refusal is not None:
            raise httpx2.ReadError(str(exchange.refusal), request=request)
        return _whole(request, response, body)

    async def _read(self, response: httpx2.Response) -> bytes:
        """Read a body, stopping soon after the limit."""
        announced = response.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > self._most_bytes:
            return bytes(self._most_bytes + 1)
        parts: list[bytes] = []
        n_bytes = 0
        async for part in response.aiter_bytes():
            parts.append(part)
            n_bytes += len(part)
            if n_bytes > self._most_bytes:
                break
        return b"".join(parts)

    def _refusal(self, response: httpx2.Response, body: bytes) -> ProviderError | None:
        if len(body) > self._most_bytes:
            return InvalidOutputError(f"the reply is longer than {self._most_bytes:,} bytes")
        kind = response.headers.get("content-type", "")
        if response.is_success and "json" not in kind.lower():
            # Far more than will be shown: secrets must go before the cut, which could halve a key.
            shown = " ".join(body.decode("utf-8", "replace").split())[: 100 * _SHOWN]
            return UnreachableError(
                f"something that is not the provider answered, with {kind or 'no type'} "
                f"where JSON was due: {shown!r}",
                status=response.status_code,
            )
        return None


def _fingerprint(body: bytes) -> str:
    """Find what names the configuration; within a quoted text its quotes would be escaped."""
    found = _FINGERPRINT.search(body)
    return found[1].decode("ascii") if found else ""


def _request_id(response: httpx2.Response) -> str:
    found = (response.headers.get(name, "") for name in _REQUEST_IDS)
    return "".join(c for c in next(filter(None, found), "")[:_SHOWN] if c.isprintable())


def _whole(request: httpx2.Request, response: httpx2.Response, body: bytes) -> httpx2.Response:
    """Make the same response with its body read and decoded."""
    gone = {"content-encoding", "content-length", "transfer-encoding"}
    headers = [(k, v) for k, v in response.headers.multi_items() if k.lower() not in gone]
    made = httpx2.Response(response.status_code, headers=headers, content=body, request=request)
    made.extensions = response.extensions
    return made
