"""Reading the events of a run from a service, as a browser would."""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from tests.unit.service.served import Service

__all__ = ["Event", "Stream", "watching"]


class Event(NamedTuple):
    """An event of a stream."""

    id: int
    kind: str
    data: dict[str, Any]  # Any: JSON


class Stream:
    """A stream of events that is open."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        """Read from a reply."""
        self.answer = answer
        self.comments = 0

    def __iter__(self) -> Iterator[Event]:
        """Give the events until the stream ends."""
        fields: dict[str, str] = {}
        while line := self.answer.readline():
            text = line.decode().rstrip("\n")
            if text.startswith(":"):
                self.comments += 1
            elif text:
                name, _, value = text.partition(": ")
                fields[name] = value
            elif "id" in fields:
                yield Event(int(fields["id"]), fields["event"], json.loads(fields["data"]))
                fields = {}


@contextmanager
def watching(
    service: Service, run: str, *, after: int = 0, timeout_s: float = 30.0
) -> Iterator[Stream]:
    """Watch a run meanwhile."""
    connection = http.client.HTTPConnection(service.host, service.port, timeout=timeout_s)
    headers = {"Last-Event-ID": str(after)} if after else {}
    if service.key:
        headers["Authorization"] = f"Bearer {service.key}"
    try:
        connection.request("GET", f"/api/v1/runs/{run}/events", headers=headers)
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()
        assert answer.getheader("Content-Type") == "text/event-stream; charset=utf-8"
        yield Stream(answer)
    finally:
        connection.close()
