"""Every page is one document; which page it shows is in its address, and no page holds a secret.

The policy lets it load its own files and talk to its own service, and nothing else. What pages show
comes from ``/api/v1``, where callers show their keys.
"""

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from causal_interface_gym.service.web.assets import HERE, Asset, load_assets

__all__ = ["POLICY", "nowhere", "router"]

router: APIRouter = APIRouter(include_in_schema=False)

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
_FOREVER: Final = "public, max-age=31536000, immutable"
_PAGE: Final = "index.html"
_UNBUILT: Final = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Causal Interface Gym</title>
<h1>The pages are not built</h1>
<p>In a checkout they are built by <code>make web</code>; an installed wheel has them.
Then start <code>cig serve</code> again.</p>
<p>The report of the latest run is at <a href="/report">/report</a>; the interface for programs is
described at <a href="/openapi.json">/openapi.json</a>.</p>
</html>
"""


@router.get("/assets/{name}")
def asset(request: Request, name: str) -> Response:
    """Send a built file; its name changes with its content, so it may be kept for ever."""
    found = load_assets(HERE).get(f"assets/{name}")
    if found is None:
        message = f"there is no file {name!r:.100}; load the page again"
        raise HTTPException(HTTPStatus.NOT_FOUND, message)
    return _sent(request, found, {"Cache-Control": _FOREVER})


@router.get("/")
@router.get("/play")
@router.get("/play/{scenario}")
@router.get("/scenarios")
@router.get("/episodes/{episode}")
@router.get("/runs")
@router.get("/runs/{path:path}")
@router.get("/leaderboard")
def page(request: Request) -> Response:
    """Send the document that shows every page."""
    return _document(request)


def nowhere(request: Request) -> Response | None:
    """Send a browser that went astray the same document; None where a program asked."""
    is_page = request.method == "GET" and not request.url.path.startswith("/api/")
    if not is_page or "text/html" not in request.headers.get("Accept", ""):
        return None
    reply = _document(request)
    reply.status_code = HTTPStatus.NOT_FOUND
    return reply


def _document(request: Request) -> Response:
    found = load_assets(HERE).get(_PAGE)
    if found is None:
        return HTMLResponse(_UNBUILT, headers={**_HEADERS, "Cache-Control": "no-cache"})
    return _sent(request, found, {**_HEADERS, "Cache-Control": "no-cache"})


def _sent(request: Request, found: Asset, headers: dict[str, str]) -> Response:
    headers = {**headers, "ETag": found.etag, "Vary": "Accept-Encoding"}
    if request.headers.get("If-None-Match") == found.etag:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(found.packed, headers=headers, media_type=found.media_type)
    return Response(found.body, headers=headers, media_type=found.media_type)
