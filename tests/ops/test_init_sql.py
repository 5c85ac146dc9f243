"""The database as compose makes it: the runbook's old queries run on it as they were written."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url
from typer.testing import CliRunner

from causal_interface_gym.cli.app import app
from causal_interface_gym.errors import OperationError
from causal_interface_gym.ops.tables import index_advice, slow_statements, table_sizes
from causal_interface_gym.storage.database import database_at, file_database
from causal_interface_gym.storage.schema import ensure_tables, upgrade
from tests.servers.postgres import postgres

pytestmark = [pytest.mark.ops, pytest.mark.timeout(120)]

INIT = Path(__file__).resolve().parents[2] / "ops" / "postgres" / "init.sql"
SLOWEST = """
SELECT query, mean_time, calls, total_time
FROM pg_stat_statements
ORDER BY mean_time DESC
LIMIT 10;"""
SLOW = """
SELECT query, mean_time, calls
FROM pg_stat_statements
WHERE mean_time > 5000
ORDER BY mean_time DESC;"""
INDEXES = """
SELECT schemaname, tablename, attname, n_distinct, correlation
FROM pg_stats
WHERE n_distinct > 100 AND correlation < 0.1;"""


@pytest.fixture(scope="module")
def made() -> Iterator[str]:
    """A database made by the committed script, as the user of the program sees it."""
    settings = {"shared_preload_libraries": "pg_stat_statements"}
    with postgres(more=settings) as cluster, cluster.postgres.database(is_empty=True) as address:
        plain = make_url(address).set(drivername="postgresql").render_as_string(False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(INIT.read_bytes())
            connection.execute(INIT.read_bytes())  # twice changes nothing
        engine = database_at(address)
        upgrade(engine)
        engine.dispose()
        yield address


def rows(address: str, statement: str) -> list[tuple[object, ...]]:
    plain = make_url(address).set(drivername="postgresql").render_as_string(False)
    with psycopg.connect(plain) as connection:
        return connection.execute(statement.encode()).fetchall()


@pytest.mark.parametrize("statement", [SLOWEST, SLOW, INDEXES])
def test_the_old_queries_run_as_they_were_written(made: str, statement: str) -> None:
    found = rows(made, statement)
    assert len(found) <= 10 or statement is INDEXES
    if statement is SLOWEST:
        assert found


def test_the_sizes_and_rows_of_all_tables_are_listed(made: str) -> None:
    found = {str(name): n for name, _, n in rows(made, "SELECT * FROM monitoring.table_stats()")}
    engine = database_at(made)
    sizes = {size.name: size.n_rows for size in table_sizes(engine)}
    engine.dispose()
    assert sizes.items() <= found.items()
    assert found["alembic_version"] == 1


def test_the_tables_of_monitoring_are_in_no_dump(made: str) -> None:
    held = "SELECT count(*) FROM pg_class WHERE relname = 'pg_stat_statements' AND relnamespace = "
    assert rows(made, held + "'public'::regnamespace") == [(0,)]


def test_slow_statements_are_found_by_their_mean_time(made: str) -> None:
    rows(made, "SELECT pg_sleep(0.06)")
    engine = database_at(made)
    found = [s for s in slow_statements(engine, above_ms=50, most=1_000) if "sleep" in s.statement]
    assert [(s.statement, s.n_calls) for s in found] == [("SELECT pg_sleep($1)", 1)]
    assert found[0].mean_ms >= 60
    assert slow_statements(engine, above_ms=1e9) == ()
    engine.dispose()


def test_a_table_that_is_read_whole_again_and_again_is_named(made: str) -> None:
    plain = make_url(made).set(drivername="postgresql").render_as_string(False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute("CREATE TABLE heap (a int, b int)")
        connection.execute("CREATE INDEX idle ON heap (b)")
        connection.execute("INSERT INTO heap SELECT i, i FROM generate_series(1, 20000) AS i")
        connection.execute("ANALYZE heap")
        for _ in range(60):
            connection.execute("SELECT count(*) FROM heap WHERE a = 5")
        connection.execute("SELECT pg_stat_force_next_flush()")
        connection.execute("SELECT 1")
    engine = database_at(made)
    found = {(advice.table, advice.index): advice.reason for advice in index_advice(engine)}
    engine.dispose()
    assert "read whole" in found["heap", ""]
    assert "never used" in found["heap", "idle"]


def test_a_server_that_collects_nothing_and_a_file_say_what_they_lack(
    database: str, tmp_path: Path
) -> None:
    engine = database_at(database)
    with pytest.raises(OperationError, match="shared_preload_libraries"):
        slow_statements(engine)
    engine.dispose()
    file = file_database(tmp_path / "service.db")
    ensure_tables(file)
    for look in (slow_statements, index_advice):
        with pytest.raises(OperationError, match="PostgreSQL only"):
            look(file)
    assert {size.n_bytes for size in table_sizes(file)} == {None}
    file.dispose()


def test_the_commands_show_what_was_found(made: str) -> None:
    def cig(*arguments: str) -> str:
        result = CliRunner().invoke(app, [*arguments, "--database", made])
        assert result.exit_code == 0, result.output
        return result.stdout

    assert cig("db", "tables").splitlines()[0].split() == ["table", "rows", "bytes"]
    assert '"n_rows"' in cig("db", "tables", "--json")
    assert "no statement takes more" in cig("db", "slow", "--above", "1e9")
    assert "statement" in cig("db", "slow", "--above", "0", "--most", "3")
    assert '"statements"' in cig("db", "slow", "--json")
    assert cig("db", "index-advice")
    assert '"advice"' in cig("db", "index-advice", "--json")
