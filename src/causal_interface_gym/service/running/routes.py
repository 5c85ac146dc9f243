"""``POST /runs`` and what is done to a run that workers play."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from causal_interface_gym.service.auth import Researcher
from causal_interface_gym.service.gym import API, gym_of
from causal_interface_gym.service.replies import once
from causal_interface_gym.service.running.forms import RunForm, name_of, spec_of
from causal_interface_gym.service.schemas import NothingForm
from causal_interface_gym.storage.folder import DATABASE
from causal_interface_gym.storage.queue.control import QueuedRun, find_queued, n_unplayed
from causal_interface_gym.storage.service.accounts import Caller, Role
from causal_interface_gym.storage.service.audit import audit
from causal_interface_gym.worker.control import cancel_run, pause_run, resume_run, submit_run

__all__ = ["queued_json", "router"]

router: APIRouter = APIRouter(prefix=f"{API}/runs", tags=["runs"])

# Any: JSON.
Json = dict[str, Any]
Change = Callable[[Connection, str], QueuedRun]

MOST_WAITING: Final = 100_000_000
"""So many trials may wait to be played; who wants more has to wait himself."""
_NOTHING: Final = NothingForm()
_LATER_S: Final = 60


@router.post("", status_code=HTTPStatus.CREATED)
def create(request: Request, caller: Researcher, form: RunForm) -> Response:
    """Begin a run; workers play it, and `events` shows how far they are."""
    gym = gym_of(request)
    spec, name = spec_of(form), name_of(form)
    if (gym.runs / name / DATABASE).is_file():
        raise HTTPException(HTTPStatus.CONFLICT, f"there is a run {name!r} in the folder of runs")

    def act(connection: Connection) -> Json:
        _check_room(n_unplayed(connection), spec.n_trials)
        kept = submit_run(connection, caller.account, name, spec)
        audit(connection, actor=caller.account, action="run.create", subject=name)
        return queued_json(kept)

    return once(request, caller, form, act, status=HTTPStatus.CREATED)


@router.post("/{run}/pause")
def pause(request: Request, caller: Researcher, run: str, form: NothingForm = _NOTHING) -> Response:
    """Let no trial of a run begin; those in flight are played to their end and kept."""
    return _change(request, caller, run, form, pause_run)


@router.post("/{run}/resume")
def resume(
    request: Request, caller: Researcher, run: str, form: NothingForm = _NOTHING
) -> Response:
    """Go on with a paused run; nothing that is finished is played again."""
    return _change(request, caller, run, form, resume_run)


@router.post("/{run}/cancel")
def cancel(
    request: Request, caller: Researcher, run: str, form: NothingForm = _NOTHING
) -> Response:
    """End a run for ever; what was played stays."""
    return _change(request, caller, run, form, cancel_run)


def queued_json(kept: QueuedRun) -> Json:
    """Say how a run that workers play stands."""
    return {
        "name": kept.name,
        "account": kept.account,
        "phase": kept.phase.value,
        **({"reason": kept.reason} if kept.reason else {}),
        "trials": {"finished": kept.n_finished, "planned": kept.n_planned},
        "n_shards": kept.n_shards,
        "last_event": kept.n_events,
        "created_at": kept.created_at.isoformat(),
        "changed_at": kept.changed_at.isoformat(),
    }


def _change(
    request: Request, caller: Caller, run: str, form: NothingForm, change: Change
) -> Response:
    def act(connection: Connection) -> Json:
        _check_his(connection, caller, run)
        kept = change(connection, run)
        action = change.__name__.removesuffix("_run")
        audit(connection, actor=caller.account, action=f"run.{action}", subject=run)
        return queued_json(kept)

    return once(request, caller, form, act)


def _check_his(connection: Connection, caller: Caller, run: str) -> None:
    kept = find_queued(connection, run)
    if kept is None:
        message = f"no run {run!r:.200} is played by workers; POST /api/v1/runs begins one"
        raise HTTPException(HTTPStatus.NOT_FOUND, message)
    if kept.account != caller.account and not caller.may(Role.OPERATOR):
        message = f"the run {run!r} is {kept.account}'s; only its owner and operators change it"
        raise HTTPException(HTTPStatus.FORBIDDEN, message)


def _check_room(n_waiting: int, n_more: int) -> None:
    if n_more > MOST_WAITING:
        message = f"a run has at most {MOST_WAITING:,} trials; this one would have {n_more:,}"
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, message)
    if n_waiting + n_more > MOST_WAITING:
        message = f"{n_waiting:,} trials wait already; send this again when workers got on"
        later = {"Retry-After": str(_LATER_S)}
        raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, message, later)
