"""A service with a run in it, a browser, and pages that fail a test by any error of their own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from causal_interface_gym.service.web.assets import HERE
from causal_interface_gym.settings import SETTINGS
from tests.servers.process import free_port
from tests.web.served import Served, start

ROOT = Path(__file__).resolve().parents[2]
AGENTS = ("reference:oracle", "reference:associational")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, and give it the time that a browser needs."""
    for item in items:
        if (
            item.path.is_relative_to(Path(__file__).parent)
            and item.get_closest_marker("unit") is None
        ):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(120))


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one run, made by the command line."""
    folder = tmp_path_factory.mktemp("served") / "runs"
    named = [part for agent in AGENTS for part in ("--agent", agent)]
    scenarios = (
        "--scenarios",
        "kidney-stones-v1",
        "--seeds",
        "0-1",
        "--out",
        str(folder / "first"),
    )
    subprocess.run(
        [_cig(), "run", *named, *scenarios], check=True, capture_output=True, env=_clean()
    )
    return folder


@pytest.fixture(scope="session")
def service(runs: Path) -> Iterator[Served]:
    """``cig serve`` on a free port."""
    assert (HERE / "index.html").is_file(), "the pages are not built: make web"
    with start(
        [_cig(), "serve", "--runs", str(runs)], _clean(), (free_port(), free_port())
    ) as made:
        yield made


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium; nothing is downloaded."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        reason = "there is no Chromium; on Debian: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as driver:
        made = driver.chromium.launch(executable_path=found, chromium_sandbox=False)
        yield made
        made.close()


@dataclass
class Visitor:
    """Opens pages and notes what went wrong in them."""

    browser: Browser
    service: Served
    faults: list[str] = field(default_factory=list)
    closing: list[Callable[[], None]] = field(default_factory=list)

    def open(
        self, path: str, *, theme: str = "light", width: int = 1280, is_touch: bool = False
    ) -> Page:
        """Open a page in a browser that knows nothing yet."""
        context = self.browser.new_context(
            base_url=self.service.address,
            viewport={"width": width, "height": 860},
            color_scheme="dark" if theme == "dark" else "light",
            has_touch=is_touch,
            reduced_motion="reduce",
        )
        self.closing.append(context.close)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("request", self._check)
        page.goto(path)
        return page

    def _note(self, message: ConsoleMessage) -> None:
        # The browser itself writes down each answer that is no success; tests of errors mean them.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")

    def _check(self, request: Request) -> None:
        to = urlsplit(request.url)
        if (
            to.scheme not in {"blob", "data"}
            and f"{to.scheme}://{to.netloc}" != self.service.address
        ):
            self.faults.append(f"a request to another place: {request.url}")


@pytest.fixture
def visitor(browser: Browser, service: Served) -> Iterator[Visitor]:
    """A visitor; what went wrong in any page of his fails the test."""
    made = Visitor(browser, service)
    yield made
    for close in made.closing:
        close()
    assert made.faults == []


def _cig() -> str:
    return str(Path(sys.executable).with_name("cig"))


def _clean() -> dict[str, str]:
    """Give the environment without settings of this project."""
    return {name: value for name, value in os.environ.items() if name not in SETTINGS}


def ask(service: Served, what: str, body: object) -> dict[str, object]:
    """Ask the service itself, so that a test can hold the page against it."""
    found: dict[str, object] = json.loads(service.post(f"/api/v1/playground/{what}", body))
    return found
