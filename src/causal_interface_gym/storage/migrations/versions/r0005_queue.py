"""Runs that workers play in shards; on PostgreSQL also the tables of the queue itself."""

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager

revision = "0005"
down_revision = "0004"

_MOMENT = sa.DateTime(timezone=True)
# The queue's functions and types have no other names in common than the beginning of theirs.
_DROP_QUEUE = """
DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs,
    procrastinate_workers CASCADE;
DO $$
DECLARE found record;
BEGIN
    FOR found IN
        SELECT p.oid::regprocedure AS name FROM pg_proc p
        WHERE p.pronamespace = current_schema()::regnamespace
        AND starts_with(p.proname, 'procrastinate_')
    LOOP
        EXECUTE 'DROP FUNCTION ' || found.name || ' CASCADE';
    END LOOP;
END $$;
DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_event_type, procrastinate_job_status;
"""


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "run_state",
        sa.Column("run", sa.String(64), sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("account", sa.String(100), nullable=False),
        sa.Column("phase", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("shard_size", sa.Integer, nullable=False),
        sa.Column("n_planned", sa.BigInteger, nullable=False),
        sa.Column("n_finished", sa.BigInteger, nullable=False),
        sa.Column("n_events", sa.BigInteger, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "run_shard",
        sa.Column("run", sa.String(64), sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("n_idle", sa.Integer, nullable=False),
        sa.Column("touched_at", _MOMENT),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "run_event",
        sa.Column("run", sa.String(64), sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        _execute(SchemaManager.get_schema())


def downgrade() -> None:
    """Drop the tables with all they hold; what was played stays."""
    if op.get_bind().dialect.name == "postgresql":
        _execute(_DROP_QUEUE)
    for table in ("run_event", "run_shard", "run_state"):
        op.drop_table(table)


def _execute(script: str) -> None:
    """Carry out many statements at once, which only the driver itself can."""
    cursor = op.get_bind().connection.cursor()
    cursor.execute(script)
    cursor.close()
