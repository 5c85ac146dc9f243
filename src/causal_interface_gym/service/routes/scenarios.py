"""``/scenarios``: what one may know of them before one plays.

Truths, lures, mechanisms and the graph are left out: whoever plays would have them beforehand.
"""

from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from causal_interface_gym.gym.interface import INTERFACES, allowed_kinds
from causal_interface_gym.scenarios import registry
from causal_interface_gym.scenarios.catalogue import room_of
from causal_interface_gym.service.auth import Viewer
from causal_interface_gym.service.described.forms import (
    InterfacesReply,
    ScenarioPage,
    ScenarioReply,
    gives,
)
from causal_interface_gym.service.gym import API
from causal_interface_gym.service.replying.replies import Cursor, Limit, page, read_cursor, reply

__all__ = ["router"]

router: APIRouter = APIRouter(prefix=API, tags=["scenarios"])

# Any: JSON.
Json = dict[str, Any]
_MISSING = 404


@router.get("/scenarios", responses=gives(ScenarioPage))
def list_scenarios(
    request: Request, caller: Viewer, cursor: Cursor = "", limit: Limit = 100
) -> Response:
    """List the curated scenarios by id."""
    del caller
    paging = read_cursor(cursor, limit)
    ids = [name for name in sorted(registry.ids()) if name > paging.after][: limit + 1]
    return reply(request, page([_entry(name) for name in ids], paging, key="id"))


@router.get("/scenarios/{scenario}", responses=gives(ScenarioReply))
def show_scenario(request: Request, caller: Viewer, scenario: str) -> Response:
    """Show story, variables and sources of a scenario."""
    del caller
    if scenario not in registry.ids():
        message = f"there is no scenario {scenario!r:.200}; GET /api/v1/scenarios lists them"
        raise HTTPException(_MISSING, message)
    found = registry.get(scenario)
    return reply(
        request,
        {
            **_entry(scenario),
            "story": found.story,
            "variables": [
                {"name": v.name, "meaning": v.meaning, "states": dict(v.states)}
                for v in found.world().variables
            ],
            "citations": [{"key": c.key, "text": c.text} for c in found.citations],
        },
    )


@router.get("/interfaces", responses=gives(InterfacesReply))
def list_interfaces(request: Request, caller: Viewer) -> Response:
    """List the named interfaces, through which an episode can be played."""
    del caller
    items = [
        {
            "name": name,
            "shows_graph": shown.shows_graph,
            "actions": list(allowed_kinds(shown)),
            "budget": shown.budget,
            "max_actions": shown.max_actions,
        }
        for name, shown in INTERFACES.items()
    ]
    return reply(request, {"items": items, "next": None})


def _entry(scenario: str) -> Json:
    return {
        "id": scenario,
        "field": room_of(scenario),
        "title": registry.get(scenario).title,
    }
