"""``cig doctor`` and ``cig db tables|slow|index-advice``: what ails, and what a database says."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer

from causal_interface_gym.cli.database import DatabaseOption, configured
from causal_interface_gym.cli.operations.duty import engine_for
from causal_interface_gym.cli.output import JsonOption, emit_json, safe, say
from causal_interface_gym.errors import CausalGymError
from causal_interface_gym.ops.tables import SLOW_MS, index_advice, slow_statements, table_sizes
from causal_interface_gym.storage.database import database_at, memory_database

__all__ = ["advice_command", "doctor_command", "slow_command", "tables_command"]

_EXIT: Final = {"ok": 0, "degraded": 1, "failed": 3}

Runs = Annotated[Path, typer.Option(help="The folder that holds the folders of runs.")]


def doctor_command(
    database: DatabaseOption = None, runs: Runs = Path("runs"), as_json: JsonOption = False
) -> None:
    """Look at everything that is needed; a line each, and the next command where it ails.

    Exit code 1: something is degraded, but all goes on. Exit code 3: something that is needed
    failed.
    """
    from causal_interface_gym.ops.doctor import examine  # noqa: PLC0415 - slow to load

    try:
        engine = engine_for(database, runs)
    except CausalGymError:
        engine = memory_database()  # the settings cannot be read, which is the first finding
    try:
        findings = examine(engine, runs)
    finally:
        engine.dispose()
    if as_json:
        emit_json({"findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            line = f"{finding.state:<9} {finding.name:<10} {finding.detail}"
            say(safe(f"{line}; next: {finding.fix}" if finding.fix else line))
    worst = max((_EXIT[finding.state] for finding in findings), default=0)
    if worst:
        raise typer.Exit(worst)


def tables_command(database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """Count the rows of every table, and the bytes with indexes where a server says."""
    engine = database_at(configured(database))
    try:
        found = table_sizes(engine)
    finally:
        engine.dispose()
    if as_json:
        emit_json({"tables": [asdict(size) for size in found]})
        return
    _columns(
        ("table", "rows", "bytes"),
        [(s.name, f"{s.n_rows:,}", "" if s.n_bytes is None else f"{s.n_bytes:,}") for s in found],
    )


def slow_command(
    database: DatabaseOption = None,
    above: Annotated[float, typer.Option(min=0, help="The least mean time, in ms.")] = SLOW_MS,
    most: Annotated[int, typer.Option(min=1, max=1_000, help="How many are listed.")] = 10,
    as_json: JsonOption = False,
) -> None:
    """List the statements whose mean time is above a limit, slowest first (PostgreSQL)."""
    engine = database_at(configured(database))
    try:
        found = slow_statements(engine, above_ms=above, most=most)
    finally:
        engine.dispose()
    if as_json:
        emit_json({"above_ms": above, "statements": [asdict(slow) for slow in found]})
        return
    if not found:
        say(f"no statement takes more than {above:g} ms on average")
        return
    rows = [
        (f"{s.mean_ms:,.1f}", f"{s.n_calls:,}", f"{s.total_ms:,.0f}", s.statement[:120])
        for s in found
    ]
    _columns(("mean ms", "calls", "total ms", "statement"), rows)


def advice_command(database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """Name tables that lack an index and indexes that nobody uses (PostgreSQL).

    It reads what the server counted since its statistics began: give it a day of real use.
    """
    engine = database_at(configured(database))
    try:
        found = index_advice(engine)
    finally:
        engine.dispose()
    if as_json:
        emit_json({"advice": [asdict(advice) for advice in found]})
    elif found:
        _columns(("table", "index", "why"), [(a.table, a.index or "-", a.reason) for a in found])
    else:
        say("no large table is read whole often, and every index is used")


def _columns(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write rows in columns, the last one as it is."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head) - 1)]
    for row in (head, *rows):
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        say(safe("  ".join([*cells, row[-1]]).rstrip()))
