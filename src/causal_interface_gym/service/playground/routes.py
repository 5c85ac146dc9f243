"""``/playground``: what a page that draws a model asks for; every question stands by itself."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from causal_interface_gym.scenarios import registry
from causal_interface_gym.service.asking import answered, model_of, read_model, repeatable
from causal_interface_gym.service.auth import Researcher, Viewer
from causal_interface_gym.service.described.forms import TextReply, gives
from causal_interface_gym.service.gym import API, gym_of
from causal_interface_gym.service.playground.contrast import contrast_json
from causal_interface_gym.service.playground.forms import (
    CaseForm,
    ContrastForm,
    ReadForm,
    WriteForm,
)
from causal_interface_gym.service.playground.replies import (
    CaseReply,
    ContrastReply,
    DrawnReply,
    ImagineReply,
    ScenarioModelReply,
)
from causal_interface_gym.service.playground.text import drawn_json, read_text, written_text
from causal_interface_gym.service.playground.verdict import imagine_json, verdict_of_case
from causal_interface_gym.service.playing import check_not_playing
from causal_interface_gym.service.replying.replies import reply

__all__ = ["router"]

router: APIRouter = APIRouter(prefix=f"{API}/playground", tags=["playground"])

# Any: JSON.
Json = dict[str, Any]


@router.post("/contrast", responses=gives(ContrastReply))
async def contrast(request: Request, caller: Researcher, form: ContrastForm) -> Response:
    """Give P(y | x) and P(y | do(x)) with bias, lures, marginals, and judge a belief."""
    return await answered(request, caller, form, lambda: contrast_json(model_of(form.model), form))


@router.post("/verdict", responses=gives(CaseReply))
async def verdict(request: Request, caller: Researcher, form: CaseForm) -> Response:
    """Say whether the effect is identified; list paths, sets, and what to do where it is not."""
    return await answered(
        request, caller, form, lambda: verdict_of_case(read_model(form.model), form)
    )


@router.post("/imagine", responses=gives(ImagineReply))
async def imagine(request: Request, caller: Researcher, form: CaseForm) -> Response:
    """Say what would have been, for those with this treatment and this outcome."""
    return await answered(request, caller, form, lambda: imagine_json(model_of(form.model), form))


@router.post("/read", responses=gives(DrawnReply))
async def read(request: Request, caller: Researcher, form: ReadForm) -> Response:
    """Read a graph or model from text: dagitty, DOT, GML, node-link, BIF, XMLBIF, JSON, arrows."""
    return await repeatable(request, caller, form, lambda: read_text(form.text))


@router.post("/write", responses=gives(TextReply))
async def write(request: Request, caller: Researcher, form: WriteForm) -> Response:
    """Write a model or graph in another form, with its marks where the form has them."""

    def answer() -> Json:
        return {"form": form.form, "text": written_text(read_model(form.model), form)}

    return await answered(request, caller, form, answer)


@router.get("/scenarios/{scenario}", responses=gives(ScenarioModelReply))
def show(request: Request, caller: Viewer, scenario: str) -> Response:
    """Give the model of a scenario, which tells its truths: not while the caller plays it."""
    check_not_playing(gym_of(request).engine, caller, (scenario,))
    found = registry.get(scenario)
    marks = {"exposure": [found.treatment], "outcome": [found.outcome]}
    about = {"id": scenario, "title": found.title, "story": found.story}
    return reply(request, {**about, **drawn_json(found.model, roles=marks)})
