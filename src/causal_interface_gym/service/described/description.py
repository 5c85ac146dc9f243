"""The description of the interface: what the framework knows of it, and what it cannot know.

Problems, keys, the header that makes a POST repeatable, links from one reply to the next request,
and examples, all of which the tests send.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from causal_interface_gym.service.described.forms import HealthReply, Problem
from causal_interface_gym.service.replying.problems import MEDIA_TYPE

__all__ = ["LINKS", "described", "examples", "operation_id"]

# Any: JSON.
Json = dict[str, Any]

_PROBLEM: Final = "#/components/schemas/Problem"
_HEALTH: Final = "#/components/schemas/HealthReply"
_ALWAYS: Final = {
    400: "What was sent cannot be read.",
    401: "A key is needed, or this one is not good.",
    403: "The role of the key does not suffice.",
    422: "What was sent cannot be used.",
    429: "Too many requests; Retry-After says when to come back.",
    500: "The service failed; its log has more.",
    503: "The service cannot do this now; Retry-After says when to come back.",
}
_OF_POST: Final = {
    408: "The body did not arrive in time.",
    409: "This cannot be done now.",
    413: "The body is too large.",
    415: "A body is JSON.",
    507: "The database has no space left.",
}
_OF_GET: Final = {409: "This cannot be shown now."}
_STREAMS: Final = ("runs_export", "runs_watch")
_KEY: Final[Json] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Under a key a request acts once, and the same answer comes again.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
}
_TAG: Final[Json] = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of a reply that one has; while it is the same, 304 comes back.",
    "schema": {"type": "string"},
}

LINKS: Final[Mapping[str, tuple[tuple[str, str, str], ...]]] = {
    "episodes_create": tuple(
        (target, "episode", "$response.body#/id")
        for target in (
            "episodes_show",
            "episodes_act",
            "episodes_end",
            "episodes_show_log",
            "episodes_show_score",
            "viewing_replay_own",
        )
    ),
    "episodes_end": (
        ("episodes_show_score", "episode", "$request.path.episode"),
        ("episodes_show_log", "episode", "$request.path.episode"),
        ("viewing_replay_own", "episode", "$request.path.episode"),
    ),
    "episodes_list_own": (
        ("episodes_show", "episode", "$response.body#/items/0/id"),
        ("episodes_show_log", "episode", "$response.body#/items/0/id"),
        ("viewing_replay_own", "episode", "$response.body#/items/0/id"),
    ),
    "scenarios_list": (
        ("scenarios_show", "scenario", "$response.body#/items/0/id"),
        ("scenarios_list", "cursor", "$response.body#/next"),
    ),
    "runs_create": tuple(
        (target, "run", "$response.body#/name")
        for target in ("runs_show", "runs_pause", "runs_resume", "runs_cancel")
    ),
    "runs_list": tuple(
        (target, "run", "$response.body#/items/0/name")
        for target in (
            "runs_show",
            "runs_show_report",
            "runs_show_leaderboard",
            "runs_show_transcript",
            "runs_export",
            "runs_export_transcripts",
            "viewing_failures",
            "viewing_replay",
        )
    ),
}
"""Where a reply leads: from an operation to another, whose parameter is a part of the reply."""


def operation_id(route: APIRoute) -> str:
    """Name an operation by its part and its function."""
    part = str(next(iter(route.tags), ""))
    return f"{part}_{route.name.removesuffix(f'_{part}').removesuffix(f'_{part[:-1]}')}"


def described(app: FastAPI, *, needs_key: bool) -> Callable[[], Json]:
    """Give the function that describes an application; it describes it once."""

    @lru_cache(maxsize=1)
    def describe() -> Json:
        found = get_openapi(
            title=app.title,
            version=app.version,
            description=(
                "Worlds whose causal truth is known exactly. Lists come by the page; what is "
                "refused is a problem of RFC 9457."
            ),
            routes=app.routes,
        )
        _add_forms(found, needs_key=needs_key)
        known = examples()
        for path, operations in found["paths"].items():
            for method, operation in operations.items():
                _complete(operation, method=method, has_parts="{" in path)
                _show(operation, known.get(operation["operationId"], {}))
        for name, links in LINKS.items():
            _link(found, name, links)
        found["paths"] |= {f"/health{part}": _health(part[1:]) for part in ("", "/ready", "/live")}
        return found

    return describe


@lru_cache(maxsize=1)
def examples() -> dict[str, Json]:
    """Give the examples by operation: the request, and the reply where it is short."""
    text = files(__package__).joinpath("examples.json").read_text("utf-8")
    found: dict[str, Json] = json.loads(text)
    return found


def _add_forms(found: Json, *, needs_key: bool) -> None:
    parts = found.setdefault("components", {})
    forms = parts.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        forms.pop(unused, None)
    for form in (Problem, HealthReply):
        schema = form.model_json_schema(ref_template="#/components/schemas/{model}")
        forms |= schema.pop("$defs", {})
        forms[form.__name__] = schema
    parts["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "A key of cig keys create."}
    }
    found["security"] = [{"key": []}] if needs_key else [{}, {"key": []}]


def _complete(operation: Json, *, method: str, has_parts: bool) -> None:
    """Add what every operation of a method may answer, and the headers that it heeds."""
    is_post = method == "post"
    problems = _ALWAYS | (_OF_POST if is_post else _OF_GET)
    if has_parts or operation["operationId"] == "viewing_compare_two":
        problems |= {404: "There is none of this name that is yours."}
    if operation["operationId"] == "runs_export":
        problems |= {501: "This service cannot write the form."}
    replies = operation["responses"]
    for status, meaning in sorted(problems.items()):
        content = {MEDIA_TYPE: {"schema": {"$ref": _PROBLEM}}}
        replies[str(status)] = {"description": meaning, "content": content}
    heeded = operation.setdefault("parameters", [])
    if is_post:
        heeded.append(_KEY)
    elif not operation["operationId"].startswith(_STREAMS):
        heeded.append(_TAG)
        replies["304"] = {"description": "It is the same still."}


def _show(operation: Json, example: Json) -> None:
    """Put an example into an operation: its parameters, its body and its reply."""
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in example.get("parameters", {}):
            parameter["example"] = example["parameters"][parameter["name"]]
    if "body" in example:
        for content in operation["requestBody"]["content"].values():
            content["examples"] = {name: {"value": body} for name, body in example["body"].items()}
    if "reply" in example:
        _, reply = next(_good(operation))
        reply["content"]["application/json"]["example"] = example["reply"]


def _link(found: Json, name: str, links: tuple[tuple[str, str, str], ...]) -> None:
    by_id = {
        operation["operationId"]: operation
        for operations in found["paths"].values()
        for operation in operations.values()
    }
    _, reply = next(_good(by_id[name]))
    reply["links"] = {
        f"{target}_{part}": {"operationId": target, "parameters": {part: expression}}
        for target, part, expression in links
    }


def _good(operation: Json) -> Iterator[tuple[str, Json]]:
    return ((status, r) for status, r in operation["responses"].items() if status[0] == "2")


def _health(part: str) -> Json:
    content = {"application/json": {"schema": {"$ref": _HEALTH}}}
    replies = {
        "200": {"description": "All that is needed answers.", "content": content},
        "503": {"description": "Something that is needed does not.", "content": content},
    }
    name = f"health_{part or 'all'}"
    about: Json = {"tags": ["health"], "operationId": name, "summary": name.replace("_", " ")}
    return {"get": {**about, "responses": replies, "security": []}}
