"""The border of every request: its id, its line in the log, its measure, and its last resort.

An id that the caller or a gateway gave is kept if it has the form of one. The line holds no query,
no header and no body, so no key gets into it.
"""

import re
import sys
import time
import uuid
from typing import Any, Final, TextIO

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from causal_interface_gym.service.replying.problems import problem
from causal_interface_gym.service.watching.metrics import Metrics

__all__ = ["HEADER", "Watch", "json_log"]

HEADER: Final = "X-Request-ID"
_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_NOWHERE: Final = "(none)"
_METHODS: Final = frozenset(("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"))
_SERVER_ERROR: Final = 500
_FAILED: Final = "the service failed; the log has more under this request's id"
_LEFT: Final = 499
"""What counts as the status where the caller was gone before there was a reply."""


def json_log(stream: TextIO | None = None) -> Any:  # noqa: ANN401 - the library's own type is open
    """Make a log of one JSON line for each event, on standard output unless told otherwise."""
    return structlog.wrap_logger(
        structlog.WriteLogger(stream or sys.stdout),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(0),
    )


class Watch:
    """Watches the requests of an application."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, log: Any) -> None:  # noqa: ANN401 - as above
        """Stand before an application."""
        self._app = app
        self._metrics = metrics
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        state = scope.setdefault("state", {})
        state["request_id"] = _request_id(Headers(scope=scope))
        status = 0
        is_over = False

        def over() -> None:
            nonlocal is_over
            if not is_over:
                is_over = True
                self._end(scope, status or _LEFT, time.perf_counter() - began)

        async def reply(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                _add_headers(message, state)
            elif not message.get("more_body"):
                over()  # before its last part, so that who has the reply finds it in the log
            await send(message)

        try:
            await self._app(scope, receive, reply)
        except ClientDisconnect:  # whoever asked has gone, or has all that he asked for
            pass
        except Exception:  # the border of the process: nothing of it goes to the caller
            self._log.exception("failed", request_id=state["request_id"])
            if status:
                raise  # the reply has begun and cannot be mended
            await problem(scope, _SERVER_ERROR, _FAILED)(scope, receive, reply)
        finally:
            over()

    def _end(self, scope: Scope, status: int, seconds: float) -> None:
        state = scope["state"]
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        route = _route(scope)
        self._metrics.add(method, route, status, seconds)
        more = {name: state[name] for name in ("account", "refused", "error") if name in state}
        (self._log.error if status >= _SERVER_ERROR else self._log.info)(
            "request",
            request_id=state["request_id"],
            method=method,
            route=route,
            status=status,
            duration_s=round(seconds, 6),
            **more,
        )


def _add_headers(message: Message, state: dict[str, Any]) -> None:
    """Add what every reply has: its id, that its type is what it says, and the caller's budget."""
    headers = MutableHeaders(scope=message)
    headers[HEADER] = state["request_id"]
    headers["X-Content-Type-Options"] = "nosniff"
    for name, value in state.get("rate", {}).items():
        headers.setdefault(name, value)


def _route(scope: Scope) -> str:
    """Give the template of the path; one without parameters that leads somewhere is its own."""
    if scope.get("path_params") or "endpoint" not in scope:
        return str(getattr(scope.get("route"), "path", _NOWHERE))
    return str(scope["path"])


def _request_id(headers: Headers) -> str:
    given = headers.get(HEADER, "")
    return given if _ID.fullmatch(given) else uuid.uuid4().hex
