"""The tables of the first release as its code described them; frozen, it is out in the world."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    Engine,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

__all__ = ["FIRST", "copy_rows"]

FIRST: Final = MetaData()

Table(
    "run",
    FIRST,
    Column("id", String(64), primary_key=True),
    Column("schema_version", Integer, nullable=False),
    Column("spec", Text, nullable=False),
)
Table(
    "world",
    FIRST,
    Column("address", String(64), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("body", Text, nullable=False),
)
Table(
    "episode",
    FIRST,
    Column("run", ForeignKey("run.id"), primary_key=True),
    Column("trial", BigInteger, primary_key=True, autoincrement=False),
    Column("agent", String(200), nullable=False),
    Column("scenario", String(200), nullable=False),
    Column("interface", String(200), nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("world", ForeignKey("world.address"), nullable=False),
    Column("log_digest", String(64), nullable=False),
    sqlite_with_rowid=False,
)
for _name in ("event", "failure"):
    Table(
        _name,
        FIRST,
        Column("run", String(64), primary_key=True),
        Column("trial", BigInteger, primary_key=True, autoincrement=False),
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("body", Text, nullable=False),
        ForeignKeyConstraint(["run", "trial"], ["episode.run", "episode.trial"]),
        sqlite_with_rowid=False,
    )
Table(
    "score",
    FIRST,
    Column("run", ForeignKey("run.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("n_episodes", BigInteger, primary_key=True, autoincrement=False),
    Column("agent", String(200), primary_key=True),
    Column("family", String(200), primary_key=True),
    Column("unscored", Text, nullable=False),
    Column("excess_loss", Double),
    Column("value", Double),
    Column("loss", Double),
    Column("reference_loss", Double),
    Column("n_worlds", BigInteger),
    Column("n_items", BigInteger, nullable=False),
    Column("no_interval", Text, nullable=False),
    Column("low", Double),
    Column("high", Double),
    sqlite_with_rowid=False,
)


def copy_rows(source: Engine, target: Engine) -> None:
    """Write all rows of one database into another with the first release's statements."""
    with source.connect() as there, target.begin() as here:
        for table in FIRST.sorted_tables:
            rows = [dict(row) for row in there.execute(table.select()).mappings()]
            if rows:
                here.execute(table.insert(), rows)
