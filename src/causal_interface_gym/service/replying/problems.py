"""Errors as RFC 9457 problems: a type, a status, what was wrong, and the id of the request.

Every error of the package has a type of its own, so a caller can tell them apart without reading
the sentence.
"""

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

from causal_interface_gym.errors import (
    CausalGymError,
    DependencyError,
    InferenceError,
    InputError,
    ProviderError,
)
from causal_interface_gym.storage.database import is_full, is_refusal

__all__ = ["MEDIA_TYPE", "add_problem_handlers", "problem", "request_id_of"]

MEDIA_TYPE: Final = "application/problem+json"
_NAMESPACE: Final = "urn:causal-interface-gym:problem:"
_STATUS: Final[Mapping[type[CausalGymError], int]] = {
    InputError: HTTPStatus.UNPROCESSABLE_ENTITY,
    InferenceError: HTTPStatus.UNPROCESSABLE_ENTITY,
    DependencyError: HTTPStatus.SERVICE_UNAVAILABLE,
    ProviderError: HTTPStatus.BAD_GATEWAY,
}
_MOST_FAULTS: Final = 20
_LONGEST: Final = 2_000


def problem(
    scope: Scope,
    status: int,
    detail: str,
    *,
    kind: str = "",
    headers: Mapping[str, str] | None = None,
    **more: Any,  # noqa: ANN401 - JSON
) -> Response:
    """Make a problem; without a kind its type is the name of the status."""
    phrase = HTTPStatus(status).phrase
    name = kind or phrase.lower().replace(" ", "-")
    body = {
        "type": _NAMESPACE + name,
        "title": name.replace("-", " "),
        "status": status,
        "detail": detail[:_LONGEST],
        "request_id": request_id_of(scope),
        **more,
    }
    # Half a character, which JSON can name and UTF-8 cannot write, stays an escape.
    return Response(json.dumps(body) + "\n", status, dict(headers or {}), MEDIA_TYPE)


def request_id_of(scope: Scope) -> str:
    """Give the id of a request, under which the log has it too."""
    return str(scope.get("state", {}).get("request_id", ""))


def add_problem_handlers(app: FastAPI) -> None:
    """Let every error that is raised on purpose become a problem."""
    app.add_exception_handler(CausalGymError, _of_the_gym)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(RequestValidationError, _of_form)


async def _of_the_gym(request: Request, error: Exception) -> Response:
    """Say what the package refused; what a database said stays in the log."""
    if is_full(error):
        _note(request, error)
        message = "the database has no space left; nothing of this was kept, and reading goes on"
        return problem(request.scope, HTTPStatus.INSUFFICIENT_STORAGE, message, kind="full")
    if isinstance(error, DependencyError) or is_refusal(error):
        _note(request, error)
        message = "the service cannot reach or write its database now; try again in a moment"
        later = {"Retry-After": "1"}
        unavailable = HTTPStatus.SERVICE_UNAVAILABLE
        return problem(request.scope, unavailable, message, kind="unavailable", headers=later)
    status = next((s for kind, s in _STATUS.items() if isinstance(error, kind)), 500)
    return problem(request.scope, status, str(error), kind=_kebab(type(error).__name__))


async def _of_http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_allowed(request))
    return problem(request.scope, error.status_code, str(error.detail), headers=headers)


def _allowed(request: Request) -> list[str]:
    """Give the methods of a path over all its routes; the framework gives those of the first."""
    found: set[str] = set()
    for route in request.app.state.routes:
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE:
            found |= route.methods or set()
    return sorted(found | ({"HEAD"} if "GET" in found else set()))


async def _of_form(request: Request, error: Exception) -> Response:
    """Say which parts of a request have the wrong form; what was sent is not repeated."""
    if not isinstance(error, RequestValidationError):
        raise error
    faults = [
        {"where": ".".join(map(str, fault["loc"]))[:200], "message": str(fault["msg"])[:200]}
        for fault in error.errors()[:_MOST_FAULTS]
    ]
    detail = "; ".join(f"{fault['where']}: {fault['message']}" for fault in faults)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return problem(request.scope, status, detail, kind="form", faults=faults)


def _note(request: Request, error: Exception) -> None:
    request.state.error = f"{type(error).__name__}: {error}"


def _kebab(name: str) -> str:
    """Write the name of a class as a word of an address.

    >>> _kebab("UnknownVariableError")
    'unknown-variable'
    """
    words: list[str] = re.findall(r"[A-Z][a-z]+|[A-Z]+(?![a-z])", name)
    return "-".join(word.lower() for word in words if word not in {"Error", "Violation"})
