"""The page stands alone, in light and dark, and quotes nothing unescaped."""

from dataclasses import replace
from html.parser import HTMLParser

from causal_interface_gym.agents.registry import REFERENCE_AGENTS
from causal_interface_gym.runs.grading import Grades
from causal_interface_gym.runs.report.page import report_html


class Requests(HTMLParser):
    """Collects what a page would fetch, its ids and the places its links lead to."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.outside: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note ids and addresses."""
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in {"src", "href", "xlink:href", "action"}:
                inside = (value or "").startswith("#")
                (self.links if inside else self.outside).append(value or "")
        assert tag not in {"script", "link", "iframe", "img"}


def read(page: str) -> Requests:
    parser = Requests()
    parser.feed(page)
    return parser


def test_the_page_stands_alone_in_light_and_dark(grades: Grades) -> None:
    page = report_html(grades)
    found = read(page)
    assert found.outside == []
    assert len(found.ids) == len(set(found.ids))
    assert {link.removeprefix("#") for link in found.links} <= set(found.ids)
    assert "@import" not in page
    assert "prefers-color-scheme: dark" in page
    assert page.count("<svg") == 4
    assert "var(--ink)" in page
    assert "#010203" not in page
    for agent in REFERENCE_AGENTS:
        assert f"{agent}°" in page
    assert "Charig" in page


def test_failures_come_first(grades: Grades) -> None:
    page = report_html(grades)
    assert page.index('<h2 id="failures">') < page.index('<h2 id="leaderboard">')


def test_what_a_page_quotes_is_escaped(grades: Grades) -> None:
    agent = replace(grades.agents[0], agent="<b>&")
    page = report_html(replace(grades, agents=(agent,)))
    assert "<b>&<" not in page
    assert "&lt;b&gt;&amp;" in page


def test_only_the_breakdowns_asked_for_are_shown(grades: Grades) -> None:
    page = report_html(grades, by=("names",))
    assert 'id="by-names"' in page
    assert 'id="by-family"' not in page
    assert 'id="leaderboard"' not in page


def test_a_page_without_scores_can_be_shown(unscored: Grades, nothing: Grades) -> None:
    assert "unscored" in report_html(unscored)
    assert report_html(nothing).count("<svg") == 4
