"""What people come for, from beginning to end: by keys alone, by mouse, by touch."""

import json
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from causal_interface_gym import scenarios
from causal_interface_gym.service.web.assets import HERE, load_assets
from tests.web.conftest import Visitor
from tests.web.test_pages import settled, violations

KIDNEY = scenarios.get("kidney-stones-v1").model


def number(page: Page, name: str) -> float:
    text = page.locator(f"[data-number={name}]").first.inner_text()
    return float(text.replace("\N{MINUS SIGN}", "-"))


def reveal(page: Page) -> None:
    page.get_by_role("button", name="State and reveal").click()


def test_a_researcher_reads_the_truth_of_a_model_and_it_is_the_engines(visitor: Visitor) -> None:
    page = visitor.open("/play/kidney-stones-v1")
    settled(page, "Play")
    expect(page.locator("[data-number=do]")).to_have_text("?")  # a belief comes first
    reveal(page)
    seen = KIDNEY.p("recovery=yes | treatment=B")
    done = KIDNEY.p("recovery=yes | do(treatment=B)")
    expect(page.locator("[data-number=see]")).to_have_text(f"{seen:.3f}")
    expect(page.locator("[data-number=do]")).to_have_text(f"{done:.3f}")
    assert number(page, "bias") == pytest.approx(seen - done, abs=5e-4)
    assert violations(page) == []


def test_a_researcher_pastes_a_graph_and_sees_why_there_is_no_answer(visitor: Visitor) -> None:
    page = visitor.open("/play")
    settled(page, "Play")
    page.get_by_role("button", name="Text, export, share").click()
    page.get_by_role("textbox").fill("dag { X -> Y; X <-> Y }")
    page.get_by_role("button", name="Read this text").click()
    expect(page.get_by_text("Read. The text has no numbers")).to_be_visible()
    nodes = page.locator(".canvas [data-node]")
    expect(nodes).to_have_count(2)
    page.locator("[data-node=X]").first.focus()
    page.keyboard.press("e")
    page.locator("[data-node=Y]").first.focus()
    page.keyboard.press("o")
    reveal(page)
    truth = page.get_by_role("region", name="Truth")
    expect(truth).to_contain_text(re.compile("not identif", re.IGNORECASE))
    assert violations(page) == []


def test_a_graph_is_drawn_forced_and_undone_by_keys_alone(visitor: Visitor) -> None:
    page = visitor.open("/play")
    settled(page, "Play")
    page.locator("[data-node=Age]").first.focus()
    page.keyboard.press("n")
    expect(page.locator(".canvas [data-node]")).to_have_count(5)
    page.keyboard.press("Control+z")
    expect(page.locator(".canvas [data-node]")).to_have_count(4)
    page.locator("[data-node=Smoking]").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("path.cut")).to_have_count(1)
    expect(page.get_by_role("status").first).to_contain_text("1 arrow cut")
    page.keyboard.press("Control+z")
    expect(page.locator("path.cut")).to_have_count(0)
    # An arrow that would close a circle is refused, and the circle is named.
    page.locator("[data-node=Cancer]").first.focus()
    page.keyboard.press("c")
    page.locator("[data-node=Age]").first.focus()
    page.keyboard.press("c")
    expect(page.get_by_role("status").first).to_contain_text("Age")
    expect(page.locator(".told.error")).to_have_count(1)


def test_an_address_holds_the_whole_graph(visitor: Visitor) -> None:
    page = visitor.open("/play/kidney-stones-v1")
    settled(page, "Play")
    page.get_by_role("button", name="Text, export, share").click()
    page.get_by_role("button", name="Share by address").click()
    expect(page.get_by_text("The address holds the whole graph")).to_be_visible()
    address = page.get_by_role("textbox").input_value()
    assert "#m=" in address
    other = visitor.open(address.removeprefix(visitor.service.address))
    settled(other, "Play")
    expect(other.locator(".canvas [data-node]")).to_have_count(3)
    reveal(other)
    done = KIDNEY.p("recovery=yes | do(treatment=B)")
    expect(other.locator("[data-number=do]")).to_have_text(f"{done:.3f}")
    broken = visitor.open("/play#m=thisisnograph")
    settled(broken, "Play")
    expect(broken.locator(".error")).not_to_have_count(0)


@pytest.mark.parametrize("size", [(1280, False), (390, True)])
def test_an_episode_is_played_to_its_score(visitor: Visitor, size: tuple[int, bool]) -> None:
    width, is_touch = size
    page = visitor.open("/scenarios", width=width, is_touch=is_touch)
    settled(page, "Scenarios")
    card = page.locator("article, li, .card").filter(has_text="homework-v1").first
    card.get_by_role("button", name="Play").click()
    page.wait_for_url("**/episodes/**")
    page.get_by_role("button", name=re.compile("Draw|Observe|rows", re.IGNORECASE)).first.click()
    sliders = page.locator("input[type=range]")
    expect(sliders.first).to_be_visible()
    for place in range(sliders.count()):
        sliders.nth(place).focus()
        page.keyboard.press("ArrowRight")
    page.get_by_role("button", name=re.compile("^Submit")).click()
    expect(page.get_by_text("Causal Score").first).to_be_visible()
    assert violations(page) == []
    board = visitor.open("/leaderboard")
    settled(board, "Leaderboard")
    expect(board.get_by_role("main")).to_contain_text("you")


def test_an_evaluator_sees_where_a_model_went_wrong(visitor: Visitor) -> None:
    page = visitor.open("/runs")
    page.get_by_role("link", name="first").click()
    settled(page, "Run")
    worst = page.locator("tbody tr").filter(has_text="reference:associational").last
    worst.get_by_role("link").first.click()
    settled(page, "Replay")
    expect(page.get_by_text("see for do").first).to_be_visible()
    report = json.loads(visitor.service.get("/api/v1/runs/first"))
    assert report["trials"]["finished"] == 4
    expect(page.get_by_role("main")).to_contain_text("0.833")  # the truth of do(A), exactly


def test_a_run_is_begun_watched_and_found_again(visitor: Visitor) -> None:
    page = visitor.open("/runs/new")
    settled(page, "New run")
    page.get_by_label("Name").fill("from-the-page")
    page.get_by_label("Scenarios").fill("homework-v1")
    page.get_by_label("Seeds").fill("0-1")
    for agent in ("marginal", "hedged", "uniform", "random", "reverse", "experimenter"):
        page.get_by_label(agent, exact=True).uncheck()
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/runs/from-the-page")
    expect(page.get_by_text("6 of 6").first).to_be_visible(timeout=30_000)
    expect(page.get_by_role("main")).to_contain_text("reference:oracle")
    again = visitor.open("/runs/new")
    settled(again, "New run")
    again.get_by_label("Scenarios").fill("no-such-scenario")
    again.get_by_role("button", name="Begin").click()
    expect(again.get_by_role("alert")).to_contain_text("no-such-scenario")


@pytest.mark.parametrize(
    "text",
    [
        'dag { "<img src=x onerror=alert(1)>" -> "<script>alert(2)</script>" }',
        'dag { "' + "long" * 60 + '" -> Y }',
        'dag { "שלום" -> "مرحبا" }',
        "dag { " + "; ".join(f"n{i} -> n{i + 1}" for i in range(99)) + " }",
        "this is { no graph",
    ],
    ids=["html", "long", "right-to-left", "a hundred nodes", "nonsense"],
)
def test_hostile_text_is_shown_as_text(visitor: Visitor, text: str) -> None:
    page = visitor.open("/play")
    settled(page, "Play")
    page.on("dialog", lambda _: visitor.faults.append("a script of the text ran"))
    page.get_by_role("button", name="Text, export, share").click()
    page.get_by_role("textbox").fill(text)
    page.get_by_role("button", name="Read this text").click()
    expect(page.locator(".text-drawer [role=status]")).not_to_be_empty()
    assert page.locator(".canvas img, .canvas script").count() == 0
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 1280
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_service_that_is_gone_leaves_the_graph_to_edit(visitor: Visitor) -> None:
    page = visitor.open("/play")
    settled(page, "Play")
    page.context.set_offline(True)
    page.locator("[data-node=Smoking]").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("path.cut")).to_have_count(1)
    reveal(page)
    expect(page.get_by_role("alert")).to_contain_text("does not answer")
    assert violations(page) == []
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").first.click()
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("path", ["/", "/play"])
def test_a_first_page_is_small_with_all_that_it_loads(visitor: Visitor, path: str) -> None:
    loaded: set[str] = set()
    page = visitor.open("/nowhere")
    page.on("request", lambda request: loaded.add(urlsplit(request.url).path.lstrip("/")))
    page.goto(path)
    page.wait_for_load_state("networkidle")
    found = load_assets(HERE)
    sizes = [len(found[name].packed) for name in (*(loaded & set(found)), "index.html")]
    assert len(sizes) >= 5
    assert sum(sizes) <= 40_000


def test_nothing_that_is_loaded_later_is_large() -> None:
    lazy = {n: len(a.packed) for n, a in load_assets(HERE).items() if n.endswith(".js")}
    assert max(lazy.values()) <= 25_000
