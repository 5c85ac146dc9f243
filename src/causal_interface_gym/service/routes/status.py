"""``/status``: what ails, in a page that needs no database, no cache and no script.

The gateway keeps its last copy, so that there is a page even while no replica answers.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import anyio
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from causal_interface_gym.errors import CausalGymError
from causal_interface_gym.ops.backup.vault import Vault
from causal_interface_gym.ops.monitoring.silences import Alertmanager
from causal_interface_gym.service.web.assets import HERE, load_assets
from causal_interface_gym.service.web.pages import POLICY
from causal_interface_gym.settings import load_settings

if TYPE_CHECKING:
    from causal_interface_gym.service.watching.health import Health

__all__ = ["router"]

router: APIRouter = APIRouter(include_in_schema=False)

PATIENCE_S: Final = 2.0
_HEAD: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Status · Causal Interface Gym</title>{style}</head>
<body><div class="page">
<header class="top"><a class="brand" href="/">Causal Interface Gym</a></header>
<main id="main"><h1>{title}</h1><p class="quiet">As of {now} UTC.</p>
"""
_FOOT: Final = "</main></div></body></html>\n"
_WORDS: Final = {
    "ok": "Everything works",
    "degraded": "It works, and something is slower than usual",
    "down": "Something that is needed does not answer",
}

Line = tuple[str, str, str]
"""What, how it is, and more about it."""


@router.get("/status")
async def status(request: Request) -> Response:
    """Say how everything is; 200 also where something is down, for the page itself is there."""
    health: Health = request.app.state.health
    overall, lines = await health.lines()
    parts = [_line(line) for line in lines]
    known = await _slowly(of_operations)
    text = "".join(
        (
            _HEAD.format(
                style=_style(), title=_WORDS[overall], now=f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"
            ),
            _table("Parts", parts),
            _table("Care", known),
            _FOOT,
        )
    )
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "max-age=5"}
    return HTMLResponse(text, HTTPStatus.OK, headers)


async def _slowly(ask: Any) -> list[Line]:  # noqa: ANN401 - a function without arguments
    """Ask on a thread, and give up after a while."""
    with anyio.move_on_after(PATIENCE_S):
        found: list[Line] = await anyio.to_thread.run_sync(ask, abandon_on_cancel=True)
        return found
    return []


def of_operations() -> list[Line]:
    """Say how backups, drills and silences stand."""
    try:
        settings = load_settings()
        vault = Vault(settings.backup_folder)
        proven = [b.verified_at for b in vault.backups() if b.verified_at is not None]
    except CausalGymError:
        return [("settings and backups", "unknown", "they cannot be read; cig doctor says why")]
    drilled = vault.drilled_at()
    return [
        ("last proven backup", "ok" if proven else "none", _moment(max(proven, default=None))),
        ("last rehearsed restore", "ok" if drilled else "none", _moment(drilled)),
        *_silenced(settings.alertmanager_url),
    ]


def _silenced(url: str) -> list[Line]:
    try:
        found = [s for s in Alertmanager(url).silences() if s.state == "active"]
    except CausalGymError:
        return []  # not every service has one
    return [
        ("silenced", f"until {_moment(s.ends_at)}", ", ".join(map(str, s.matchers))) for s in found
    ]


def _line(line: Any) -> Line:  # noqa: ANN401 - JSON
    return str(line["name"]), str(line["status"]), str(line.get("detail", ""))


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}" if at else ""


def _table(title: str, lines: Iterable[Line]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(how)}</td><td>{escape(more)}</td></tr>'
        for name, how, more in lines
    )
    if not rows:
        return ""
    head = "".join(f'<th scope="col">{name}</th>' for name in ("What", "Status", "More"))
    return f"<h2>{title}</h2><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _style() -> str:
    named = (name for name in load_assets(HERE) if name.endswith(".css"))
    return "".join(f'<link rel="stylesheet" href="/{name}">' for name in named)
