"""``/episodes``: anybody who speaks HTTP can play, and is scored as every agent is."""

import secrets
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from causal_interface_gym.gym.interface import interface
from causal_interface_gym.runs.archive import store_world
from causal_interface_gym.runs.report.numbers import mark_json, scores_json
from causal_interface_gym.runs.trial import world_of
from causal_interface_gym.scoring.causal_score import VERSION, causal_scores
from causal_interface_gym.scoring.marking import score
from causal_interface_gym.service.auth import Researcher, Viewer
from causal_interface_gym.service.described.forms import (
    EpisodePage,
    EpisodeReply,
    LogReply,
    ScoreReply,
    StepReply,
    gives,
)
from causal_interface_gym.service.gym import API, gym_of
from causal_interface_gym.service.playing import (
    Taken,
    act_in,
    check_not_playing,
    end_episode,
    episode_json,
    loaded,
    log_json,
    take_up,
)
from causal_interface_gym.service.replying.replies import (
    Cursor,
    Limit,
    once,
    page,
    read_cursor,
    reply,
)
from causal_interface_gym.service.replying.schemas import ActionForm, EpisodeForm, NothingForm
from causal_interface_gym.storage.database import reading
from causal_interface_gym.storage.service.accounts import Caller
from causal_interface_gym.storage.service.live import (
    Begin,
    LiveEpisode,
    begin_episode,
    list_episodes,
)

__all__ = ["router"]

router: APIRouter = APIRouter(prefix=f"{API}/episodes", tags=["episodes"])

# Any: JSON.
Json = dict[str, Any]
Id = Annotated[str, Path(json_schema_extra={"pattern": "^[0-9a-f]{32}$"})]
_SEEDS: Final = 1 << 32
_NOTHING: Final = NothingForm()


@router.post("", status_code=201, responses=gives(EpisodeReply, 201))
def create(request: Request, caller: Researcher, form: EpisodeForm) -> Response:
    """Begin an episode and give its brief; without a seed the service chooses one."""
    shown = interface(form.interface)
    seed = form.seed if form.seed is not None else secrets.randbelow(_SEEDS)
    world = world_of(form.scenario, seed)
    begin = Begin(secrets.token_hex(16), caller.account, form.scenario, shown, seed)
    stored = store_world(world)

    def act(connection: Connection) -> Json:
        begin_episode(connection, begin, stored)
        return episode_json(take_up(connection, caller, begin.id))

    return once(request, caller, form, act, status=HTTPStatus.CREATED)


@router.get("", responses=gives(EpisodePage))
def list_own(request: Request, caller: Viewer, cursor: Cursor = "", limit: Limit = 100) -> Response:
    """List the caller's episodes."""
    paging = read_cursor(cursor, limit)
    with reading(gym_of(request).engine) as connection:
        found = list_episodes(connection, caller.account, after=paging.after, limit=limit + 1)
    return reply(request, page([_entry(kept) for kept in found], paging, key="id"))


@router.get("/{episode}", responses=gives(EpisodeReply))
def show(request: Request, caller: Viewer, episode: Id) -> Response:
    """Say where an episode stands, with its brief."""
    return reply(request, episode_json(_taken(request, caller, episode)))


@router.post("/{episode}/actions", responses=gives(StepReply))
def act(request: Request, caller: Researcher, episode: Id, form: ActionForm) -> Response:
    """Act: observe, intervene, believe, hypothesise, or submit, which closes the episode.

    An action that cannot be carried out is answered by an observation of the kind ``refused``.
    """
    action: Json = form.root
    return once(request, caller, form, lambda c: act_in(c, caller, episode, action))


@router.post("/{episode}/end", responses=gives(StepReply))
def end(
    request: Request, caller: Researcher, episode: Id, form: NothingForm = _NOTHING
) -> Response:
    """End an episode without a submission; what was believed so far counts."""
    return once(request, caller, form, lambda c: end_episode(c, caller, episode))


@router.get("/{episode}/log", responses=gives(LogReply))
def show_log(request: Request, caller: Viewer, episode: Id) -> Response:
    """Give the log: what the interface shows of it, and all of it when the episode is over."""
    return reply(request, log_json(_taken(request, caller, episode)))


@router.get("/{episode}/score", responses=gives(ScoreReply))
def show_score(request: Request, caller: Viewer, episode: Id) -> Response:
    """Mark an episode that is over: every belief beside truth, reference and lures."""
    taken = _taken(request, caller, episode)
    if not taken.episode.is_closed:
        message = "the episode is not over; it has a score after submit"
        raise HTTPException(HTTPStatus.CONFLICT, message)
    check_not_playing(gym_of(request).engine, caller, (taken.kept.scenario,))
    return reply(request, _score_json(taken))


def _taken(request: Request, caller: Caller, episode: str) -> Taken:
    with reading(gym_of(request).engine) as connection:
        return take_up(connection, caller, episode)


def _score_json(taken: Taken) -> Json:
    marked = score(taken.episode.log, loaded(taken.kept.world))
    return {
        "id": taken.kept.id,
        "log": marked.log,
        "world": marked.world,
        "score_version": VERSION,
        "marks": [mark_json(mark) for mark in marked.marks],
        **scores_json(causal_scores(marked.marks)),
    }


def _entry(kept: LiveEpisode) -> Json:
    return {
        "id": kept.id,
        "scenario": kept.scenario,
        "interface": kept.interface.name,
        "created_at": kept.created_at.isoformat(),
        "is_closed": kept.ended_at is not None,
    }
