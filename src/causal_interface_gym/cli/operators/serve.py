"""``cig serve``: the gym over HTTP."""

from pathlib import Path
from typing import Annotated, Final, NamedTuple

import typer

from causal_interface_gym.cli.database import DatabaseOption, named
from causal_interface_gym.storage.cache.guarded import cache_at
from causal_interface_gym.storage.database import database_at, file_database
from causal_interface_gym.storage.schema import ensure_tables

__all__ = ["dev_command", "serve_command"]

_FILE: Final = "service.db"

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(min=0, max=65_535, help="The port; 0 takes a free one.")]
MetricsPort = Annotated[int, typer.Option(min=0, max=65_535, help="The port of /metrics.")]
Runs = Annotated[Path, typer.Option(help="The folder that holds the folders of runs.")]


def serve_command(
    host: Host = "127.0.0.1",
    port: Port = 8501,
    metrics_port: MetricsPort = 8090,
    database: DatabaseOption = None,
    runs: Runs = Path("runs"),
) -> None:
    """Serve the report of the latest run, scenarios, questions, episodes and runs over HTTP.

    Without a database it keeps episodes in a file in the folder of runs. Keys are needed beyond
    this machine and with a database's server. A signal ends it after the requests that have begun.
    """
    address = named(database)
    from causal_interface_gym.settings import load_settings  # noqa: PLC0415 - slow to load

    said = load_settings()
    cache = said.redis_url.get_secret_value() if said.redis_url else ""
    _serve(_Place(host, port, metrics_port), address, cache, runs)


def dev_command(
    port: Port = 8501, metrics_port: MetricsPort = 8090, runs: Runs = Path("runs")
) -> None:
    """Serve and play queued runs in one process, on this machine only, to try things out.

    Everything is kept in a file in the folder of runs: a database, a cache or a key that the
    environment names is left alone. A signal ends it after the requests and trials that have begun.
    """
    _serve(_Place("127.0.0.1", port, metrics_port), "", "", runs)


class _Place(NamedTuple):
    """Where to listen."""

    host: str
    port: int
    metrics_port: int


def _serve(place: _Place, address: str, cache_address: str, runs: Path) -> None:
    """Serve a folder of runs with a database and a cache; a file and memory where none is named."""
    # Heavy, and only this command needs them.
    from causal_interface_gym.service.gym import Gym  # noqa: PLC0415
    from causal_interface_gym.service.server import (  # noqa: PLC0415
        Listening,
        limits_at,
        needs_key,
        serve,
    )
    from causal_interface_gym.settings import load_settings  # noqa: PLC0415

    if not address:
        runs.mkdir(parents=True, exist_ok=True)
    engine = database_at(address) if address else file_database(runs / _FILE)
    cache = cache_at(cache_address)
    try:
        ensure_tables(engine)
        listening = Listening(*place, load_settings().cig_trusted_proxies)
        limits = limits_at(engine, cache)
        serve(Gym(engine, runs, needs_key(engine, listening), limits), listening)
    finally:
        cache.close()
        engine.dispose()
