"""``cig db``: the tables of a database or of a run's file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine

from causal_interface_gym.cli.database import DatabaseOption, configured
from causal_interface_gym.cli.operations.backup import restore_command
from causal_interface_gym.cli.operations.doctor import (
    advice_command,
    slow_command,
    tables_command,
)
from causal_interface_gym.cli.output import JsonOption, emit_json, say
from causal_interface_gym.errors import RunError
from causal_interface_gym.storage.database import database_at, file_database
from causal_interface_gym.storage.folder import DATABASE
from causal_interface_gym.storage.schema import HEAD, table_status, upgrade

__all__ = ["app"]

_FINDING = 1

Run = Annotated[
    Path | None,
    typer.Argument(help="The folder of a run that is a file. Default: the database."),
]

app: typer.Typer = typer.Typer(
    help="Look at a database's tables and bring them up to date.", no_args_is_help=True
)


@app.command("migrate")
def migrate_command(
    run: Run = None, database: DatabaseOption = None, as_json: JsonOption = False
) -> None:
    """Bring the tables up to this release, all or nothing; what is stored stays.

    Tables are only added, so the release before this one goes on working beside it.
    """
    with _opened(run, database) as engine:
        applied = upgrade(engine)
        revision = table_status(engine).revision
    if as_json:
        emit_json({"revision": revision, "applied": list(applied)})
    elif applied:
        say(f"applied {', '.join(applied)}; the tables are of revision {revision}")
    else:
        say(f"nothing to do; the tables are of revision {revision}")


@app.command("status")
def status_command(
    run: Run = None, database: DatabaseOption = None, as_json: JsonOption = False
) -> None:
    """Say which revision the tables are of. Exit code 1: they are not up to date."""
    with _opened(run, database) as engine:
        found = table_status(engine)
    if as_json:
        emit_json(
            {
                "revision": found.revision,
                "head": HEAD,
                "pending": list(found.pending),
                "is_later": found.is_later,
            }
        )
    else:
        there = found.revision or ("the first release's" if found.has_runs else "none")
        needed = "made by a later release" if found.is_later else "up to date"
        pending = f"missing: {', '.join(found.pending)}; make them: cig db migrate"
        say(f"tables: {there}; this release: {HEAD}; {pending if found.pending else needed}")
    if found.pending:
        raise typer.Exit(_FINDING)


app.command("restore")(restore_command)
app.command("tables")(tables_command)
app.command("slow")(slow_command)
app.command("index-advice")(advice_command)


@contextmanager
def _opened(run: Path | None, database: str | None) -> Iterator[Engine]:
    if run is not None and not (run / DATABASE).is_file():
        message = f"there is no run in {run}; leave the folder out to mean the database"
        raise RunError(message)
    engine = database_at(configured(database)) if run is None else file_database(run / DATABASE)
    try:
        yield engine
    finally:
        engine.dispose()
