"""``/runs``: what was played, its report, its leaderboard, and single episodes.

A run is found in the database or, by the same name, in the folder of runs.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from causal_interface_gym.errors import RunError
from causal_interface_gym.runs.grading import find_record, grade
from causal_interface_gym.runs.records import Trial
from causal_interface_gym.runs.report.document import report_document
from causal_interface_gym.service.auth import Researcher, Viewer
from causal_interface_gym.service.described.forms import (
    BoardReply,
    ReportReply,
    RunPage,
    RunReply,
    TranscriptReply,
    gives,
    streams,
)
from causal_interface_gym.service.exporting import (
    MEDIA_TYPES,
    STREAMS,
    begun,
    transcript_json,
    transcripts,
)
from causal_interface_gym.service.gym import API, Gym, gym_of
from causal_interface_gym.service.playing import check_not_playing
from causal_interface_gym.service.replying.replies import Cursor, Limit, page, read_cursor, reply
from causal_interface_gym.storage.database import glancing
from causal_interface_gym.storage.folder import DATABASE, open_run
from causal_interface_gym.storage.queue.control import find_queued
from causal_interface_gym.storage.run_store import SqlStore
from causal_interface_gym.storage.service.accounts import Caller
from causal_interface_gym.storage.shared import run_names

__all__ = ["Name", "Seed", "check_shown", "opened", "router"]

router: APIRouter = APIRouter(prefix=f"{API}/runs", tags=["runs"])

# Any: JSON.
Json = dict[str, Any]
_REPORT: Final = "report.json"

Name = Annotated[str, Query(min_length=1, max_length=200)]
Form = Annotated[
    Literal["jsonl", "csv", "parquet"], Query(alias="format", description="How it is written.")
]
Export = Callable[[SqlStore], Iterator[bytes]]
Seed = Annotated[int, Query(ge=0, lt=1 << 53)]


@router.get("", responses=gives(RunPage))
def list_runs(
    request: Request, caller: Viewer, cursor: Cursor = "", limit: Limit = 100
) -> Response:
    """List the runs by name."""
    del caller
    gym, paging = gym_of(request), read_cursor(cursor, limit)
    names = [name for name in sorted(_names(gym)) if name > paging.after][: limit + 1]
    return reply(request, page([_listed(gym, name) for name in names], paging, key="name"))


@router.get("/{run}", responses=gives(RunReply))
def show_run(request: Request, caller: Viewer, run: str) -> Response:
    """Say what a run is and how much of it is finished."""
    del caller
    return reply(request, _entry(gym_of(request), run))


@router.get("/{run}/report", responses=gives(ReportReply))
def show_report(request: Request, caller: Viewer, run: str) -> Response:
    """Give the report of a run, as it stands in its folder or graded now."""
    gym = gym_of(request)
    check_shown(gym, caller, run)
    return reply(request, _report(gym, run))


@router.get("/{run}/leaderboard", responses=gives(BoardReply))
def show_leaderboard(request: Request, caller: Viewer, run: str) -> Response:
    """List the agents of a run by their score, the best first."""
    del caller
    report = _report(gym_of(request), run)
    names = ("agent", "causal_score", "coverage", "episodes", "failed", "reference")
    items = [{name: agent[name] for name in names} for agent in report["agents"]]
    trials = report["trials"]
    return reply(request, {"run": run, "trials": trials, "items": items, "next": None})


@router.get("/{run}/transcript", responses=gives(TranscriptReply))
def show_transcript(
    request: Request, caller: Viewer, run: str, agent: Name, scenario: Name, seed: Seed = 0
) -> Response:
    """Give the log of one episode, with truth, reference and lures beside each belief."""
    gym = gym_of(request)
    check_shown(gym, caller, run)
    with opened(gym, run) as store:
        trial = Trial(agent, scenario, store.spec.interface, seed)
        try:
            record = find_record(store, trial)
        except RunError as error:
            raise HTTPException(HTTPStatus.NOT_FOUND, str(error)) from None
        return reply(request, transcript_json(store, record))


@router.get("/{run}/transcripts", responses=streams(MEDIA_TYPES["jsonl"]))
def export_transcripts(request: Request, caller: Researcher, run: str) -> Response:
    """Stream all finished episodes of a run, one a line, with truth beside each belief."""
    gym = gym_of(request)
    check_shown(gym, caller, run)
    return _stream(gym, run, transcripts, (f"{run}-transcripts.jsonl", MEDIA_TYPES["jsonl"]))


@router.get("/{run}/export", responses=streams(*MEDIA_TYPES.values()))
def export(request: Request, caller: Researcher, run: str, form: Form = "jsonl") -> Response:
    """Stream a row for each question of each finished episode: JSON lines, CSV or Parquet."""
    gym = gym_of(request)
    check_shown(gym, caller, run)
    return _stream(gym, run, STREAMS[form], (f"{run}.{form}", MEDIA_TYPES[form]))


def _stream(gym: Gym, run: str, parts: Export, kind: tuple[str, str]) -> Response:
    """Send a stream as a file of some name and media type."""

    def sent() -> Iterator[bytes]:
        with opened(gym, run) as store:
            yield from parts(store)

    name, media_type = kind
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(begun(sent()), HTTPStatus.OK, headers, media_type)


def _names(gym: Gym) -> set[str]:
    """Name the runs of the database and those of the folder."""
    return {*run_names(gym.engine), *_folders(gym)}


@contextmanager
def opened(gym: Gym, run: str) -> Iterator[SqlStore]:
    """Open a run; the database is the service's own and stays open.

    Raises:
        HTTPException: There is no such run.
    """
    with glancing(gym.engine) as connection:
        found = SqlStore.find(gym.engine, connection, run)
    if found is not None:
        yield found
        return
    if run not in _folders(gym):
        raise _no_run(run)
    with open_run(gym.runs / run) as store:
        yield store


def _folders(gym: Gym) -> set[str]:
    """Name the runs of the folder; a name that is none of these leads nowhere."""
    return {path.parent.name for path in gym.runs.glob(f"*/{DATABASE}")}


def _no_run(run: str) -> HTTPException:
    message = f"there is no run {run!r:.200}; GET /api/v1/runs lists them"
    return HTTPException(HTTPStatus.NOT_FOUND, message)


def check_shown(gym: Gym, caller: Caller, run: str) -> None:
    """Refuse to show the truths of a run's scenarios to whoever plays them.

    Raises:
        HTTPException: There is no such run, or one of its scenarios is being played.
    """
    with opened(gym, run) as store:
        scenarios = store.spec.scenarios
    check_not_playing(gym.engine, caller, scenarios)


def _report(gym: Gym, run: str) -> Json:
    """Give the report that was written for a run, else grade it now."""
    with opened(gym, run) as store:
        written = gym.runs / run / _REPORT
        if written.is_file():
            found: Json = json.loads(written.read_text("utf-8"))
            return found
        if store.spec.models:
            message = "its language models are graded by: cig report; then their report is here"
            raise HTTPException(HTTPStatus.CONFLICT, message)
        return report_document(grade(store))


def _listed(gym: Gym, run: str) -> Json:
    """Describe a run; one that cannot be read keeps none of the others from being listed."""
    try:
        return _entry(gym, run)
    except RunError:
        return {"name": run, "unreadable": True}


def _entry(gym: Gym, run: str) -> Json:
    with glancing(gym.engine) as connection:
        queued = find_queued(connection, run)
        found = SqlStore.find(gym.engine, connection, run) if queued is not None else None
    if queued is not None and found is not None:
        spec, n_finished = found.spec, queued.n_finished  # it keeps count, so nobody has to
    else:
        with opened(gym, run) as store:
            spec, n_finished = store.spec, int(store.finished().sum())
    return {
        "name": run,
        **({"phase": queued.phase.value, "account": queued.account} if queued is not None else {}),
        "agents": list(spec.agents),
        "interface": spec.interface,
        "n_scenarios": len(spec.scenarios),
        "n_seeds": len(spec.seeds),
        "trials": {"finished": n_finished, "planned": spec.n_trials},
    }
