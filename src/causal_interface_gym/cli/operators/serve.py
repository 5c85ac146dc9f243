"""``cig serve``: the gym over HTTP."""

from pathlib import Path
from typing import Annotated, Final

import typer

from causal_interface_gym.cli.database import DatabaseOption, named
from causal_interface_gym.storage.cache.guarded import cache_at
from causal_interface_gym.storage.database import database_at, file_database
from causal_interface_gym.storage.schema import ensure_tables

__all__ = ["serve_command"]

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
    # Heavy, and only this command needs them.
    from causal_interface_gym.service.gym import Gym  # noqa: PLC0415
    from causal_interface_gym.service.server import (  # noqa: PLC0415
        Listening,
        limits_at,
        needs_key,
        serve,
    )
    from causal_interface_gym.settings import load_settings  # noqa: PLC0415

    address = named(database)
    if not address:
        runs.mkdir(parents=True, exist_ok=True)
    engine = database_at(address) if address else file_database(runs / _FILE)
    said = load_settings()
    cache = cache_at(said.redis_url.get_secret_value() if said.redis_url else "")
    try:
        ensure_tables(engine)
        listening = Listening(host, port, metrics_port, said.cig_trusted_proxies)
        limits = limits_at(engine, cache)
        serve(Gym(engine, runs, needs_key(engine, listening), limits), listening)
    finally:
        cache.close()
        engine.dispose()
