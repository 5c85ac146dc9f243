"""The widget of notebooks in a real browser, its kernel side in this process.

The page plays the part of a notebook: it hands values of the model to and fro, as JupyterLab and
marimo do. Those two programs themselves are not run here.
"""

import gzip
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

import pytest
from playwright.sync_api import Browser, Page, expect

from causal_interface_gym import scenarios
from causal_interface_gym.causal import SCM
from causal_interface_gym.notebook import Playground
from causal_interface_gym.notebook.playground import STATIC
from tests.web.test_pages import violations

KIDNEY = scenarios.get("kidney-stones-v1").model
PAGE = """<!doctype html><html lang="en"><title>Notebook</title>
<main><h1>Notebook</h1><div id=cell></div></main>
<script type="module">
import widget from "/playground.js";
const state = await (await fetch("/state")).json();
const heard = {}, changed = {};
const model = {
  get: (name) => state[name],
  set: (name, value) => { state[name] = value; changed[name] = value; },
  on: (event, f) => (heard[event] ??= []).push(f),
  off: (event, f) => { heard[event] = (heard[event] ?? []).filter((g) => g !== f); },
  save_changes: async () => {
    const sent = JSON.stringify(changed);
    for (const name in changed) delete changed[name];
    const back = await (await fetch("/save", { method: "POST", body: sent })).json();
    for (const [name, value] of Object.entries(back)) {
      state[name] = value;
      for (const f of heard[`change:${name}`] ?? []) f();
    }
  },
};
widget.render({ model, el: document.getElementById("cell") });
</script></html>"""


class Notebook(ThreadingHTTPServer):
    """A page with one cell, and the widget that it shows."""

    daemon_threads = True

    def __init__(self, widget: Playground) -> None:
        """Show a widget."""
        super().__init__(("127.0.0.1", 0), _Cell)
        self.widget = widget
        self.turn = threading.Lock()


class _Cell(BaseHTTPRequestHandler):
    server: Notebook

    def do_GET(self) -> None:
        names = ("drawn", "document", "predict_first", "answer")
        state = {name: getattr(self.server.widget, name) for name in names}
        known = {
            "/": ("text/html", PAGE),
            "/playground.js": ("text/javascript", (STATIC / "playground.js").read_text("utf-8")),
            "/state": ("application/json", json.dumps(state)),
        }
        kind, text = known.get(self.path, ("text/plain", ""))
        self._reply(kind, text)

    def do_POST(self) -> None:
        changed = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.turn:
            before = self.server.widget.answer
            for name, value in changed.items():
                setattr(self.server.widget, name, value)
            after = self.server.widget.answer
        self._reply("application/json", json.dumps({"answer": after} if after != before else {}))

    def _reply(self, kind: str, text: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:
        del format, args


@pytest.fixture
def notebook() -> Iterator[Notebook]:
    widget = Playground(KIDNEY, treatment="treatment", outcome="recovery")
    with Notebook(widget) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


@pytest.fixture
def cell(browser: Browser, notebook: Notebook) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1100, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"http://127.0.0.1:{notebook.server_address[1]}/")
    yield page
    context.close()
    assert faults == []


def test_a_cell_shows_the_numbers_of_the_kernel(cell: Page, notebook: Notebook) -> None:
    seen = KIDNEY.p("recovery=yes | treatment=B")
    done = KIDNEY.p("recovery=yes | do(treatment=B)")
    expect(cell.locator("[data-number=see]")).to_have_text(f"{seen:.3f}")
    expect(cell.locator("[data-number=do]")).to_have_text(f"{done:.3f}")
    expect(cell.get_by_text("Identified from observation")).to_be_visible()
    assert violations(cell) == []
    assert isinstance(notebook.widget.model, SCM)


def test_what_is_forced_and_drawn_comes_back_to_the_kernel(cell: Page, notebook: Notebook) -> None:
    expect(cell.locator("[data-number=do]")).to_be_visible()
    cell.locator("[data-node=treatment]").first.focus()
    cell.keyboard.press("Enter")
    expect(cell.locator("path.cut")).to_have_count(1)
    until_true(lambda: "treatment" in notebook.widget.acts)
    cell.locator("[data-node=stone]").first.focus()
    cell.keyboard.press("n")
    until_true(lambda: len(notebook.widget.document["variables"]) == 4)
    assert len(cast("SCM", notebook.widget.model).states) == 4


def until_true(holds: Any) -> None:  # noqa: ANN401 - a function without arguments
    """Wait for the kernel to hear."""
    for _ in range(200):
        if holds():
            return
        threading.Event().wait(0.05)
    raise AssertionError(holds)


def test_the_module_is_small_and_asks_nobody_else() -> None:
    text = (STATIC / "playground.js").read_bytes()
    assert len(gzip.compress(text, 9)) <= 30 * 1024
    assert set(re.findall(rb"(?:https?:)?//[\w.-]+\.\w+", text)) <= {b"http://www.w3.org"}
