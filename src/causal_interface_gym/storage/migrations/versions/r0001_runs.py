"""The tables of runs.

Run folders of the first release hold these tables without a revision; they are taken over as they
are, and what a folder never needed (its calibrations) is added.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_DIGEST = 64
_NAME = 200
_RUN = 64


def upgrade() -> None:
    """Make what is not there yet."""
    op.create_table(
        "run",
        sa.Column("id", sa.String(_RUN), primary_key=True),
        sa.Column("schema_version", sa.Integer, nullable=False),
        sa.Column("spec", sa.Text, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "world",
        sa.Column("address", sa.String(_DIGEST), primary_key=True),
        sa.Column("digest", sa.String(_DIGEST), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        if_not_exists=True,
    )
    _make_episode()
    for name in ("event", "failure"):
        _make_entries(name)
    _make_score()
    op.create_table(
        "calibration",
        sa.Column("run", sa.String(_RUN), sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("digest", sa.String(_DIGEST), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        if_not_exists=True,
    )


def downgrade() -> None:
    """Drop everything, runs included."""
    for name in ("calibration", "score", "failure", "event", "episode", "world", "run"):
        op.drop_table(name)


def _make_episode() -> None:
    op.create_table(
        "episode",
        sa.Column("run", sa.String(_RUN), sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("trial", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("agent", sa.String(_NAME), nullable=False),
        sa.Column("scenario", sa.String(_NAME), nullable=False),
        sa.Column("interface", sa.String(_NAME), nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("world", sa.String(_DIGEST), sa.ForeignKey("world.address"), nullable=False),
        sa.Column("log_digest", sa.String(_DIGEST), nullable=False),
        sqlite_with_rowid=False,
        if_not_exists=True,
    )


def _make_entries(name: str) -> None:
    op.create_table(
        name,
        sa.Column("run", sa.String(_RUN), primary_key=True),
        sa.Column("trial", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["run", "trial"], ["episode.run", "episode.trial"]),
        sqlite_with_rowid=False,
        if_not_exists=True,
    )


def _make_score() -> None:
    op.create_table(
        "score",
        sa.Column("run", sa.String(_RUN), sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("n_episodes", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("agent", sa.String(_NAME), primary_key=True),
        sa.Column("family", sa.String(_NAME), primary_key=True),
        sa.Column("unscored", sa.Text, nullable=False),
        sa.Column("excess_loss", sa.Double),
        sa.Column("value", sa.Double),
        sa.Column("loss", sa.Double),
        sa.Column("reference_loss", sa.Double),
        sa.Column("n_worlds", sa.BigInteger),
        sa.Column("n_items", sa.BigInteger, nullable=False),
        sa.Column("no_interval", sa.Text, nullable=False),
        sa.Column("low", sa.Double),
        sa.Column("high", sa.Double),
        sqlite_with_rowid=False,
        if_not_exists=True,
    )
