"""``serve``: listen, show the metrics, and end in order when told to."""

import ipaddress
import signal
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Final

import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine

from causal_interface_gym.errors import AccountError
from causal_interface_gym.runs.runner import Limits
from causal_interface_gym.service.app import build_app
from causal_interface_gym.service.gym import Gym
from causal_interface_gym.service.metrics import Metrics, shown
from causal_interface_gym.service.watch import json_log
from causal_interface_gym.storage.database import is_file
from causal_interface_gym.storage.service.accounts import has_good_key
from causal_interface_gym.worker.local import playing_here

__all__ = ["Listening", "check_keys", "needs_key", "serve"]

_DRAIN_S: Final = 30
"""Seconds that requests have to end in after the service was told to stop."""
_BACKLOG: Final = 2_048


@dataclass(frozen=True, slots=True)
class Listening:
    """Where a service listens; a port of 0 lets the system choose one."""

    host: str
    port: int
    metrics_port: int

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:  # a name, which may be anybody's
            return False


def needs_key(engine: Engine, listening: Listening) -> bool:
    """Say whether callers have to show a key."""
    return not listening.is_loopback or not is_file(engine)


def check_keys(engine: Engine, listening: Listening) -> None:
    """Refuse to listen beyond this machine where nobody has a key.

    Raises:
        AccountError: No key is good.
        RunError: The database refused.
        DependencyError: Its server does not answer.
    """
    if not listening.is_loopback and not has_good_key(engine):
        message = (
            f"{listening.host} can be reached from other machines and nobody has a key; make one "
            "with: cig keys create NAME --role researcher, or listen on 127.0.0.1"
        )
        raise AccountError(message)


def serve(gym: Gym, listening: Listening) -> None:
    """Serve a gym until a signal ends it; requests that have begun are replied to.

    Raises:
        AccountError: It would be open to others without a key.
        OSError: A port is taken.
    """
    check_keys(gym.engine, listening)
    metrics = Metrics()
    log = json_log()
    app = build_app(gym, metrics=metrics, log=log)
    family = socket.AF_INET6 if ":" in listening.host else socket.AF_INET
    here = (listening.host, listening.port)
    with (
        closing(socket.create_server(here, family=family, backlog=_BACKLOG)) as listener,
        shown(metrics, listening.host, listening.metrics_port) as metrics_port,
        _ended_in_order(),
    ):
        port = listener.getsockname()[1]
        log.info("listening", host=listening.host, port=port, metrics_port=metrics_port)
        server = uvicorn.Server(_config(app))
        app.state.is_ending = lambda: server.should_exit
        with playing_here(gym.engine, Limits(), log) if is_file(gym.engine) else nullcontext():
            server.run(sockets=[listener])
        log.info("stopped")


def _config(app: FastAPI) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_DRAIN_S,
        h11_max_incomplete_event_size=1 << 16,
    )


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Let a signal that the server has obeyed already do nothing more when it hands it on."""
    signals = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *_: None) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
