"""The application: the routes, and what stands before all of them."""

from importlib.metadata import version
from typing import Any, Final

from anyio import CapacityLimiter
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from causal_interface_gym.service.gym import Gym
from causal_interface_gym.service.playground import routes as playground
from causal_interface_gym.service.replying.bodies import Bounded
from causal_interface_gym.service.replying.problems import add_problem_handlers
from causal_interface_gym.service.routes import episodes, front, questions, runs, scenarios
from causal_interface_gym.service.watching.health import Health, database_check, health_routes
from causal_interface_gym.service.watching.metrics import Metrics
from causal_interface_gym.service.watching.watch import Watch
from causal_interface_gym.service.web import pages

__all__ = ["build_app"]

_HERE: Final = ["localhost", "127.0.0.1", "[::1]"]


def build_app(gym: Gym, *, metrics: Metrics, log: Any) -> FastAPI:  # noqa: ANN401 - an open type
    """Make the application that serves a gym."""
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
        middleware=[*before, Middleware(Bounded)],
        routes=list(health_routes(Health({"database": database_check(gym.engine)}))),
    )
    app.state.gym = gym
    add_problem_handlers(app)
    app.state.places = CapacityLimiter(questions.PLACES)
    for part in (front, scenarios, questions, playground, episodes, runs, pages):
        app.include_router(part.router)
    return app
