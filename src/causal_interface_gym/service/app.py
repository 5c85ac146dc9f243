"""The application: the routes, and what stands before all of them."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, Final

from anyio import CapacityLimiter
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response

from causal_interface_gym.service.asking import PLACES
from causal_interface_gym.service.described.description import described, operation_id
from causal_interface_gym.service.gym import Gym
from causal_interface_gym.service.playground import routes as playground
from causal_interface_gym.service.replying.bodies import Bounded
from causal_interface_gym.service.replying.deadline import Deadline
from causal_interface_gym.service.replying.heads import Heads
from causal_interface_gym.service.replying.problems import add_problem_handlers
from causal_interface_gym.service.routes import (
    episodes,
    front,
    models,
    questions,
    runs,
    scenarios,
    status,
)
from causal_interface_gym.service.running import events as run_events
from causal_interface_gym.service.running import routes as run_control
from causal_interface_gym.service.running.tails import Tails
from causal_interface_gym.service.viewing import routes as viewing
from causal_interface_gym.service.watching.health import (
    Health,
    cache_check,
    database_check,
    health_routes,
)
from causal_interface_gym.service.watching.metrics import Metrics
from causal_interface_gym.service.watching.watch import Watch
from causal_interface_gym.service.web import pages
from causal_interface_gym.storage.cache.guarded import GuardedCache

__all__ = ["build_app"]

_HERE: Final = ["localhost", "127.0.0.1", "[::1]"]


def build_app(gym: Gym, *, metrics: Metrics, log: Any) -> FastAPI:  # noqa: ANN401 - an open type
    """Make the application that serves a gym."""
    health = _health(gym)
    before = [Middleware(Watch, metrics=metrics, log=log)]
    if not gym.needs_key:
        # Without keys only this machine is trusted: no page may reach it under another name.
        before.append(Middleware(TrustedHostMiddleware, allowed_hosts=_HERE))
    app = FastAPI(
        title="Causal Interface Gym",
        version=version("causal-interface-gym"),
        # Their pages load scripts from elsewhere; the description itself is at /openapi.json.
        docs_url=None,
        redoc_url=None,
        middleware=[*before, Middleware(Heads), Middleware(Bounded), Middleware(Deadline)],
        routes=list(health_routes(health)),
        generate_unique_id_function=operation_id,
    )
    app.state.gym = gym
    app.state.health = health
    add_problem_handlers(app)
    app.add_exception_handler(HTTPStatus.NOT_FOUND, _nowhere(app))
    app.state.places = CapacityLimiter(PLACES)
    app.state.tails = Tails(gym.engine, log)
    app.state.is_ending = lambda: False
    parts = (
        *(front, status, scenarios, questions, models, playground, episodes),
        *(runs, run_control, run_events, viewing, pages),
    )
    for part in parts:
        app.include_router(part.router)
    app.state.routes = [*app.routes, *(route for part in parts for route in part.router.routes)]
    app.openapi = described(app, needs_key=gym.needs_key)  # type: ignore[method-assign]  # its way
    return app


def _nowhere(app: FastAPI) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Make what answers where there is nothing: a page for a browser, a problem for a program."""
    say: Any = app.exception_handlers[HTTPException]  # the problem of every other status

    async def answer(request: Request, error: Exception) -> Response:
        found: Response = pages.nowhere(request) or await say(request, error)
        return found

    return answer


def _health(gym: Gym) -> Health:
    """Look after the database, and the cache where it is shared: without that one all goes on."""
    cache = gym.limits.cache
    shared = {"redis": cache_check(cache)} if isinstance(cache, GuardedCache) else {}
    return Health({"database": database_check(gym.engine)}, shared)
