"""``/runs/NAME/events``: what happens to a run, as server-sent events that any replica goes on.

Each event has its number as id. Who comes back with ``Last-Event-ID`` gets exactly what he has not
seen, wherever he comes back to. The stream ends with the run.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Annotated, Final, cast

from fastapi import APIRouter, Header, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from causal_interface_gym.service.auth import Viewer
from causal_interface_gym.service.gym import API, gym_of
from causal_interface_gym.service.running.tails import Tails
from causal_interface_gym.storage.database import reading
from causal_interface_gym.storage.queue.control import (
    Phase,
    QueuedRun,
    RunEvent,
    find_queued,
    read_run_events,
)

__all__ = ["router"]

router: APIRouter = APIRouter(prefix=f"{API}/runs", tags=["runs"])

_HEARTBEAT_S: Final = 15.0
_WAIT_S: Final = 0.5
_HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_OVER: Final = frozenset(phase.value for phase in Phase if phase.is_over)

LastEventId = Annotated[
    str, Header(alias="Last-Event-ID", description="The id of the last event that was seen.")
]


@router.get(
    "/{run}/events",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"text/event-stream": {}}, "description": "Events until the run is over."},
        204: {"description": "The run is over, and its last event was seen."},
    },
)
def watch(request: Request, caller: Viewer, run: str, last_event_id: LastEventId = "0") -> Response:
    """Watch a run: an event for each progress and each change of its phase, until it is over."""
    del caller
    gym = gym_of(request)
    if not last_event_id.isdecimal():
        message = f"Last-Event-ID is the id of an event; got {last_event_id!r:.100}"
        raise HTTPException(HTTPStatus.BAD_REQUEST, message)
    seen = int(last_event_id)
    with reading(gym.engine) as connection:
        kept = find_queued(connection, run)
    if kept is None:
        message = f"no run {run!r:.200} is or was played by workers, so it has no events"
        raise HTTPException(HTTPStatus.NOT_FOUND, message)
    if kept.phase.is_over and seen >= kept.n_events:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    tails = cast("Tails", request.app.state.tails)
    is_ending = cast("Callable[[], bool]", request.app.state.is_ending)

    def read(after: int) -> tuple[RunEvent, ...]:
        with reading(gym.engine) as connection:
            return read_run_events(connection, run, after=after)

    body = _stream(tails, kept, seen, read, is_ending)
    return StreamingResponse(body, headers=_HEADERS, media_type="text/event-stream")


async def _stream(
    tails: Tails,
    kept: QueuedRun,
    seen: int,
    read: Callable[[int], tuple[RunEvent, ...]],
    is_ending: Callable[[], bool],
) -> AsyncIterator[str]:
    """Write the events after a number, and a comment where nothing happens for long."""
    async with tails.watched(kept.name, kept.n_events) as tail:
        silent_s = 0.0
        yield "retry: 1000\n\n"
        while not is_ending():
            news = tail.news
            found = tail.after(seen)
            for event in await asyncio.to_thread(read, seen) if found is None else found:
                yield _written(event)
                seen, silent_s = event.number, 0.0
                if event.kind in _OVER:
                    return
            if seen < tail.last:
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(_WAIT_S):
                    await news.wait()
            silent_s += _WAIT_S
            if silent_s >= _HEARTBEAT_S:
                silent_s = 0.0
                yield ": still here\n\n"


def _written(event: RunEvent) -> str:
    body = json.dumps({"at": event.at.isoformat(), **event.body})
    return f"id: {event.number}\nevent: {event.kind}\ndata: {body}\n\n"
