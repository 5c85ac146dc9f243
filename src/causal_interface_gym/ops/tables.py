"""What a database's own statistics say: sizes of tables, slow statements, indexes that are missing.

Rows are counted, not estimated. Statements and scans are counted by PostgreSQL only.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Engine, Table, func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from causal_interface_gym.errors import OperationError
from causal_interface_gym.storage.database import is_file, reading
from causal_interface_gym.storage.schema import TABLES

__all__ = ["Advice", "Slow", "TableSize", "index_advice", "slow_statements", "table_sizes"]

SLOW_MS: Final = 5_000.0
"""What the runbook calls a slow statement."""
_HOME: Final = text(
    "SELECT n.nspname FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace "
    "WHERE e.extname = 'pg_stat_statements'"
)
_LOOK_THERE: Final = text("SELECT set_config('search_path', :schema, true)")
_SLOW: Final = text(
    "SELECT query, calls, mean_exec_time, total_exec_time FROM pg_stat_statements "
    "WHERE mean_exec_time > :above ORDER BY mean_exec_time DESC LIMIT :most"
)
_FEW_ROWS: Final = 10_000
"""A table this small is read whole in no time."""
_OFTEN: Final = 50


@dataclass(frozen=True, slots=True)
class TableSize:
    """A table with its rows, and its bytes with indexes; None where the database does not say."""

    name: str
    n_rows: int
    n_bytes: int | None


@dataclass(frozen=True, slots=True)
class Slow:
    """A kind of statement, its constants left out; times in milliseconds."""

    statement: str
    n_calls: int
    mean_ms: float
    total_ms: float


@dataclass(frozen=True, slots=True)
class Advice:
    """A table that is read whole again and again, or an index that nobody uses."""

    table: str
    index: str
    reason: str


def table_sizes(engine: Engine) -> tuple[TableSize, ...]:
    """Count the rows of every table of this program, largest first.

    Raises:
        RunError: The database refused.
        DependencyError: Its server does not answer.
    """
    with reading(engine) as connection:
        names = inspect(connection).get_table_names()
        known = [TABLES.tables[name] for name in names if name in TABLES.tables]
        found = [
            TableSize(table.name, _n_rows(connection, table), _n_bytes(connection, table.name))
            for table in known
        ]
    return tuple(sorted(found, key=lambda size: (-(size.n_bytes or 0), -size.n_rows, size.name)))


def slow_statements(
    engine: Engine, *, above_ms: float = SLOW_MS, most: int = 10
) -> tuple[Slow, ...]:
    """Give the statements whose mean time is above a limit, slowest first.

    Raises:
        OperationError: The server does not collect them.
        RunError: The database refused.
        DependencyError: Its server does not answer.
    """
    _need_server(engine, "statements are measured")
    with reading(engine) as connection:
        schema = connection.execute(_HOME).scalar()
        if schema is None:
            raise _not_collected()
        try:
            connection.execute(_LOOK_THERE, {"schema": f'"{schema}", pg_catalog'})
            rows = connection.execute(_SLOW, {"above": above_ms, "most": most}).all()
        except DBAPIError as error:
            raise _not_collected() from error
    return tuple(Slow(" ".join(q.split()), int(n), float(m), float(t)) for q, n, m, t in rows)


def index_advice(engine: Engine) -> tuple[Advice, ...]:
    """Name large tables that are read whole more often than by an index, and unused indexes.

    Raises:
        OperationError: This is no server.
        RunError: The database refused.
        DependencyError: Its server does not answer.
    """
    _need_server(engine, "scans are counted")
    with reading(engine) as connection:
        scans = connection.execute(
            text(
                "SELECT relname, seq_scan, coalesce(idx_scan, 0), n_live_tup "
                "FROM pg_stat_user_tables WHERE n_live_tup > :few AND seq_scan > :often "
                "AND seq_scan > coalesce(idx_scan, 0) ORDER BY seq_tup_read DESC"
            ),
            {"few": _FEW_ROWS, "often": _OFTEN},
        ).all()
        unused = connection.execute(
            text(
                "SELECT s.relname, s.indexrelname, pg_relation_size(s.indexrelid) "
                "FROM pg_stat_user_indexes s JOIN pg_index i USING (indexrelid) "
                "JOIN pg_stat_user_tables t ON t.relid = s.relid "
                "WHERE s.idx_scan = 0 AND NOT i.indisunique AND t.n_live_tup > :few "
                "ORDER BY 3 DESC"
            ),
            {"few": _FEW_ROWS},
        ).all()
    read_whole = [
        Advice(name, "", f"read whole {whole:,} times, by an index {by:,} times; {n:,} rows")
        for name, whole, by, n in scans
    ]
    never = [Advice(name, index, f"never used; {size:,} bytes") for name, index, size in unused]
    return (*read_whole, *never)


def _n_rows(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _n_bytes(connection: Connection, name: str) -> int | None:
    if connection.dialect.name != "postgresql":
        return None
    size = text("SELECT pg_total_relation_size(to_regclass(:name))")
    return int(connection.execute(size, {"name": f'"{name}"'}).scalar_one())


def _need_server(engine: Engine, what: str) -> None:
    if is_file(engine):
        message = f"{what} by PostgreSQL only, and this database is a file; give --database"
        raise OperationError(message)


def _not_collected() -> OperationError:
    return OperationError(
        "the server does not collect statements: it needs shared_preload_libraries = "
        "'pg_stat_statements' and CREATE EXTENSION pg_stat_statements (ops/postgres/init.sql)"
    )
