"""Replies: JSON with an ETag, lists by the page, and what is done once however often it is sent."""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, Final, assert_never

from fastapi import Query, Request
from pydantic import BaseModel
from sqlalchemy import Connection, Engine
from starlette.exceptions import HTTPException
from starlette.responses import Response

from causal_interface_gym.errors import CausalGymError
from causal_interface_gym.service.gym import gym_of
from causal_interface_gym.storage.database import writing
from causal_interface_gym.storage.service.accounts import Caller
from causal_interface_gym.storage.service.idempotency import (
    Answer,
    Begun,
    OtherRequest,
    Running,
    begin_request,
    drop_request,
    finish_request,
)

__all__ = ["Act", "Cursor", "Limit", "Paging", "once", "page", "read_cursor", "reply"]

# Any: JSON.
Json = dict[str, Any]
Act = Callable[[Connection], Json]
"""Does what a request asks for, in its transaction."""

MEDIA_TYPE: Final = "application/json"
KEY_HEADER: Final = "Idempotency-Key"
_KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")
_LONGEST_CURSOR: Final = 400

Limit = Annotated[int, Query(ge=1, le=500, description="How many entries a page has at most.")]
Cursor = Annotated[
    str, Query(max_length=_LONGEST_CURSOR, description="`next` of the page before; empty at first.")
]


@dataclass(frozen=True, slots=True)
class Paging:
    """Which part of a list is wanted: so many entries after a name."""

    after: str
    limit: int


def reply(request: Request, body: Json) -> Response:
    """Reply to a GET; who has the same already gets 304 and no body."""
    text = _bytes(body)
    tag = f'"{hashlib.sha256(text).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    known = {part.strip() for part in request.headers.get("If-None-Match", "").split(",")}
    if known & {tag, f"W/{tag}", "*"}:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(text, HTTPStatus.OK, headers, MEDIA_TYPE)


def page(items: Sequence[Json], paging: Paging, *, key: str) -> Json:
    """Make a page of one entry more than is shown, if there is one; ``key`` names an entry."""
    shown = list(items[: paging.limit])
    more = len(items) > paging.limit
    return {"items": shown, "next": _cursor(str(shown[-1][key])) if more else None}


def read_cursor(cursor: str, limit: int) -> Paging:
    """Read where a page begins.

    Raises:
        HTTPException: This is no cursor.
    """
    try:
        after = base64.b64decode(cursor, altchars=b"-_", validate=True).decode("utf-8")
    except ValueError:  # of the encoding too
        after = "\0"
    if not after.isprintable():
        message = "cursor is the next of the page before, as it was given"
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, message)
    return Paging(after, limit)


def once(
    request: Request, caller: Caller, form: BaseModel, act: Act, *, status: int = HTTPStatus.OK
) -> Response:
    """Act in one transaction; under an ``Idempotency-Key`` only the first time it is sent.

    A refused request may be sent again under its key.

    Raises:
        HTTPException: The key is none, stands for another request, or that one is being done.
    """
    engine = gym_of(request).engine
    key = request.headers.get(KEY_HEADER)
    if key is None:
        with writing(engine) as connection:
            body = act(connection)
        return Response(_bytes(body), status, media_type=MEDIA_TYPE)
    if not _KEY.fullmatch(key):
        message = f"{KEY_HEADER} is 1 to 200 printable characters without spaces"
        raise HTTPException(HTTPStatus.BAD_REQUEST, message)
    said = f"{request.method} {request.url.path}\n{form.model_dump_json()}"
    match begin_request(engine, caller.account, key, said.encode()):
        case Answer() as answer:
            again = {"Idempotent-Replayed": "true"}
            return Response(answer.body, answer.status, again, answer.content_type)
        case Running():
            message = f"the request under this {KEY_HEADER} is being carried out"
            raise HTTPException(HTTPStatus.CONFLICT, message, {"Retry-After": "1"})
        case OtherRequest():
            message = f"this {KEY_HEADER} was sent with another request; take a new one"
            raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, message)
        case Begun() as begun:
            return _first(engine, begun, act, status)
        case other:
            assert_never(other)


def _first(engine: Engine, begun: Begun, act: Act, status: int) -> Response:
    try:
        with writing(engine) as connection:
            answer = Answer(status, MEDIA_TYPE, _bytes(act(connection)))
            _finish(connection, begun, answer)
    except BaseException:
        with suppress(CausalGymError), writing(engine) as connection:
            drop_request(connection, begun)
        raise
    return Response(answer.body, status, media_type=MEDIA_TYPE)


def _finish(connection: Connection, begun: Begun, answer: Answer) -> None:
    """Keep the answer; where another took the request over, nothing of the act is kept."""
    if not finish_request(connection, begun, answer):
        message = "another took this request over; send it again"
        raise HTTPException(HTTPStatus.CONFLICT, message, {"Retry-After": "1"})


def _bytes(body: Json) -> bytes:
    """Write a body; the line ends, so that it looks well at a terminal."""
    return json.dumps(body, allow_nan=False).encode() + b"\n"


def _cursor(name: str) -> str:
    return base64.urlsafe_b64encode(name.encode()).decode("ascii")
