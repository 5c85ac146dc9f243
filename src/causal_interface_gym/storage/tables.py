"""The tables of runs. Every row is written once and never changed.

A table is described here as it is now, and in ``migrations`` as it came to be; a test compares.

A trial's key is its number in the run's spec. A world is kept under the hash of its text, so one
that many runs meet is kept once. JSON is kept as text, which every database gives back unchanged.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Insert,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.dialects import postgresql, sqlite

__all__ = [
    "MAIN",
    "METADATA",
    "SCHEMA",
    "calibrations",
    "episodes",
    "events",
    "failures",
    "insert_new",
    "runs",
    "scores",
    "worlds",
]

SCHEMA: Final = 1
"""Who can read a run: it keeps the number it was written with, and a program refuses another one.

It rises only with a change that the release before cannot read; tables that are merely added leave
it alone.
"""

METADATA: Final = MetaData()

MAIN: Final = "main"
"""The id of the run in a database that holds only one."""

_RUN: Final = 64
_NAME: Final = 200
_DIGEST: Final = 64

runs: Final = Table(
    "run",
    METADATA,
    Column("id", String(_RUN), primary_key=True),
    Column("schema_version", Integer, nullable=False),
    Column("spec", Text, nullable=False),
)

worlds: Final = Table(
    "world",
    METADATA,
    Column("address", String(_DIGEST), primary_key=True),
    Column("digest", String(_DIGEST), nullable=False),
    Column("body", Text, nullable=False),
)

episodes: Final = Table(
    "episode",
    METADATA,
    Column("run", ForeignKey("run.id"), primary_key=True),
    Column("trial", BigInteger, primary_key=True, autoincrement=False),
    Column("agent", String(_NAME), nullable=False),
    Column("scenario", String(_NAME), nullable=False),
    Column("interface", String(_NAME), nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("world", ForeignKey("world.address"), nullable=False),
    # The hash of the events, so that a log cut short or changed is noticed.
    Column("log_digest", String(_DIGEST), nullable=False),
    sqlite_with_rowid=False,
)


def _entries(name: str) -> Table:
    """Make a table of an episode's numbered entries; the body is JSON."""
    return Table(
        name,
        METADATA,
        Column("run", String(_RUN), primary_key=True),
        Column("trial", BigInteger, primary_key=True, autoincrement=False),
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("body", Text, nullable=False),
        ForeignKeyConstraint(["run", "trial"], ["episode.run", "episode.trial"]),
        sqlite_with_rowid=False,
    )


events: Final = _entries("event")

failures: Final = _entries("failure")

scores: Final = Table(
    "score",
    METADATA,
    Column("run", ForeignKey("run.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("n_episodes", BigInteger, primary_key=True, autoincrement=False),
    Column("agent", String(_NAME), primary_key=True),
    Column("family", String(_NAME), primary_key=True),
    # Empty where there is a score; then the numbers below are there.
    Column("unscored", Text, nullable=False),
    Column("excess_loss", Double),
    Column("value", Double),
    Column("loss", Double),
    Column("reference_loss", Double),
    Column("n_worlds", BigInteger),
    Column("n_items", BigInteger, nullable=False),
    # Empty where there is an interval.
    Column("no_interval", Text, nullable=False),
    Column("low", Double),
    Column("high", Double),
    sqlite_with_rowid=False,
)


calibrations: Final = Table(
    "calibration",
    METADATA,
    Column("run", ForeignKey("run.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("digest", String(_DIGEST), nullable=False),
    Column("body", Text, nullable=False),
)


def insert_new(table: Table, dialect: str) -> Insert:
    """Insert rows, leaving alone those whose key is there already.

    The two databases share the statement, which standard SQL lacks; each has its own builder.

    >>> print(insert_new(worlds, "sqlite"))
    INSERT INTO world (address, digest, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING
    """
    made = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    return made.on_conflict_do_nothing()
