"""Reports are equal for equal runs, complete, and free of clocks, paths and outside requests."""

import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

from causal_interface_gym.agents.registry import REFERENCE_AGENTS
from causal_interface_gym.runs.grading import Grades, grade
from causal_interface_gym.runs.report.document import report_json
from causal_interface_gym.runs.report.figures import (
    beliefs_figure,
    leaderboard_figure,
    lures_figure,
)
from causal_interface_gym.runs.report.markdown import report_markdown
from causal_interface_gym.runs.report.page import report_html
from causal_interface_gym.runs.report.terminal import print_report
from causal_interface_gym.runs.report.wording import (
    interval_text,
    shape_text,
    short_value_text,
    value_text,
)
from causal_interface_gym.runs.runner import run
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.runs.store import MemoryStore
from causal_interface_gym.scoring.causal_score import CausalScore, UnscoredFamily
from causal_interface_gym.scoring.statistics import Interval, NoInterval


def graded(*scenarios: str, agents: tuple[str, ...] = REFERENCE_AGENTS) -> Grades:
    store = MemoryStore(RunSpec(agents, scenarios, (0, 1)))
    run(store)
    return grade(store)


@pytest.fixture(scope="module")
def grades() -> Grades:
    return graded("kidney-stones-v1", "smoking-tar-v1", "homework-v1", "asia-v1")


def test_equal_runs_give_equal_bytes(grades: Grades) -> None:
    again = graded("kidney-stones-v1", "smoking-tar-v1", "homework-v1", "asia-v1")
    assert report_json(again) == report_json(grades)
    assert report_markdown(again) == report_markdown(grades)
    assert report_html(again) == report_html(grades)


def test_the_json_has_the_promised_shape(grades: Grades) -> None:
    data = json.loads(report_json(grades))
    assert {a["agent"] for a in data["agents"]} == set(REFERENCE_AGENTS)
    for agent in data["agents"]:
        assert {"value", "low", "high"} <= set(agent["causal_score"])
        assert agent["coverage"] == 1
        assert agent["failed"] == 0
    assert data["agents"][0]["agent"] == "reference:oracle"
    assert data["score_version"] == 1


def test_the_json_holds_no_clock_path_or_host(grades: Grades) -> None:
    text = report_json(grades)
    assert not re.search(r"20\d\d-\d\d|\d\d:\d\d|/(?:home|tmp|root|work)|localhost", text)
    assert "NaN" not in text


def test_a_family_of_one_world_says_that_it_has_no_interval(grades: Grades) -> None:
    data = json.loads(report_json(grades))
    front_door = data["agents"][0]["families"]["front-door"]
    assert front_door["no_interval"] == "fewer than two distinct worlds"
    assert "low" not in front_door


def test_an_unscored_family_says_why() -> None:
    data = json.loads(report_json(graded("blood-pressure-v1")))
    agent = data["agents"][0]
    assert agent["families"]["simpson"]["unscored"] == "zero_reference"
    assert agent["causal_score"] == {"unscored": "no_items", "excess_loss": 0.0, "items": 0}


class Requests(HTMLParser):
    """Collects what a page would fetch, and its ids."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.outside: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note ids and addresses."""
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in {"src", "href", "xlink:href", "action"} and not (value or "").startswith(
                "#"
            ):
                self.outside.append(f"{tag} {value}")
        assert tag not in {"script", "link", "iframe", "img"}


def test_the_page_stands_alone_in_light_and_dark(grades: Grades) -> None:
    page = report_html(grades)
    parser = Requests()
    parser.feed(page)
    assert parser.outside == []
    assert len(parser.ids) == len(set(parser.ids))
    assert "@import" not in page
    assert "prefers-color-scheme: dark" in page
    assert page.count("<svg") == 3
    assert "var(--ink)" in page
    assert "#010203" not in page
    for agent in REFERENCE_AGENTS:
        assert agent in page
    assert "Charig" in page


def test_what_a_page_quotes_is_escaped(grades: Grades) -> None:
    agent = replace(grades.agents[0], agent="<b>&")
    page = report_html(replace(grades, agents=(agent,)))
    assert "<b>&<" not in page
    assert "&lt;b&gt;&amp;" in page


def test_figures_are_well_formed_and_show_every_agent(grades: Grades) -> None:
    for figure in (leaderboard_figure(grades), beliefs_figure(grades), lures_figure(grades)):
        root = ET.fromstring(figure)  # noqa: S314 - our own text
        assert root.tag.endswith("svg")
        assert "oracle" in figure
        assert "<metadata>" not in figure


def test_a_report_without_scores_can_be_shown() -> None:
    empty = graded("blood-pressure-v1", agents=("reference:oracle",))
    assert "unscored" in leaderboard_figure(empty)
    assert "unscored" in report_html(empty)
    nothing = grade(MemoryStore(RunSpec(("reference:oracle",), ("asia-v1",), (0,))))
    assert report_html(nothing).count("<svg") == 3
    assert "unfinished: 1 to go" in report_markdown(nothing)


@pytest.mark.parametrize("width", [80, 160])
def test_the_terminal_shows_every_agent_and_family(grades: Grades, width: int) -> None:
    out = io.StringIO()
    print_report(grades, Console(file=out, width=width))
    text = out.getvalue()
    for agent in REFERENCE_AGENTS:
        assert agent in text
    assert "intervention*" in text
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= width


def test_markdown_is_a_table_with_sources(grades: Grades) -> None:
    text = report_markdown(grades)
    assert "| reference:oracle | 1.00 | 1.00 to 1.00 | 100% | 0 |" in text
    assert "Lauritzen" in text
    assert text.endswith("\n")


def test_numbers_are_worded_without_false_precision() -> None:
    def scored(value: float, *intervals: Interval) -> CausalScore:
        interval = intervals[0] if intervals else NoInterval("fewer than two distinct worlds")
        return CausalScore(value, interval, 0.1, 0.1, 4, 2)

    assert value_text(scored(-0.0)) == "0.00"
    assert value_text(scored(-20.031)) == "-20.03"
    assert short_value_text(scored(-20.031)) == "-20"
    assert short_value_text(scored(0.5)) == "0.50"
    assert short_value_text(UnscoredFamily("zero_reference", 0.0, 1)) == "-"
    assert interval_text(scored(0.5, Interval(0.1, 0.9))) == "0.10 to 0.90"
    assert interval_text(scored(0.5)) == "one world"
    assert interval_text(UnscoredFamily("zero_reference", 0.0, 1)) == "zero reference"


def test_a_run_is_described_in_one_line(grades: Grades) -> None:
    assert shape_text(grades) == ("7 agents, 4 scenarios, 2 seeds, 56 episodes, interface 'graph'")
