"""What pages ask about played episodes; nothing here tells truths of what the caller plays."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from causal_interface_gym.errors import RunError
from causal_interface_gym.gym.interface import interface
from causal_interface_gym.runs.grading import find_record
from causal_interface_gym.runs.records import Record, Trial
from causal_interface_gym.runs.report.numbers import scored_json
from causal_interface_gym.runs.store import Store
from causal_interface_gym.scoring.causal_score import causal_scores
from causal_interface_gym.scoring.marking import Mark, mark_episode
from causal_interface_gym.service.auth import Viewer
from causal_interface_gym.service.described.forms import gives
from causal_interface_gym.service.gym import API, Gym, gym_of
from causal_interface_gym.service.playing import check_not_playing, loaded, take_up
from causal_interface_gym.service.replying.replies import reply
from causal_interface_gym.service.routes.runs import Name, Seed, check_shown, opened
from causal_interface_gym.service.viewing.failures import compared_json, failures_json, marks_of
from causal_interface_gym.service.viewing.replay import replay_json
from causal_interface_gym.service.viewing.replies import (
    ComparedReply,
    FailuresReply,
    ReplayReply,
    StandingReply,
)
from causal_interface_gym.service.viewing.standing import finished, own_marks, standing_json
from causal_interface_gym.storage.database import reading
from causal_interface_gym.storage.service.accounts import Caller

__all__ = ["router"]

router: APIRouter = APIRouter(prefix=API, tags=["viewing"])

# Any: JSON.
Json = dict[str, Any]
Most = Annotated[int, Query(ge=1, le=2_000, description="How many episodes are listed at most.")]
Filter = Annotated[str, Query(max_length=200, description="Only this one; empty for all.")]
Participant = Annotated[
    str,
    Query(min_length=1, max_length=400, description="RUN:AGENT, or `me` for one's own episodes."),
]
_ME = "me"


@router.get("/runs/{run}/failures", responses=gives(FailuresReply))
def failures(
    request: Request,
    caller: Viewer,
    run: str,
    agent: Filter = "",
    scenario: Filter = "",
    limit: Most = 100,
) -> Response:
    """List the episodes of a run, those that failed or erred most first."""
    gym = gym_of(request)
    check_shown(gym, caller, run)

    def wanted(record: Record) -> bool:
        return agent in {"", record.trial.agent} and scenario in {"", record.trial.scenario}

    with opened(gym, run) as store:
        return reply(request, failures_json(store, wanted, limit))


@router.get("/runs/{run}/replay", responses=gives(ReplayReply))
def replay(
    request: Request, caller: Viewer, run: str, agent: Name, scenario: Name, seed: Seed = 0
) -> Response:
    """Give an episode of a run step by step, with graph, truth, diagnosis and exact posterior."""
    gym = gym_of(request)
    check_shown(gym, caller, run)
    with opened(gym, run) as store:
        record = _record(store, Trial(agent, scenario, store.spec.interface, seed))
        world = loaded(store.world(record.address))
    marks = mark_episode(record.log, world)
    told = replay_json(world, record.log, interface(record.trial.interface))
    score = scored_json(causal_scores(marks).headline)
    return reply(request, {**told, "participant": agent, "causal_score": score})


@router.get("/episodes/{episode}/replay", responses=gives(ReplayReply))
def replay_own(request: Request, caller: Viewer, episode: str) -> Response:
    """Give an own episode that is over, step by step."""
    gym = gym_of(request)
    with reading(gym.engine) as connection:
        taken = take_up(connection, caller, episode)
    if not taken.episode.is_closed:
        message = "the episode is not over; it is replayed after submit"
        raise HTTPException(HTTPStatus.CONFLICT, message)
    check_not_playing(gym.engine, caller, (taken.kept.scenario,))
    world = loaded(taken.kept.world)
    marks = mark_episode(taken.episode.log, world)
    told = replay_json(world, taken.episode.log, taken.kept.interface)
    score = scored_json(causal_scores(marks).headline)
    return reply(request, {**told, "participant": "you", "causal_score": score})


@router.get("/compare", responses=gives(ComparedReply))
def compare_two(
    request: Request, caller: Viewer, first: Participant, second: Participant
) -> Response:
    """Compare two participants over the items that both met, the largest differences first."""
    gym = gym_of(request)
    compared = compared_json(_marks(gym, caller, first), _marks(gym, caller, second))
    return reply(request, {"first": first, "second": second, **compared})


@router.get("/standing", responses=gives(StandingReply))
def standing(request: Request, caller: Viewer) -> Response:
    """Say where the caller stands: his finished episodes on the scale of every agent."""
    with reading(gym_of(request).engine) as connection:
        return reply(request, standing_json(connection, caller))


def _record(store: Store, trial: Trial) -> Record:
    try:
        return find_record(store, trial)
    except RunError as error:
        raise HTTPException(HTTPStatus.NOT_FOUND, str(error)) from None


def _marks(gym: Gym, caller: Caller, participant: str) -> list[Mark]:
    """Mark what a participant played."""
    if participant == _ME:
        with reading(gym.engine) as connection:
            return [m for kept in finished(connection, caller) for m in own_marks(connection, kept)]
    run, _, agent = participant.partition(":")
    check_shown(gym, caller, run)
    with opened(gym, run) as store:
        if agent not in store.spec.agents:
            message = f"{agent!r:.200} is no agent of {run}; it has {', '.join(store.spec.agents)}"
            raise HTTPException(HTTPStatus.NOT_FOUND, message)
        return list(marks_of(_of(store, agent), store))


def _of(store: Store, agent: str) -> Iterator[Record]:
    return (record for record in store.records() if record.trial.agent == agent)
