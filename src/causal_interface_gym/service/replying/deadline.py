"""The time that a reply may take to begin.

What works in a thread cannot be stopped half way: the caller is told, and what still comes of the
work goes nowhere. It may have been done all the same, as after a connection that broke.
"""

import asyncio
from http import HTTPStatus
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from causal_interface_gym.service.replying.problems import problem

__all__ = ["DEADLINE_S", "Deadline"]

DEADLINE_S: Final = 30.0
"""Seconds from a whole request to the beginning of its reply."""


class Deadline:
    """Gives up requests that take too long."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an application."""
        self._app = app
        self._late: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = is_late = False

        def give_up() -> None:
            nonlocal is_late
            if not has_begun:
                is_late = True
                said = asyncio.ensure_future(_give_up(scope, receive, send))
                self._late.add(said)
                said.add_done_callback(self._late.discard)

        async def reply(message: Message) -> None:
            nonlocal has_begun
            if not is_late:
                has_begun = True
                timer.cancel()
                await send(message)

        timer = asyncio.get_running_loop().call_later(DEADLINE_S, give_up)
        try:
            await self._app(scope, receive, reply)
        finally:
            timer.cancel()


async def _give_up(scope: Scope, receive: Receive, send: Send) -> None:
    message = (
        f"this was not done within {DEADLINE_S:g} seconds; it may still be. Send it again under "
        "the same Idempotency-Key, or look what became of it"
    )
    late = problem(
        scope,
        HTTPStatus.SERVICE_UNAVAILABLE,
        message,
        kind="deadline",
        headers={"Retry-After": "5"},
    )
    await late(scope, receive, send)
