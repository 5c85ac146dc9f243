"""What a database holds, as digests that are equal exactly where the databases are.

A row's digest is the SHA-256 of its text; a table's is that of its rows' digests in their own
order, so the order of storage does not matter. Everything else (columns, constraints, indexes,
triggers, functions) is the structure, under one digest.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import Connection, text

from causal_interface_gym.errors import OperationError

__all__ = [
    "MONITORING",
    "Contents",
    "TableDigest",
    "difference",
    "file_contents",
    "server_contents",
]

MONITORING: Final = "monitoring"
"""The schema of views for operators; it is made by migration and belongs to no backup."""
_VERSION: Final = "alembic_version"
_SHOWN: Final = 5

_PLAIN: Final = (
    "SET LOCAL TimeZone = 'UTC'",
    "SET LOCAL DateStyle = 'ISO'",
    "SET LOCAL IntervalStyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL search_path = pg_catalog",
)
"""What a value's text depends on."""
_OURS: Final = """
n.nspname NOT IN ('pg_catalog', 'information_schema', 'monitoring', 'extensions')
AND n.nspname NOT LIKE 'pg\\_%'
AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = {oid} AND d.deptype = 'e')
"""
_TABLES: Final = f"""
SELECT n.nspname || '.' || c.relname AS name, format('%I.%I', n.nspname, c.relname) AS quoted
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND {_OURS.format(oid="c.oid")} ORDER BY 1
"""  # noqa: S608 - constants only
# Rows fall into 256 groups by their first byte, so that no text comes near the database's limit.
_DIGEST: Final = """
WITH row_digest AS (SELECT sha256(convert_to(t::text, 'UTF8')) AS digest FROM {table} t),
part AS (
    SELECT get_byte(digest, 0) AS number, count(*) AS n,
           sha256(string_agg(digest, ''::bytea ORDER BY digest)) AS digest
    FROM row_digest GROUP BY 1
)
SELECT coalesce(sum(n), 0)::bigint AS n_rows,
       encode(sha256(coalesce(string_agg(digest, ''::bytea ORDER BY number), ''::bytea)), 'hex')
       AS sha256
FROM part
"""
_STRUCTURE: Final = (
    f"""
    SELECT concat_ws(' ', 'column', n.nspname, c.relname, a.attname,
        format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid))
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
    AND {_OURS.format(oid="c.oid")}
    """,  # noqa: S608 - constants only, here and below
    f"""
    SELECT concat_ws(' ', 'constraint', c.conrelid::regclass, c.conname,
        pg_get_constraintdef(c.oid))
    FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
    WHERE {_OURS.format(oid="c.oid")}
    """,  # noqa: S608
    f"""
    SELECT 'index ' || pg_get_indexdef(c.oid)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'i' AND {_OURS.format(oid="c.oid")}
    """,  # noqa: S608
    f"""
    SELECT 'trigger ' || pg_get_triggerdef(t.oid)
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT t.tgisinternal AND {_OURS.format(oid="c.oid")}
    """,  # noqa: S608
    f"""
    SELECT 'function ' || pg_get_functiondef(p.oid)
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.prokind IN ('f', 'p') AND {_OURS.format(oid="p.oid")}
    """,  # noqa: S608
)


@dataclass(frozen=True, slots=True)
class TableDigest:
    """How many rows a table has, and the digest of them all."""

    n_rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds; ``revision`` is empty where its tables are not this program's."""

    revision: str
    structure: str
    tables: Mapping[str, TableDigest]

    @property
    def n_rows(self) -> int:
        """Rows of all tables."""
        return sum(table.n_rows for table in self.tables.values())

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """Write as plain dictionaries."""
        return {
            "revision": self.revision,
            "structure": self.structure,
            "tables": {name: asdict(table) for name, table in self.tables.items()},
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Contents":  # Any: JSON
        """Read what ``to_json`` wrote.

        Raises:
            OperationError: It is something else.
        """
        try:
            tables = {
                str(name): TableDigest(int(table["n_rows"]), str(table["sha256"]))
                for name, table in value["tables"].items()
            }
            return cls(str(value["revision"]), str(value["structure"]), tables)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            message = f"these are no digests of a database: {error!r}"
            raise OperationError(message) from error


def difference(expected: Contents, found: Contents) -> str:
    """Say what is not equal, empty where all is."""
    names = sorted({*expected.tables, *found.tables})
    unequal = [n for n in names if expected.tables.get(n) != found.tables.get(n)]
    if unequal:
        lines = [_table_difference(name, expected, found) for name in unequal[:_SHOWN]]
        more = f" and {len(unequal) - _SHOWN} more" if len(unequal) > _SHOWN else ""
        return "; ".join(lines) + more
    if expected.revision != found.revision:
        return f"the tables are of revision {found.revision}, not {expected.revision}"
    if expected.structure != found.structure:
        return "a column, constraint, index, trigger or function is not the same"
    return ""


def server_contents(connection: Connection) -> Contents:
    """Read a PostgreSQL database within a transaction, whose snapshot holds for all of it."""
    for setting in _PLAIN:
        connection.execute(text(setting))
    tables = {
        row.name: TableDigest(*connection.execute(text(_DIGEST.format(table=row.quoted))).one())
        for row in connection.execute(text(_TABLES)).all()
    }
    lines = [str(line) for query in _STRUCTURE for line in connection.scalars(text(query))]
    revision = ""
    if f"public.{_VERSION}" in tables:
        revision = str(
            connection.scalar(text("SELECT version_num FROM public.alembic_version")) or ""
        )
    return Contents(revision, _digest(sorted(lines)), tables)


def file_contents(connection: sqlite3.Connection) -> Contents:
    """Read an SQLite database; what it finds holds if nobody writes meanwhile."""
    made = connection.execute(
        "SELECT name, type, coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' "
        "ESCAPE '\\' ORDER BY type, name"
    ).fetchall()
    tables = {name: _file_table(connection, name) for name, kind, _ in made if kind == "table"}
    revision = ""
    if _VERSION in tables:
        row = connection.execute(f"SELECT version_num FROM {_VERSION}").fetchone()  # noqa: S608
        revision = str(row[0]) if row else ""
    return Contents(revision, _digest(sql for _, _, sql in made), tables)


def _file_table(connection: sqlite3.Connection, name: str) -> TableDigest:
    quoted = '"' + name.replace('"', '""') + '"'
    rows = connection.execute(f"SELECT * FROM {quoted}")  # noqa: S608 - a name of the database's own
    digests = sorted(hashlib.sha256(repr(row).encode()).digest() for row in rows)
    return TableDigest(len(digests), hashlib.sha256(b"".join(digests)).hexdigest())


def _table_difference(name: str, expected: Contents, found: Contents) -> str:
    wanted, there = expected.tables.get(name), found.tables.get(name)
    if wanted is None:
        return f"table {name} is there and should not be"
    if there is None:
        return f"table {name} is missing"
    if wanted.n_rows != there.n_rows:
        return f"table {name} has {there.n_rows} rows, not {wanted.n_rows}"
    return f"table {name} has other contents"


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
