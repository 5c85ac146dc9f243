"""Both databases come from any release's tables to this one's and back, and lose no row."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from causal_interface_gym.errors import RunError
from causal_interface_gym.runs.records import Failure
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.runs.store import MemoryStore, ScoreRow
from causal_interface_gym.scoring.causal_score import UnscoredFamily
from causal_interface_gym.storage import schema
from causal_interface_gym.storage.database import database_at, reading
from causal_interface_gym.storage.run_store import SqlStore
from causal_interface_gym.storage.schema import (
    HEAD,
    REVISIONS,
    TABLES,
    Status,
    downgrade,
    ensure_tables,
    table_status,
    upgrade,
)
from tests.strategies.first_release import FIRST, copy_rows
from tests.strategies.played import played

SPEC = RunSpec(("reference:oracle",), ("smoking-tar-v1",), (0, 1, 2))
TRIALS = tuple(SPEC.trials())
SCORE = ScoreRow(1, 2, "reference:oracle", "headline", UnscoredFamily("too few", -0.1, 2))
GIVEN = [played(TRIALS[0], p=1 / 3), played(TRIALS[2], failures=(Failure("RunError", "lost"),))]
BAD = """
import sqlalchemy as sa
from alembic import op

revision = "9998"
down_revision = "HEAD"


def upgrade():
    op.create_table("half", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("UPDATE nowhere SET x = 1")
"""
Rows = dict[str, list[dict[str, Any]]]  # Any: the values of a row, by column


@pytest.fixture(params=("sqlite", "postgresql"))
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    is_server = str(request.param) == "postgresql"
    file = f"sqlite:///{tmp_path / 'empty.db'}"
    address = request.getfixturevalue("empty_database") if is_server else file
    made = database_at(address)
    yield made
    made.dispose()


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Engine]:
    """A run as this release keeps it."""
    made = database_at(f"sqlite:///{tmp_path / 'filled.db'}")
    with SqlStore.create(made, SPEC, "june") as store:
        store.append(GIVEN)
        store.keep_scores([SCORE])
        yield made


def rows(engine: Engine) -> Rows:
    """All rows of runs, in one order, read with the first release's statements."""
    with reading(engine) as connection:
        return {
            table.name: [
                dict(row)
                for row in connection.execute(
                    table.select().order_by(*table.primary_key.columns)
                ).mappings()
            ]
            for table in FIRST.sorted_tables
        }


def differences(engine: Engine) -> object:
    """What Alembic would still change to make the tables those of the code."""
    with engine.connect() as connection:
        # The queue's own tables are its library's to describe.
        options = {
            "compare_type": True,
            "include_object": lambda _, name, *__: (
                not str(name).startswith(("procrastinate_", "idx_procrastinate_"))
            ),
        }
        context = MigrationContext.configure(connection, opts=options)
        return compare_metadata(context, TABLES)


def test_a_new_database_needs_every_revision(engine: Engine) -> None:
    assert table_status(engine) == Status("", has_runs=False)
    assert table_status(engine).pending == REVISIONS
    assert upgrade(engine) == REVISIONS
    assert table_status(engine) == Status(HEAD, has_runs=True)
    assert upgrade(engine) == ()


def test_migrated_tables_are_those_the_code_describes(engine: Engine) -> None:
    upgrade(engine)
    assert differences(engine) == []


def test_tables_made_at_once_are_those_that_migrations_make(tmp_path: Path) -> None:
    made, migrated = (database_at(f"sqlite:///{tmp_path / name}.db") for name in ("a", "b"))
    ensure_tables(made)
    upgrade(migrated)
    assert table_status(made) == table_status(migrated)
    assert differences(made) == []
    for table in TABLES.sorted_tables:
        looked = [inspect(engine) for engine in (made, migrated)]
        columns, keys = zip(
            *((str(i.get_columns(table.name)), i.get_pk_constraint(table.name)) for i in looked),
            strict=True,
        )
        assert columns[0] == columns[1]
        assert keys[0] == keys[1]
    everything = "SELECT type, name, tbl_name FROM sqlite_master ORDER BY type, name"
    with made.connect() as one, migrated.connect() as other:
        found = one.exec_driver_sql(everything).all()
        assert ("trigger", "audit_entry_update", "audit_entry") in found
        assert found == other.exec_driver_sql(everything).all()
    made.dispose()
    migrated.dispose()


def test_every_table_in_the_database_has_a_primary_key(engine: Engine) -> None:
    upgrade(engine)
    looked = inspect(engine)
    names = looked.get_table_names()
    own = {name for name in names if not name.startswith("procrastinate_")}
    assert own == {*TABLES.tables, "alembic_version"}
    assert [n for n in names if not looked.get_pk_constraint(n)["constrained_columns"]] == []
    if engine.dialect.name == "postgresql":
        keyless = (
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = "
            "'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_constraint "
            "WHERE conrelid = pg_class.oid AND contype = 'p')"
        )
        with engine.connect() as connection:
            assert connection.exec_driver_sql(keyless).all() == []


def test_a_run_of_the_first_release_is_taken_over_with_every_row(
    engine: Engine, filled: Engine
) -> None:
    FIRST.create_all(engine)
    copy_rows(filled, engine)
    assert table_status(engine) == Status("", has_runs=True)
    before = rows(engine)
    upgrade(engine)
    assert rows(engine) == before
    assert differences(engine) == []
    with SqlStore.open(engine, "june") as store:
        assert list(store.records()) == [p.record for p in GIVEN]
        assert store.scores() == (SCORE,)
        store.append([played(TRIALS[1])])
        assert store.finished().all()


@pytest.mark.parametrize("revision", REVISIONS)
def test_down_to_any_revision_and_up_again_keeps_every_row_of_runs(
    engine: Engine, filled: Engine, revision: str
) -> None:
    upgrade(engine)
    copy_rows(filled, engine)
    before = rows(engine)
    downgrade(engine, revision)
    assert table_status(engine).revision == revision
    assert rows(engine) == before
    upgrade(engine)
    assert rows(engine) == before
    assert differences(engine) == []


def test_down_to_nothing_leaves_no_table(engine: Engine) -> None:
    upgrade(engine)
    downgrade(engine, "")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    assert table_status(engine) == Status("", has_runs=False)
    upgrade(engine)
    assert differences(engine) == []


def test_the_release_before_works_on_the_new_tables(engine: Engine, filled: Engine) -> None:
    upgrade(engine)
    # What that release did first, then what it wrote and read.
    FIRST.create_all(engine)
    copy_rows(filled, engine)
    assert rows(engine) == rows(filled)
    with engine.connect() as connection:
        versions = connection.execute(FIRST.tables["run"].select()).mappings().all()
        assert [row["schema_version"] for row in versions] == [1]
    with SqlStore.open(engine, "june") as store:
        assert list(store.records()) == [p.record for p in GIVEN]


def test_a_database_of_a_later_release_is_left_alone_and_its_runs_opened(
    engine: Engine, filled: Engine
) -> None:
    upgrade(engine)
    copy_rows(filled, engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert table_status(engine).is_later
    assert upgrade(engine) == ()
    ensure_tables(engine)
    with pytest.raises(RunError, match=f"revision 9999; this program knows up to {HEAD}"):
        downgrade(engine, REVISIONS[0])
    with SqlStore.open(engine, "june") as store:
        assert list(store.records()) == [p.record for p in GIVEN]


def test_a_migration_that_fails_changes_nothing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    upgrade(engine)
    versions = tmp_path / "bad" / "versions"
    versions.mkdir(parents=True)
    source = schema.MIGRATIONS
    (tmp_path / "bad" / "env.py").write_text((source / "env.py").read_text("utf-8"))
    for file in (source / "versions").glob("r*.py"):
        (versions / file.name).write_text(file.read_text("utf-8"))
    (versions / "r9998_bad.py").write_text(BAD.replace("HEAD", HEAD))
    monkeypatch.setattr(schema, "MIGRATIONS", tmp_path / "bad")
    monkeypatch.setattr(schema, "REVISIONS", (*REVISIONS, "9998"))
    with pytest.raises(RunError, match="nowhere"):
        upgrade(engine, "9998")
    assert table_status(engine).revision == HEAD
    assert "half" not in inspect(engine).get_table_names()


def test_the_revisions_named_are_the_files_there_are() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    found = ScriptDirectory.from_config(config).walk_revisions()
    assert tuple(script.revision for script in found)[::-1] == REVISIONS


def test_a_servers_tables_are_made_on_demand_only(empty_database: str) -> None:
    engine = database_at(empty_database)
    with pytest.raises(RunError, match=f"missing, revision {HEAD} is needed.*cig db migrate"):
        SqlStore.create(engine, SPEC)
    assert inspect(engine).get_table_names() == []
    upgrade(engine)
    with SqlStore.create(engine, SPEC) as store:
        assert not store.finished().any()
    assert MemoryStore(SPEC).spec == store.spec


def test_an_old_file_is_upgraded_when_a_run_is_begun_in_it_and_not_when_one_is_read(
    tmp_path: Path, filled: Engine
) -> None:
    engine = database_at(f"sqlite:///{tmp_path / 'old.db'}")
    FIRST.create_all(engine)
    copy_rows(filled, engine)
    with SqlStore.open(engine, "june") as store:
        assert list(store.records()) == [p.record for p in GIVEN]
        store.append([played(TRIALS[1])])
    assert table_status(engine) == Status("", has_runs=True)
    SqlStore.create(engine, SPEC, "july").close()
    assert table_status(engine) == Status(HEAD, has_runs=True)
    engine.dispose()
