"""Episodes that somebody outside plays, one action at a time, from any process.

An event is written once and never changed, in the transaction that answers the action. Whoever acts
holds the episode's row meanwhile, so two actions at once come one after the other.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Integer,
    Row,
    String,
    Table,
    Text,
    insert,
    select,
    update,
)

from causal_interface_gym.gym.interface import (
    Interface,
    interface_from_json,
    interface_to_json,
)
from causal_interface_gym.gym.log import Event, event_from_json, event_to_json
from causal_interface_gym.runs.archive import StoredWorld
from causal_interface_gym.storage.service.clock import Moment, moment
from causal_interface_gym.storage.tables import METADATA, insert_new, worlds

__all__ = [
    "Begin",
    "LiveEpisode",
    "add_events",
    "begin_episode",
    "find_episode",
    "list_episodes",
    "live_episodes",
    "live_events",
    "open_among",
    "read_events",
]

live_episodes: Final = Table(
    "live_episode",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("account", String(100), nullable=False, index=True),
    Column("scenario", String(200), nullable=False),
    Column("interface", Text, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("world", ForeignKey("world.address"), nullable=False),
    Column("created_at", Moment, nullable=False),
    # Null while it is played.
    Column("ended_at", Moment),
)

live_events: Final = Table(
    "live_event",
    METADATA,
    Column("episode", ForeignKey("live_episode.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class Begin:
    """An episode as it begins; ``id`` has up to 32 characters and cannot be guessed."""

    id: str
    account: str
    scenario: str
    interface: Interface
    seed: int


@dataclass(frozen=True, slots=True)
class LiveEpisode:
    """An episode that was begun, with the world as it was on that day."""

    id: str
    account: str
    scenario: str
    interface: Interface
    seed: int
    world: StoredWorld
    created_at: datetime
    ended_at: datetime | None


def begin_episode(connection: Connection, begin: Begin, world: StoredWorld) -> None:
    """Keep an episode that has just begun, and its world."""
    row = {"address": world.address, "digest": world.digest, "body": world.body}
    connection.execute(insert_new(worlds, connection.dialect.name).values(**row))
    connection.execute(
        insert(live_episodes).values(
            id=begin.id,
            account=begin.account,
            scenario=begin.scenario,
            interface=json.dumps(interface_to_json(begin.interface)),
            seed=begin.seed,
            world=world.address,
            created_at=moment(),
        )
    )


def find_episode(
    connection: Connection, episode: str, *, is_held: bool = False
) -> LiveEpisode | None:
    """Give an episode, if there is one; ``is_held`` keeps others from acting in it meanwhile."""
    wanted = _EPISODES.where(live_episodes.c.id == episode)
    if is_held:
        wanted = wanted.with_for_update(of=live_episodes)
    found = connection.execute(wanted).first()
    return None if found is None else _episode(found)


def list_episodes(
    connection: Connection, account: str, *, after: str = "", limit: int
) -> tuple[LiveEpisode, ...]:
    """Give the episodes of an account after an id, in the order of their ids."""
    wanted = _EPISODES.where(live_episodes.c.account == account, live_episodes.c.id > after)
    rows = connection.execute(wanted.order_by(live_episodes.c.id).limit(limit)).all()
    return tuple(map(_episode, rows))


def open_among(connection: Connection, account: str, scenarios: Iterable[str]) -> tuple[str, ...]:
    """Name those of some scenarios that an account is playing at this moment."""
    table = live_episodes
    wanted = select(table.c.scenario).where(table.c.account == account, table.c.ended_at.is_(None))
    playing = set(connection.scalars(wanted))
    return tuple(sorted(playing.intersection(scenarios)))


def read_events(connection: Connection, episode: str) -> tuple[Event, ...]:
    """Give the log of an episode so far."""
    table = live_events
    wanted = select(table.c.body).where(table.c.episode == episode).order_by(table.c.number)
    bodies = connection.scalars(wanted).all()
    return tuple(event_from_json(json.loads(body), number=n) for n, body in enumerate(bodies))


def add_events(
    connection: Connection, episode: str, events: Sequence[Event], *, has_ended: bool
) -> None:
    """Keep further events; ``has_ended`` closes the episode."""
    rows = [
        {"episode": episode, "number": event.number, "body": json.dumps(event_to_json(event))}
        for event in events
    ]
    if rows:
        connection.execute(insert(live_events), rows)
    if has_ended:
        table = live_episodes
        is_it = (table.c.id == episode) & table.c.ended_at.is_(None)
        connection.execute(update(table).where(is_it).values(ended_at=moment()))


_EPISODES: Final = select(
    live_episodes, worlds.c.digest.label("digest"), worlds.c.body.label("body")
).join_from(live_episodes, worlds)


def _episode(row: Row[Any]) -> LiveEpisode:  # Any: the row of a join
    return LiveEpisode(
        row.id,
        row.account,
        row.scenario,
        interface_from_json(json.loads(row.interface)),
        row.seed,
        StoredWorld(row.world, row.digest, row.body),
        row.created_at,
        row.ended_at,
    )
