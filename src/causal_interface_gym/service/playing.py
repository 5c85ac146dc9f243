"""Episodes that are played over HTTP: taken up from the database, acted in, put back.

Nothing of an episode stays in the process, so any replica answers any action. While an account
plays a scenario, nothing that tells its truths is given to that account.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Final

from sqlalchemy import Connection, Engine
from starlette.exceptions import HTTPException

from causal_interface_gym.gym.brief import brief_to_json
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.log import Event, log_to_json
from causal_interface_gym.runs.archive import StoredWorld
from causal_interface_gym.scenarios.world import World
from causal_interface_gym.storage.database import reading
from causal_interface_gym.storage.service.accounts import Caller
from causal_interface_gym.storage.service.live import (
    LiveEpisode,
    add_events,
    find_episode,
    open_among,
    read_events,
)

__all__ = [
    "Taken",
    "act_in",
    "check_not_playing",
    "end_episode",
    "episode_json",
    "loaded",
    "log_json",
    "take_up",
]

# Any: JSON.
Json = dict[str, Any]

_MOST_WORLDS: Final = 64
_ID: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Taken:
    """An episode as it was found: what is kept of it, and the state that its log leads to."""

    kept: LiveEpisode
    episode: Episode


def check_not_playing(engine: Engine, caller: Caller, scenarios: Iterable[str]) -> None:
    """Refuse to tell truths of scenarios that the caller is playing.

    Raises:
        HTTPException: An episode of his in one of them is not over.
    """
    with reading(engine) as connection:
        playing = open_among(connection, caller.account, scenarios)
    if playing:
        message = (
            f"you are playing {', '.join(playing)[:500]}; submit or end those episodes first, "
            "since this tells their truths"
        )
        raise HTTPException(HTTPStatus.CONFLICT, message)


def take_up(
    connection: Connection, caller: Caller, episode: str, *, is_held: bool = False
) -> Taken:
    """Take up an episode of the caller's.

    Raises:
        HTTPException: There is none of this id that is his.
        LogError: What is kept of it was changed.
    """
    is_id = _ID.fullmatch(episode) is not None
    kept = find_episode(connection, episode, is_held=is_held) if is_id else None
    if kept is None or kept.account != caller.account:
        message = "you have no episode of this id; GET /api/v1/episodes lists them"
        raise HTTPException(HTTPStatus.NOT_FOUND, message)
    found = Episode.new(loaded(kept.world), kept.interface, seed=kept.seed)
    found.continue_from(read_events(connection, episode))
    return Taken(kept, found)


def act_in(connection: Connection, caller: Caller, episode: str, action: Json) -> Json:
    """Carry out an action, or refuse it, and keep what happened.

    Raises:
        HTTPException: There is no such episode, or it is over.
    """
    taken = take_up(connection, caller, episode, is_held=True)
    if taken.episode.is_closed:
        message = "the episode is over; GET its score"
        raise HTTPException(HTTPStatus.CONFLICT, message)
    n_before = len(taken.episode.log)
    taken.episode.act(action)
    return _kept(connection, taken, n_before)


def end_episode(connection: Connection, caller: Caller, episode: str) -> Json:
    """End an episode without a submission; what was believed so far counts.

    Raises:
        HTTPException: There is no such episode, or it is over.
    """
    taken = take_up(connection, caller, episode, is_held=True)
    if taken.episode.is_closed:
        message = "the episode is over; GET its score"
        raise HTTPException(HTTPStatus.CONFLICT, message)
    n_before = len(taken.episode.log)
    taken.episode.end("stopped", "the participant ended it")
    return _kept(connection, taken, n_before)


def episode_json(taken: Taken) -> Json:
    """Say where an episode stands, with its brief."""
    kept, episode = taken.kept, taken.episode
    return {
        "id": kept.id,
        "scenario": kept.scenario,
        "interface": kept.interface.name,
        **_state(episode),
        "brief": brief_to_json(episode.brief),
        # A seed that the service chose makes the world, so it is told at the end.
        **({"seed": kept.seed} if episode.is_closed else {}),
    }


def log_json(taken: Taken) -> Json:
    """Give what the participant may see of the log; when the episode is over, all of it."""
    shown = taken.episode.log if taken.episode.is_closed else taken.episode.shown
    return {"id": taken.kept.id, "is_closed": taken.episode.is_closed, "log": log_to_json(shown)}


@lru_cache(maxsize=_MOST_WORLDS)
def loaded(world: StoredWorld) -> World:
    """Read a stored world."""
    return world.load()


def _kept(connection: Connection, taken: Taken, n_before: int) -> Json:
    """Keep what happened since, and give it; an action may be followed by the end."""
    episode = taken.episode
    new: tuple[Event, ...] = episode.log[n_before:]
    add_events(connection, taken.kept.id, new, has_ended=episode.is_closed)
    return {
        "number": new[0].number,
        "observation": new[0].observation,
        **_state(episode),
        **({"ended": new[-1].observation} if len(new) > 1 else {}),
    }


def _state(episode: Episode) -> Json:
    return {
        "is_closed": episode.is_closed,
        "n_events": len(episode.log),
        "budget_left": episode.budget_left,
        "unanswered": list(episode.unanswered),
    }
