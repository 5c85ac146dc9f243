"""How long a caller may take to say what he wants: a connection whose head does not come is closed.

Without that, a few hundred connections that send a byte now and then hold every place that the
service has. An idle connection between two requests is the server's own to end.
"""

import asyncio
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["HEAD_S", "Patient", "patient"]

HEAD_S: float = 10.0
"""Seconds in which the head of a request has to be there, from its first byte on."""


class Patient(HttpToolsProtocol):
    """The protocol of a connection, with a limit on the time of each request's head."""

    head_s: ClassVar[float] = HEAD_S

    # Any: the library hands its own parts from one method to the next.
    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - see above
        """Begin without a clock."""
        super().__init__(*arguments, **named)
        self._clock: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn
        """Begin to wait: a connection is made to be used."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Begin to wait for the head that has just begun."""
        super().on_message_begin()
        self._wait()

    def on_headers_complete(self) -> None:
        """Wait no more: the head is there."""
        self._stop()
        super().on_headers_complete()

    def _wait(self) -> None:
        if self._clock is None:
            self._clock = self.loop.call_later(self.head_s, self._give_up)

    def _stop(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _give_up(self) -> None:
        self._clock = None
        if not self.transport.is_closing():
            self.transport.abort()


def patient(head_s: float) -> type[Patient]:
    """Give the protocol with another limit."""
    return type("Patient", (Patient,), {"head_s": head_s})
