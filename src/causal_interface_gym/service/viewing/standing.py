"""Where a person stands: all finished episodes of an account, on the scale of every agent."""

from collections.abc import Iterator
from statistics import mean
from typing import Any, Final

from sqlalchemy import Connection

from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.runs.report.numbers import scored_json, scores_json
from causal_interface_gym.scoring.causal_score import causal_scores
from causal_interface_gym.scoring.marking import Mark, mark_episode
from causal_interface_gym.service.playing import loaded
from causal_interface_gym.service.viewing.failures import loss_of
from causal_interface_gym.storage.service.accounts import Caller
from causal_interface_gym.storage.service.live import (
    LiveEpisode,
    list_episodes,
    open_among,
    read_events,
)

__all__ = ["finished", "own_marks", "standing_json"]

# Any: JSON.
Json = dict[str, Any]
_PAGE: Final = 200
_MOST: Final = 2_000
"""Episodes that count; who played more is measured by those with the smallest ids."""


def standing_json(connection: Connection, caller: Caller) -> Json:
    """Score the finished episodes of an account together, and each by itself."""
    episodes = [(kept, own_marks(connection, kept)) for kept in finished(connection, caller)]
    pooled = [mark for _, marks in episodes for mark in marks]
    return {
        "you": {**scores_json(causal_scores(pooled)), "episodes": len(episodes)}
        if pooled
        else None,
        "items": [
            {
                "id": kept.id,
                "scenario": kept.scenario,
                "interface": kept.interface.name,
                "seed": kept.seed,
                "ended_at": kept.ended_at.isoformat() if kept.ended_at else None,
                "causal_score": scored_json(causal_scores(marks).headline),
                "loss": mean(loss_of(mark) for mark in marks),
            }
            for kept, marks in episodes
        ],
    }


def finished(connection: Connection, caller: Caller) -> Iterator[LiveEpisode]:
    """Give the finished episodes of an account, but for scenarios that it is playing now."""
    after = ""
    seen = 0
    while seen < _MOST:
        found = list_episodes(connection, caller.account, after=after, limit=_PAGE)
        playing = set(open_among(connection, caller.account, {kept.scenario for kept in found}))
        for kept in found:
            if kept.ended_at is not None and kept.scenario not in playing:
                yield kept
        seen += len(found)
        if len(found) < _PAGE:
            return
        after = found[-1].id


def own_marks(connection: Connection, kept: LiveEpisode) -> tuple[Mark, ...]:
    """Mark an episode from its log."""
    world = loaded(kept.world)
    episode = Episode.new(world, kept.interface, seed=kept.seed)
    episode.continue_from(read_events(connection, kept.id))
    return mark_episode(episode.log, world)
