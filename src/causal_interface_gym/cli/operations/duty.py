"""``cig duty``: what an operator does every day and week, as commands for the host's scheduler."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine

from causal_interface_gym.cli.database import DatabaseOption, named
from causal_interface_gym.cli.output import JsonOption, emit_json, safe, say
from causal_interface_gym.errors import OperationError
from causal_interface_gym.storage.database import database_at, file_database, memory_database
from causal_interface_gym.storage.schema import ensure_tables

__all__ = ["app", "engine_for"]

_SERVICE = "service.db"
_PERIODS = ("daily", "weekly")

Runs = Annotated[Path, typer.Option(help="The folder that holds the folders of runs.")]

app: typer.Typer = typer.Typer(
    help="What is done every day and week; the host's scheduler calls it.", no_args_is_help=True
)


@app.callback()
def duty() -> None:
    """Look back on a day or a week."""


@app.command("report")
def report_command(
    period: Annotated[str, typer.Argument(help="daily or weekly.")] = "daily",
    mail: Annotated[
        bool, typer.Option("--mail", help="Send it to CIG_MAIL_TO by CIG_MAIL_SERVER.")
    ] = False,
    database: DatabaseOption = None,
    runs: Runs = Path("runs"),
    as_json: JsonOption = False,
) -> None:
    """Write what ails, what was done and what is silenced; with --mail send it."""
    from causal_interface_gym.ops.doctor import examine  # noqa: PLC0415 - slow to load
    from causal_interface_gym.ops.summary import Period, send, summarise  # noqa: PLC0415
    from causal_interface_gym.settings import load_settings  # noqa: PLC0415

    if period not in _PERIODS:
        message = f"a summary is daily or weekly; got {period!r:.40}"
        raise OperationError(message)
    said = load_settings()
    with closing(_Lent(engine_for(database, runs))) as lent:
        found = summarise(
            lent.engine,
            examine(lent.engine, runs),
            Period(period),
            alertmanager=said.alertmanager_url,
        )
    if mail:
        to = [name.strip() for name in said.mail_to.split(",") if name.strip()]
        send(found, server=said.mail_server, sender=said.mail_from, to=to)
    if as_json:
        emit_json(found.to_json() | {"mailed": mail})
    else:
        say(safe(f"{found.subject}\n\n{found}".rstrip("\n")))
        if mail:
            say(f"mailed to {said.mail_to}")


class _Lent:
    """A database that is let go of."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def close(self) -> None:
        """Let go of it."""
        self.engine.dispose()


def engine_for(database: str | None, runs: Path) -> Engine:
    """Open the database that is named, else the service's file, else an empty one in memory."""
    address, file = named(database), runs / _SERVICE
    if address:
        return database_at(address)
    if file.exists():
        return file_database(file)
    engine = memory_database()
    ensure_tables(engine)
    return engine
