"""``/models``: models and graphs drawn, or written in another form."""

from collections.abc import Callable
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from causal_interface_gym.causal import SCM
from causal_interface_gym.causal.formats.drawing.pictures import to_mermaid, to_tikz
from causal_interface_gym.causal.formats.drawing.svg import to_svg
from causal_interface_gym.causal.formats.forms import written
from causal_interface_gym.service.asking import answered, read_model
from causal_interface_gym.service.auth import Researcher
from causal_interface_gym.service.described.forms import TextReply, gives
from causal_interface_gym.service.gym import API
from causal_interface_gym.service.replying.schemas import ConvertForm, DrawForm

__all__ = ["router"]

router: APIRouter = APIRouter(prefix=f"{API}/models", tags=["models"])

# Any: JSON.
Json = dict[str, Any]

_PICTURES: Final[dict[str, Callable[..., str]]] = {
    "svg": to_svg,
    "mermaid": to_mermaid,
    "tikz": to_tikz,
}


@router.post("/draw", responses=gives(TextReply))
async def draw(request: Request, caller: Researcher, form: DrawForm) -> Response:
    """Draw a graph, latent variables of a model included."""

    def answer() -> Json:
        found = read_model(form.model)
        graph = found.dag if isinstance(found, SCM) else found
        treatment, outcome = ([name] if name else [] for name in (form.treatment, form.outcome))
        graph.mask([*treatment, *outcome])
        latent = found.latent if isinstance(found, SCM) else frozenset()
        text = _PICTURES[form.form](graph, latent=latent, treatment=treatment, outcome=outcome)
        return {"form": form.form, "text": text}

    return await answered(request, caller, form, answer)


@router.post("/convert", responses=gives(TextReply))
async def convert(request: Request, caller: Researcher, form: ConvertForm) -> Response:
    """Write a model or a graph in another form; a model written as a graph loses its numbers."""

    def answer() -> Json:
        return {"form": form.form, "text": written(read_model(form.model), form.form)}

    return await answered(request, caller, form, answer)
