"""The limits of a request's body, before anything reads it: size, time, depth, and plain JSON.

A body is UTF-8, gives each key once and holds no NaN. It has to be called JSON by its sender, which
a page of another site cannot do without asking first.
"""

import asyncio
import json
import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, NoReturn

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from causal_interface_gym.service.replying.problems import problem

__all__ = ["MAX_BYTES", "MAX_DEPTH", "Bounded"]

MAX_BYTES: Final = 1 << 20
"""How many bytes a body may have."""
MAX_DEPTH: Final = 32
"""How deep lists and objects may stand in each other."""
BODY_S: Final = 10.0
"""Seconds that a body may take to arrive."""
_LARGE: Final = 1 << 14
_WITH_BODY: Final = frozenset(("PATCH", "POST", "PUT"))


class Bounded:
    """Refuses bodies that are beyond the limits."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, its body whole."""
        if scope["type"] != "http" or scope["method"] not in _WITH_BODY:
            await self._app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(BODY_S):
                body = await _read(Headers(scope=scope), receive)
            if len(body) > _LARGE:
                await asyncio.to_thread(_check, body)
            elif body:
                _check(body)
        except TimeoutError:
            message = f"the body did not arrive within {BODY_S:g} seconds"
            await problem(scope, HTTPStatus.REQUEST_TIMEOUT, message)(scope, receive, send)
            return
        except HTTPException as refused:
            reply = problem(scope, refused.status_code, refused.detail, kind="body")
            await reply(scope, receive, send)
            return
        await self._app(scope, _replayed(body, receive), send)


async def _read(headers: Headers, receive: Receive) -> bytes:
    length = headers.get("content-length", "0")
    if length.isdecimal() and int(length) > MAX_BYTES:
        _refuse_size()
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""  # the caller is gone
        body += message.get("body", b"")
        if len(body) > MAX_BYTES:
            _refuse_size()
        if not message.get("more_body"):
            break
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if body and kind != "application/json":
        message_ = "a body is JSON and says so: Content-Type: application/json"
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, message_)
    return bytes(body)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Give the body again, and after it what the server still says."""
    is_given = False

    async def again() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _check(body: bytes) -> None:
    try:
        data: object = json.loads(
            body.decode("utf-8"), object_pairs_hook=_each_key_once, parse_constant=_refuse_constant
        )
    except UnicodeDecodeError:
        _refuse("the body is not UTF-8")
    except RecursionError:
        _refuse(f"lists and objects may stand {MAX_DEPTH} deep in each other")
    except ValueError as error:
        _refuse(f"the body is not JSON: {str(error)[:200]}")
    _check_values(data)


def _check_values(data: object) -> None:
    waiting = [(data, 0)]
    while waiting:
        part, depth = waiting.pop()
        if depth > MAX_DEPTH:
            _refuse(f"lists and objects may stand {MAX_DEPTH} deep in each other")
        if isinstance(part, float) and not math.isfinite(part):
            _refuse("a number is too large")
        if isinstance(part, str) and not _is_text(part):
            message = "a text holds a zero character or half a character"
            raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, message)
        if isinstance(part, Mapping):
            waiting += [(value, depth + 1) for entry in part.items() for value in entry]
        elif isinstance(part, list):
            waiting += [(value, depth + 1) for value in part]


def _is_text(part: str) -> bool:
    """Say whether every database can keep a text."""
    return "\0" not in part and not any("\ud800" <= c <= "\udfff" for c in part)


def _each_key_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    data = dict(pairs)
    if len(data) < len(pairs):
        _refuse("an object of the body gives a key twice")
    return data


def _refuse_constant(constant: str) -> NoReturn:
    _refuse(f"{constant} is no number of JSON")


def _refuse(message: str) -> NoReturn:
    raise HTTPException(HTTPStatus.BAD_REQUEST, message)


def _refuse_size() -> NoReturn:
    message = f"a body has at most {MAX_BYTES} bytes"
    raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, message)
