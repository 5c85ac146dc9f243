"""``cig serve``: the gym over HTTP."""

from pathlib import Path
from typing import Annotated, Final

import typer

from causal_interface_gym.cli.database import DatabaseOption, named
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
    from causal_interface_gym.service.server import Listening, needs_key, serve  # noqa: PLC0415

    address = named(database)
    if not address:
        runs.mkdir(parents=True, exist_ok=True)
    engine = database_at(address) if address else file_database(runs / _FILE)
    try:
        ensure_tables(engine)
        listening = Listening(host, port, metrics_port)
        serve(Gym(engine, runs, needs_key(engine, listening)), listening)
    finally:
        engine.dispose()
