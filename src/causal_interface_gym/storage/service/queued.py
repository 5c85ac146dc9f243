"""The tables of queued runs: the state of a run, its shards, and its events."""

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table, Text

from causal_interface_gym.storage.service.clock import Moment
from causal_interface_gym.storage.tables import METADATA

__all__ = ["run_events", "run_shards", "run_states"]

run_states: Final = Table(
    "run_state",
    METADATA,
    Column("run", ForeignKey("run.id"), primary_key=True),
    Column("account", String(100), nullable=False),
    Column("phase", String(20), nullable=False),
    # Why it is paused, where nobody asked for that.
    Column("reason", Text, nullable=False),
    Column("shard_size", Integer, nullable=False),
    Column("n_planned", BigInteger, nullable=False),
    # Written with the trials themselves, so that nobody has to count them.
    Column("n_finished", BigInteger, nullable=False),
    Column("n_events", BigInteger, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
)

run_shards: Final = Table(
    "run_shard",
    METADATA,
    Column("run", ForeignKey("run.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    # Queued: somebody plays it or will; idle: nobody will before the run is resumed; finished.
    Column("state", String(10), nullable=False),
    # The number of its last claim: who holds an older one may not write.
    Column("attempt", Integer, nullable=False),
    # Claims since a trial of it was last kept, less those that were given back in order.
    Column("n_idle", Integer, nullable=False),
    # When its holder last showed that it lives.
    Column("touched_at", Moment),
    sqlite_with_rowid=False,
)

run_events: Final = Table(
    "run_event",
    METADATA,
    Column("run", ForeignKey("run.id"), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("body", Text, nullable=False),
    sqlite_with_rowid=False,
)
