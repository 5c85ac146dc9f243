"""Each page by mouse, by touch and in both themes: nothing that a screen reader stumbles over."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import ROOT, Visitor

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
REPLAY = "/runs/first/e/reference%3Aassociational/kidney-stones-v1/0"
PAGES = {
    "front": ("/", "See, do, imagine"),
    "play": ("/play", "Play"),
    "play-scenario": ("/play/kidney-stones-v1", "Play"),
    "scenarios": ("/scenarios", "Scenarios"),
    "runs": ("/runs", "Runs"),
    "run": ("/runs/first", "Run"),
    "replay": (REPLAY, "Replay"),
    "compare": ("/runs/compare?a=first&b=first", "Compare"),
    "leaderboard": ("/leaderboard", "Leaderboard"),
    "new": ("/runs/new", "New run"),
    "nowhere": ("/no/such/page", "Not found"),
}
SIZES = {"desk": (1280, False), "phone": (390, True)}


def settled(page: Page, title: str) -> None:
    """Wait until a page shows what it has."""
    expect(page).to_have_title(f"{title} · Causal Interface Gym")
    expect(page.locator(".loading")).to_have_count(0)
    page.wait_for_load_state("networkidle")


def violations(page: Page) -> list[str]:
    """Give what axe finds wrong, in words."""
    page.evaluate(AXE.read_text("utf-8"))
    found: dict[str, Any] = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{rule['id']}: {rule['help']}: {node['html'][:160]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_and_fits(
    visitor: Visitor, name: str, size: str, theme: str, request: pytest.FixtureRequest
) -> None:
    path, title = PAGES[name]
    width, is_touch = SIZES[size]
    page = visitor.open(path, theme=theme, width=width, is_touch=is_touch)
    settled(page, title)
    pictures = request.config.getoption("--basetemp")
    if pictures:
        page.screenshot(path=Path(pictures) / f"{name}-{size}-{theme}.png", full_page=True)
    assert violations(page) == []
    # Nothing is wider than the screen, so nobody has to scroll sideways.
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
