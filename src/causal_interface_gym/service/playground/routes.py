"""``/playground``: what a page that draws a model asks for; every question stands by itself."""

from collections.abc import Callable
from typing import Any

import anyio
from fastapi import APIRouter, Request
from starlette.responses import Response

from causal_interface_gym.scenarios import registry
from causal_interface_gym.service.auth import Researcher, Viewer
from causal_interface_gym.service.gym import API, gym_of
from causal_interface_gym.service.playground.contrast import contrast_json
from causal_interface_gym.service.playground.forms import (
    CaseForm,
    ContrastForm,
    ReadForm,
    WriteForm,
)
from causal_interface_gym.service.playground.text import drawn_json, read_text, written_text
from causal_interface_gym.service.playground.verdict import imagine_json, verdict_of_case
from causal_interface_gym.service.playing import check_not_playing
from causal_interface_gym.service.replying.replies import reply
from causal_interface_gym.service.replying.schemas import ModelForm
from causal_interface_gym.service.routes.questions import computed, model_of, read_model
from causal_interface_gym.storage.service.accounts import Caller

__all__ = ["router"]

router: APIRouter = APIRouter(prefix=f"{API}/playground", tags=["playground"])

# Any: JSON.
Json = dict[str, Any]


@router.post("/contrast")
async def contrast(request: Request, caller: Researcher, form: ContrastForm) -> Response:
    """Give P(y | x) and P(y | do(x)) with bias, lures, marginals, and judge a belief."""
    return await _asked(
        request, caller, form.model, lambda: contrast_json(model_of(form.model), form)
    )


@router.post("/verdict")
async def verdict(request: Request, caller: Researcher, form: CaseForm) -> Response:
    """Say whether the effect is identified; list paths, sets, and what to do where it is not."""
    return await _asked(
        request, caller, form.model, lambda: verdict_of_case(read_model(form.model), form)
    )


@router.post("/imagine")
async def imagine(request: Request, caller: Researcher, form: CaseForm) -> Response:
    """Say what would have been, for those with this treatment and this outcome."""
    return await _asked(
        request, caller, form.model, lambda: imagine_json(model_of(form.model), form)
    )


@router.post("/read")
async def read(request: Request, caller: Researcher, form: ReadForm) -> Response:
    """Read a graph or model from text: dagitty, DOT, GML, node-link, BIF, XMLBIF, JSON, arrows."""
    return await _asked(request, caller, None, lambda: read_text(form.text))


@router.post("/write")
async def write(request: Request, caller: Researcher, form: WriteForm) -> Response:
    """Write a model or graph in another form."""

    def answer() -> Json:
        return {"format": form.format, "text": written_text(read_model(form.model), form)}

    return await _asked(request, caller, form.model, answer)


@router.get("/scenarios/{scenario}")
def show(request: Request, caller: Viewer, scenario: str) -> Response:
    """Give the model of a scenario, which tells its truths: not while the caller plays it."""
    check_not_playing(gym_of(request).engine, caller, (scenario,))
    found = registry.get(scenario)
    drawn = drawn_json(
        found.model,
        roles={"exposure": [found.treatment], "outcome": [found.outcome]},
    )
    return reply(request, {"id": scenario, "title": found.title, "story": found.story, **drawn})


async def _asked(
    request: Request, caller: Caller, model: ModelForm | None, answer: Callable[[], Json]
) -> Response:
    if model is not None and model.scenario is not None:
        engine = gym_of(request).engine
        await anyio.to_thread.run_sync(check_not_playing, engine, caller, (model.scenario,))
    return reply(request, await computed(request, answer))
