"""Whether this replica lives, and whether all that it needs answers.

What was found counts for a second, so that asking costs next to nothing. A dependency that hangs is
down.
"""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import anyio
from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from causal_interface_gym.errors import CausalGymError, DependencyError
from causal_interface_gym.storage.cache.seam import Cache
from causal_interface_gym.storage.schema import table_status

__all__ = ["FRESH_S", "Health", "cache_check", "database_check", "health_routes"]

FRESH_S: Final = 1.0
"""Seconds for which a finding counts."""
_PATIENCE_S: Final = 2.0
_OK: Final = 200
_UNAVAILABLE: Final = 503

_DOWN: Final = "down"
_DEGRADED: Final = "degraded"

Check = Callable[[], str]
"""Says what is wrong with a dependency, empty where nothing is; it may block."""


@dataclass(frozen=True, slots=True)
class _Finding:
    """What was found, and when."""

    at: float
    lines: tuple[Mapping[str, Any], ...]  # Any: JSON

    @property
    def status(self) -> str:
        """The worst that was found."""
        found = {line["status"] for line in self.lines}
        return next((status for status in (_DOWN, _DEGRADED) if status in found), "ok")


class Health:
    """The health of what this replica needs."""

    def __init__(
        self, needed: Mapping[str, Check], helpful: Mapping[str, Check] | None = None
    ) -> None:
        """Take a check for each dependency; without a helpful one all goes on, only slower."""
        self._checks = [(name, check, _DOWN) for name, check in needed.items()]
        self._checks += [(name, check, _DEGRADED) for name, check in (helpful or {}).items()]
        self._turn = asyncio.Lock()
        self._found = _Finding(-FRESH_S, ())

    async def lines(self) -> tuple[str, tuple[Mapping[str, Any], ...]]:  # Any: JSON
        """Give the worst that was found, and a line for each dependency."""
        async with self._turn:
            if time.monotonic() - self._found.at >= FRESH_S:
                lines = [await _line(*check) for check in self._checks]
                self._found = _Finding(time.monotonic(), tuple(lines))
        return self._found.status, self._found.lines

    async def reply(self, _: Request) -> Response:
        """Answer 200, or 503 where something that is needed is down."""
        status, lines = await self.lines()
        body = {"status": status, "dependencies": list(lines)}
        return _json(body, _UNAVAILABLE if status == _DOWN else _OK)


def database_check(engine: Engine) -> Check:
    """Make the check of a database: it answers, and its tables are those of this release."""

    def check() -> str:
        try:
            pending = table_status(engine).pending
        except CausalGymError:
            return "it does not answer"
        return "its tables are not up to date; cig db migrate makes them" if pending else ""

    return check


def cache_check(cache: Cache) -> Check:
    """Make the check of a cache that processes share: it answers."""

    def check() -> str:
        try:
            cache.ping()
        except DependencyError:
            return "it does not answer; each process uses a cache of its own"
        return ""

    return check


def health_routes(health: Health) -> list[Route]:
    """Give the routes; each answers HEAD too."""
    return [
        Route("/health", health.reply),
        Route("/health/ready", health.reply),
        Route("/health/live", _live),
    ]


async def _live(_: Request) -> Response:
    return _json({"status": "ok"}, _OK)


async def _line(name: str, check: Check, bad: str) -> Mapping[str, Any]:  # Any: JSON
    began = time.perf_counter()
    try:
        with anyio.fail_after(_PATIENCE_S):
            wrong = await anyio.to_thread.run_sync(check, abandon_on_cancel=True)
    except TimeoutError:
        wrong = f"it did not answer within {_PATIENCE_S:g} seconds"
    taken = round(1000 * (time.perf_counter() - began), 3)
    line = {"name": name, "status": bad if wrong else "ok", "latency_ms": taken}
    return line | ({"detail": wrong} if wrong else {})


def _json(body: Mapping[str, Any], status: int) -> Response:  # Any: JSON
    headers = {"Cache-Control": "no-store"}
    return Response(json.dumps(body) + "\n", status, headers, "application/json")
