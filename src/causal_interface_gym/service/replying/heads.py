"""HEAD wherever there is GET: the same reply, of which the server sends the head alone."""

from typing import Final

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Heads"]

_FOUND: Final = ("endpoint", "path_params", "route")
"""What the router notes of a request."""


class Heads:
    """Lets an application answer HEAD as it answers GET."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through; the server knows that it was for a head and drops the body."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        asked = {**scope, "method": "GET"}

        async def reply(message: Message) -> None:
            scope.update({name: asked[name] for name in _FOUND if name in asked})
            if message.get("more_body"):  # a stream, of which nothing will be sent
                await send({"type": "http.response.body"})
                raise ClientDisconnect
            await send(message)

        await self._app(asked, receive, reply)
