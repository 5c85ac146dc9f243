"""Episodes that are played from outside, one action at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "live_episode",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("account", sa.String(100), nullable=False),
        sa.Column("scenario", sa.String(200), nullable=False),
        sa.Column("interface", sa.Text, nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("world", sa.String(64), sa.ForeignKey("world.address"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_live_episode_account", "live_episode", ["account"])
    op.create_table(
        "live_event",
        sa.Column("episode", sa.String(32), sa.ForeignKey("live_episode.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("body", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop the tables with all they hold; runs stay."""
    op.drop_table("live_event")
    op.drop_table("live_episode")
