"""A response as it is to go over the wire, sound or not."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

__all__ = ["HTML", "JSON", "TEXT", "Response", "as_json", "as_stream"]

JSON: Final = "application/json"
HTML: Final = "text/html; charset=utf-8"
TEXT: Final = "text/plain; charset=utf-8"
_STREAM: Final = "text/event-stream; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Response:
    """Status, headers and body, and how they are sent.

    A stream is sent chunk by chunk, anything else at once under its length, or under
    ``false_length``. ``wait_ms`` comes first. With ``piece`` the bytes go out so many at a time,
    ``gap_ms`` apart. After ``sent_bytes`` (None: all) the connection stays open, or ends as
    ``then`` says.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    chunks: tuple[bytes, ...]
    is_stream: bool = False
    false_length: int | None = None
    wait_ms: float = 0.0
    piece: int = 0
    gap_ms: float = 0.0
    sent_bytes: int | None = None
    then: Literal["stay", "close", "reset", "hang"] = "stay"


def as_json(
    data: Mapping[str, Any], *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Send JSON."""
    fields = {"content-type": JSON, **(headers or {})}
    return Response(status, tuple(fields.items()), (json.dumps(data).encode(),))


def as_stream(events: list[bytes], headers: Mapping[str, str]) -> Response:
    """Send server-sent events."""
    fields = {"content-type": _STREAM, "cache-control": "no-cache", **headers}
    return Response(200, tuple(fields.items()), tuple(events), is_stream=True)
