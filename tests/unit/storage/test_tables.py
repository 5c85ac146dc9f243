"""Both databases can be given the same tables and the same statements."""

import pytest
from sqlalchemy import Table
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateTable

from causal_interface_gym.storage.tables import METADATA, insert_new

DIALECTS: dict[str, type[Dialect]] = {"postgresql": PGDialect, "sqlite": SQLiteDialect}


def test_every_table_has_a_primary_key() -> None:
    assert [table.name for table in METADATA.sorted_tables if not table.primary_key.columns] == []


@pytest.mark.parametrize("name", DIALECTS)
@pytest.mark.parametrize("table", METADATA.sorted_tables, ids=lambda t: t.name)
def test_a_table_and_its_upsert_can_be_written_for_both_databases(table: Table, name: str) -> None:
    dialect = DIALECTS[name]()
    made = str(CreateTable(table).compile(dialect=dialect))
    assert f"CREATE TABLE {table.name}" in made
    assert "WITHOUT ROWID" not in made or name == "sqlite"
    upsert = str(insert_new(table, name).compile(dialect=dialect))
    assert upsert.endswith("ON CONFLICT DO NOTHING")
