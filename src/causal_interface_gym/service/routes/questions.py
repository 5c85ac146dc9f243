"""``/questions``: exact answers about a model that the caller sends, or about a scenario's.

An answer has a limit of time. What is computed cannot be stopped half way, so one that takes longer
keeps its place until it ends; when all places are taken, others are told to come back.
"""

import functools
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final, TypeVar

import anyio
from anyio import CapacityLimiter
from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from causal_interface_gym.causal import ADMG, SCM, Query, identify
from causal_interface_gym.causal.formats.answers import (
    adjustment_json,
    probability_json,
    verdict_json,
)
from causal_interface_gym.causal.formats.bif import parse_bif
from causal_interface_gym.causal.formats.model_json import (
    GRAPH_FORMAT,
    graph_from_json,
    model_from_json,
)
from causal_interface_gym.errors import FormatError
from causal_interface_gym.scenarios import registry
from causal_interface_gym.service.auth import Researcher
from causal_interface_gym.service.gym import API, gym_of
from causal_interface_gym.service.playing import check_not_playing
from causal_interface_gym.service.replying.replies import once
from causal_interface_gym.service.replying.schemas import AdjustForm, ModelForm, QuestionForm
from causal_interface_gym.storage.service.accounts import Caller

__all__ = ["ANSWER_S", "PLACES", "computed", "model_of", "read_model", "router"]

router: APIRouter = APIRouter(prefix=f"{API}/questions", tags=["questions"])

# Any: JSON.
Json = dict[str, Any]
_T = TypeVar("_T")

ANSWER_S: Final = 20.0
"""Seconds that an answer may take."""
PLACES: Final = 4
"""Answers that are computed at once."""
_MAX_VARIABLES: Final = 500


@router.post("/evaluate")
async def evaluate(request: Request, caller: Researcher, form: QuestionForm) -> Response:
    """Compute a probability exactly: seeing, doing or imagining."""

    def answer() -> Json:
        return probability_json(model_of(form.model), Query.parse(form.query))

    return await _answered(request, caller, form, answer)


@router.post("/identify")
async def identify_effect(request: Request, caller: Researcher, form: QuestionForm) -> Response:
    """Decide whether observation alone answers a question, with a proof either way."""

    def answer() -> Json:
        return verdict_json(identify(_graph(form.model), form.query))

    return await _answered(request, caller, form, answer)


@router.post("/adjust")
async def adjust(request: Request, caller: Researcher, form: AdjustForm) -> Response:
    """List what to adjust for, what to use instead, and why the usual sets fail."""

    def answer() -> Json:
        graph = _graph(form.model)
        return adjustment_json(graph, treatment=form.treatment, outcome=form.outcome)

    return await _answered(request, caller, form, answer)


async def _answered(
    request: Request, caller: Caller, form: QuestionForm | AdjustForm, answer: Callable[[], Json]
) -> Response:
    if form.model.scenario is not None:
        asked = (form.model.scenario,)
        engine = gym_of(request).engine
        await anyio.to_thread.run_sync(check_not_playing, engine, caller, asked)
    body = await computed(request, answer)
    return await anyio.to_thread.run_sync(
        functools.partial(once, request, caller, form, lambda _: body)
    )


async def computed(request: Request, work: Callable[[], _T]) -> _T:
    """Compute an answer in one of the places for questions, within its time.

    Raises:
        HTTPException: All places are taken, or it takes too long.
    """
    return await _within(ANSWER_S, request.app.state.places, work)


async def _within(seconds: float, places: CapacityLimiter, work: Callable[[], _T]) -> _T:
    if not places.available_tokens:
        message = "all places for questions are taken; ask again in a moment"
        raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, message, {"Retry-After": "2"})
    try:
        with anyio.fail_after(seconds):
            return await anyio.to_thread.run_sync(work, limiter=places, abandon_on_cancel=True)
    except TimeoutError:
        message = f"this takes more than {seconds:g} seconds; ask about a smaller model"
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, message) from None


def model_of(form: ModelForm) -> SCM:
    """Read a model; a graph without numbers is refused.

    Raises:
        FormatError: It is a graph, damaged or too large.
    """
    found = read_model(form)
    if isinstance(found, SCM):
        return found
    message = "this is a graph without numbers, so no probability can be computed; identify it"
    raise FormatError(message)


def _graph(form: ModelForm) -> ADMG:
    found = read_model(form)
    return found.graph if isinstance(found, SCM) else found


def read_model(form: ModelForm) -> SCM | ADMG:
    """Read the model or graph that a request names or brings along.

    Raises:
        FormatError: It is damaged or too large.
        ScenarioError: There is no such scenario.
    """
    found = _parsed(form)
    n_variables = len(found.states if isinstance(found, SCM) else found.nodes)
    if n_variables > _MAX_VARIABLES:
        message = f"a model has at most {_MAX_VARIABLES} variables here; got {n_variables}"
        raise FormatError(message)
    return found


def _parsed(form: ModelForm) -> SCM | ADMG:
    if form.scenario is not None:
        return registry.get(form.scenario).model
    if form.dagitty is not None:
        return ADMG.from_dagitty(form.dagitty)
    if form.bif is not None:
        return parse_bif(form.bif)
    document = form.document or {}
    text = json.dumps(document)
    return (graph_from_json if document.get("format") == GRAPH_FORMAT else model_from_json)(text)
