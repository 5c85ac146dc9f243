"""What runs of language models keep: their calls, the conversations these share, private notes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_TABLES = ("private", "call", "prompt")


def upgrade() -> None:
    """Add the tables; a run in a file may have made them itself before they had a revision."""
    there = set(sa.inspect(op.get_bind()).get_table_names())
    if "prompt" not in there:
        op.create_table(
            "prompt",
            sa.Column("digest", sa.String(64), primary_key=True),
            sa.Column("body", sa.Text, nullable=False),
        )
    if "call" not in there:
        op.create_table(
            "call",
            sa.Column("run", sa.String(64), sa.ForeignKey("run.id"), primary_key=True),
            sa.Column("trial", sa.Text, primary_key=True),
            sa.Column("label", sa.Text, primary_key=True),
            sa.Column("prompt", sa.String(64), sa.ForeignKey("prompt.digest"), nullable=False),
            sa.Column("provider", sa.String(40), nullable=False),
            sa.Column("model", sa.Text, nullable=False),
            sa.Column("body", sa.Text, nullable=False),
        )
    if "private" not in there:
        op.create_table(
            "private",
            sa.Column("run", sa.String(64), sa.ForeignKey("run.id"), primary_key=True),
            sa.Column("name", sa.String(200), primary_key=True),
            sa.Column("body", sa.Text, nullable=False),
        )


def downgrade() -> None:
    """Drop the tables with all they hold; runs stay."""
    for name in _TABLES:
        op.drop_table(name)
