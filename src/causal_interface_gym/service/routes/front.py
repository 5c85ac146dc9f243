"""``/report``: the stand-alone report of the latest run, or how to make one."""

import json
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from causal_interface_gym.service.auth import Viewer
from causal_interface_gym.service.gym import gym_of
from causal_interface_gym.service.playing import check_not_playing

__all__ = ["router"]

router: APIRouter = APIRouter()

_POLICY: Final = {
    # The report is one file: it needs nothing from anywhere, and nothing gets out of it.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    "Cache-Control": "no-cache",
}
_NONE: Final = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Causal Interface Gym</title>
<h1>No run yet</h1>
<p>Make one: <code>cig run --scenarios classic --seeds 0-9 --out runs/first</code>,
then load this page again. It shows the report of the latest run.</p>
<p>The interface for programs is described at
<a href="/openapi.json">/openapi.json</a>.</p>
</html>
"""


@router.get("/report", include_in_schema=False)
def front(request: Request, caller: Viewer) -> Response:
    """Show the report of the latest run."""
    gym = gym_of(request)
    latest = _latest(gym.runs)
    if latest is not None:
        check_not_playing(gym.engine, caller, _scenarios(latest))
    page = latest.read_text("utf-8") if latest is not None else _NONE
    return HTMLResponse(page, headers=_POLICY)


def _scenarios(report: Path) -> list[str]:
    """Name the scenarios whose truths a report tells."""
    found: list[str] = json.loads(report.with_suffix(".json").read_text("utf-8"))["run"][
        "scenarios"
    ]
    return found


def _latest(runs: Path) -> Path | None:
    """Find the report that was written last."""
    reports = [path for path in runs.glob("*/report.html") if path.with_suffix(".json").is_file()]
    return max(reports, key=lambda path: path.stat().st_mtime, default=None)
