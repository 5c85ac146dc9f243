"""``serve``: listen, show the metrics, and end in order when told to."""

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Final

import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine

from causal_interface_gym.errors import AccountError
from causal_interface_gym.ops.backup.vault import Vault
from causal_interface_gym.ops.monitoring.resources import Resources
from causal_interface_gym.ops.monitoring.standing import Standing
from causal_interface_gym.runs.runner import Limits as RunLimits
from causal_interface_gym.service.app import build_app
from causal_interface_gym.service.gym import Gym
from causal_interface_gym.service.limits import Limits, Rates, is_loopback
from causal_interface_gym.service.patience import Patient
from causal_interface_gym.service.watching.metrics import Metrics, shown
from causal_interface_gym.service.watching.watch import json_log
from causal_interface_gym.settings import load_settings
from causal_interface_gym.storage.cache.seam import Cache
from causal_interface_gym.storage.database import is_file
from causal_interface_gym.storage.service.accounts import has_good_key
from causal_interface_gym.storage.service.runtime import set_values
from causal_interface_gym.worker.local import playing_here

__all__ = ["Listening", "check_keys", "limits_at", "needs_key", "serve"]

_DRAIN_S: Final = 30
"""Seconds that requests have to end in after the service was told to stop."""
_BACKLOG: Final = 2_048


@dataclass(frozen=True, slots=True)
class Listening:
    """Where a service listens; a port of 0 lets the system choose one.

    ``trusted`` are the gateways that say whose request they hand on.
    """

    host: str
    port: int
    metrics_port: int
    trusted: str = "127.0.0.1,::1"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return is_loopback(self.host)


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


def limits_at(engine: Engine, cache: Cache) -> Limits:
    """Give the limits that hold in a cache, as large as the settings say, those of run time too."""

    def rates() -> Rates:
        said = load_settings(set_values(engine))
        return Rates(said.api_requests_per_minute, said.api_refused_per_minute)

    return Limits(cache, rates)


def serve(gym: Gym, listening: Listening) -> None:
    """Serve a gym until a signal ends it; requests that have begun are replied to.

    Raises:
        AccountError: It would be open to others without a key.
        OSError: A port is taken.
    """
    check_keys(gym.engine, listening)
    metrics = Metrics()
    standing = Standing(gym.engine, Vault(load_settings().backup_folder))
    for more in (Resources(), standing):
        metrics.registry.register(more)
    log = json_log()
    app = build_app(gym, metrics=metrics, log=log)
    family = socket.AF_INET6 if ":" in listening.host else socket.AF_INET
    here = (listening.host, listening.port)
    with (
        closing(standing),
        closing(socket.create_server(here, family=family, backlog=_BACKLOG)) as listener,
        shown(metrics, listening.host, listening.metrics_port) as metrics_port,
        _ended_in_order(),
    ):
        where = {"host": listening.host, "port": listener.getsockname()[1]}
        server = _Server(
            _config(app, listening),
            lambda: log.info("listening", **where, metrics_port=metrics_port),
        )
        app.state.is_ending = lambda: server.should_exit
        with playing_here(gym.engine, RunLimits(), log) if is_file(gym.engine) else nullcontext():
            server.run(sockets=[listener])
        log.info("stopped")


class _Server(uvicorn.Server):
    """A server that says when it takes requests."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        """Call ``on_ready`` then."""
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to take requests."""
        await super().startup(sockets)
        self._on_ready()


def _config(app: FastAPI, listening: Listening) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=Patient,
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=listening.trusted,
        timeout_graceful_shutdown=_DRAIN_S,
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
