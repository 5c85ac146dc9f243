"""``/questions``: exact answers about a model that the caller sends, or about a scenario's."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from causal_interface_gym.causal import Query, identify, transport
from causal_interface_gym.causal.bounds import Knowledge, bounds
from causal_interface_gym.causal.formats.answers import (
    adjustment_json,
    bounds_json,
    layout_json,
    probability_json,
    verdict_json,
)
from causal_interface_gym.causal.identification import Source
from causal_interface_gym.errors import QueryError
from causal_interface_gym.service.asking import answered, graph_of, model_of, read_model
from causal_interface_gym.service.auth import Researcher
from causal_interface_gym.service.described.forms import (
    AdjustmentReply,
    BoundsReply,
    LayoutReply,
    ProbabilityReply,
    VerdictReply,
    gives,
)
from causal_interface_gym.service.gym import API
from causal_interface_gym.service.replying.schemas import (
    AdjustForm,
    BoundsForm,
    IdentifyForm,
    LayoutForm,
    QuestionForm,
    TransportForm,
)

__all__ = ["router"]

router: APIRouter = APIRouter(prefix=f"{API}/questions", tags=["questions"])

# Any: JSON.
Json = dict[str, Any]


@router.post("/evaluate", responses=gives(ProbabilityReply))
async def evaluate(request: Request, caller: Researcher, form: QuestionForm) -> Response:
    """Compute a probability exactly: seeing, doing or imagining."""

    def answer() -> Json:
        return probability_json(model_of(form.model), Query.parse(form.query))

    return await answered(request, caller, form, answer)


@router.post("/identify", responses=gives(VerdictReply))
async def identify_effect(request: Request, caller: Researcher, form: IdentifyForm) -> Response:
    """Decide whether what is known answers a question, with a proof either way.

    Known is observation unless experiments are named.
    """

    def answer() -> Json:
        known = form.experiments or None
        return verdict_json(identify(graph_of(form.model), form.query, experiments=known))

    return await answered(request, caller, form, answer)


@router.post("/transport", responses=gives(VerdictReply))
async def transport_effect(request: Request, caller: Researcher, form: TransportForm) -> Response:
    """Decide whether an effect in one population follows from data of others.

    P(v) of the population asked about counts only where a source names it: `target`.
    """

    def answer() -> Json:
        sources = [Source.from_text(text) for text in form.sources]
        return verdict_json(transport(graph_of(form.model), form.query, sources))

    return await answered(request, caller, form, answer)


@router.post("/bounds", responses=gives(BoundsReply))
async def bound(request: Request, caller: Researcher, form: BoundsForm) -> Response:
    """Bound what cannot be computed from what is known, with the two models at the ends.

    Besides probabilities it takes effects such as `ATE(x, y=1)`, ETT, PN, PS, PNS,
    `NDE(x, y=1, m)`, NIE.
    """

    def answer() -> Json:
        model = model_of(form.model)
        if form.known == "observations":
            seen = Knowledge.from_model(model, experiments=form.experiments)
            return bounds_json(bounds(seen, form.query), known=form.known)
        if form.experiments:
            message = "experiments add nothing to known tables; leave one of the two out"
            raise QueryError(message)
        return bounds_json(bounds(model, form.query), known=form.known)

    return await answered(request, caller, form, answer)


@router.post("/adjust", responses=gives(AdjustmentReply))
async def adjust(request: Request, caller: Researcher, form: AdjustForm) -> Response:
    """List what to adjust for, what to use instead, and why the usual sets fail."""

    def answer() -> Json:
        graph = graph_of(form.model)
        return adjustment_json(graph, treatment=form.treatment, outcome=form.outcome)

    return await answered(request, caller, form, answer)


@router.post("/layout", responses=gives(LayoutReply))
async def lay_out(request: Request, caller: Researcher, form: LayoutForm) -> Response:
    """Give each node its place, causes above effects; the same graph always gets the same."""
    return await answered(request, caller, form, lambda: layout_json(read_model(form.model)))
