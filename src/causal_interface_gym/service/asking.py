"""Answers that are computed: the model asked about, a place to compute, and a limit of time.

What is computed cannot be stopped half way, so one that takes longer keeps its place until it ends;
when all places are taken, others are told to come back.
"""

import functools
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final, TypeVar

import anyio
from anyio import CapacityLimiter
from fastapi import Request
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response

from causal_interface_gym.causal import ADMG, SCM
from causal_interface_gym.causal.formats.bif import parse_bif
from causal_interface_gym.causal.formats.model_json import (
    GRAPH_FORMAT,
    graph_from_json,
    model_from_json,
)
from causal_interface_gym.errors import FormatError
from causal_interface_gym.scenarios import registry
from causal_interface_gym.service.gym import gym_of
from causal_interface_gym.service.playing import check_not_playing
from causal_interface_gym.service.replying.replies import once
from causal_interface_gym.service.replying.schemas import AboutForm, ModelForm
from causal_interface_gym.storage.service.accounts import Caller

__all__ = [
    "ANSWER_S",
    "PLACES",
    "answered",
    "computed",
    "graph_of",
    "model_of",
    "read_model",
    "repeatable",
]

# Any: JSON.
Json = dict[str, Any]
_T = TypeVar("_T")

ANSWER_S: Final = 20.0
"""Seconds that an answer may take."""
PLACES: Final = 4
"""Answers that are computed at once."""
_MAX_VARIABLES: Final = 500


async def answered(
    request: Request, caller: Caller, form: AboutForm, answer: Callable[[], Json]
) -> Response:
    """Compute an answer about the model of a form, unless it tells truths of what is played.

    Raises:
        HTTPException: The caller plays the scenario, no place is free, or it takes too long.
    """
    if form.model.scenario is not None:
        engine, asked = gym_of(request).engine, (form.model.scenario,)
        await anyio.to_thread.run_sync(check_not_playing, engine, caller, asked)
    return await repeatable(request, caller, form, answer)


async def repeatable(
    request: Request, caller: Caller, form: BaseModel, answer: Callable[[], Json]
) -> Response:
    """Compute an answer; under an ``Idempotency-Key`` the first one comes again.

    Raises:
        HTTPException: No place is free, or it takes too long.
    """
    body = await computed(request, answer)
    return await anyio.to_thread.run_sync(
        functools.partial(once, request, caller, form, lambda _: body)
    )


async def computed(request: Request, work: Callable[[], _T]) -> _T:
    """Compute something in one of the places, within the limit of time.

    Raises:
        HTTPException: No place is free, or it takes too long.
    """
    return await _within(ANSWER_S, request.app.state.places, work)


def model_of(form: ModelForm) -> SCM:
    """Read a model.

    Raises:
        FormatError: It cannot be read, or is a graph without numbers.
        ScenarioError: There is no such scenario.
    """
    found = read_model(form)
    if isinstance(found, SCM):
        return found
    message = "this is a graph without numbers, so no probability can be computed; identify it"
    raise FormatError(message)


def graph_of(form: ModelForm) -> ADMG:
    """Read a graph; of a model, that over its observed variables.

    Raises:
        FormatError: It cannot be read.
        ScenarioError: There is no such scenario.
    """
    found = read_model(form)
    return found.graph if isinstance(found, SCM) else found


def read_model(form: ModelForm) -> SCM | ADMG:
    """Read a model or a graph.

    Raises:
        FormatError: It cannot be read, or is too large.
        ScenarioError: There is no such scenario.
    """
    found = _parsed(form)
    n_variables = len(found.states if isinstance(found, SCM) else found.nodes)
    if n_variables > _MAX_VARIABLES:
        message = f"a model has at most {_MAX_VARIABLES} variables here; got {n_variables}"
        raise FormatError(message)
    return found


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
