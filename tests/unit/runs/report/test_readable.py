"""Terminal and Markdown: everything is there, nothing is cut, numbers carry no false precision."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from causal_interface_gym.agents.registry import REFERENCE_AGENTS
from causal_interface_gym.errors import RunError
from causal_interface_gym.runs.grades.conduct import FailureKind
from causal_interface_gym.runs.grading import Grades
from causal_interface_gym.runs.records import Trial
from causal_interface_gym.runs.report.markdown import report_markdown
from causal_interface_gym.runs.report.sections import BREAKDOWNS, parse_by, sections
from causal_interface_gym.runs.report.table import Column, Row, Table
from causal_interface_gym.runs.report.terminal import print_report
from causal_interface_gym.runs.report.wording import (
    NONE,
    difference_cell,
    estimate_cell,
    interval_text,
    score_cell,
    shape_text,
    short_value_text,
    value_text,
)
from causal_interface_gym.scoring.causal_score import CausalScore, UnscoredFamily
from causal_interface_gym.scoring.robust import Estimate
from causal_interface_gym.scoring.statistics import Interval, NoInterval
from causal_interface_gym.scoring.unscored import Unscored


def printed(grades: Grades, width: int) -> str:
    out = io.StringIO()
    print_report(grades, Console(file=out, width=width), by=BREAKDOWNS)
    return out.getvalue()


@pytest.mark.parametrize("width", [80, 220])
def test_the_terminal_shows_every_agent_and_family(grades: Grades, width: int) -> None:
    text = printed(grades, width)
    for agent in REFERENCE_AGENTS:
        assert agent in text
    assert "intervention*" in text
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= width


def test_a_wide_terminal_shows_the_intervals_of_families(grades: Grades) -> None:
    assert "1.00  1.00 to 1.00" in printed(grades, 260)


def test_markdown_is_a_table_with_sources(grades: Grades) -> None:
    text = report_markdown(grades)
    assert "| reference:oracle° | 1.00 | 1.00 to 1.00 | 4 | 8 | 100% |" in text
    assert "Lauritzen" in text
    assert text.endswith("\n")


def test_an_unfinished_run_says_so(nothing: Grades) -> None:
    assert "unfinished: 1 to go" in report_markdown(nothing)
    assert "No agent stated a belief, drew rows" in printed(nothing, 100)


def test_failures_gaps_and_refusals_are_told(grades: Grades) -> None:
    agent = grades.agents[-1]
    trial = Trial(agent.agent, "asia-v1", "graph", 1)
    conduct = replace(
        agent.conduct,
        n_failed=1,
        n_refused=3,
        failures=(FailureKind("ProviderError", 1, "out of luck | <b>", trial),),
    )
    bad = replace(agent, conduct=conduct, scores=replace(agent.scores, coverage=0.9))
    text = report_markdown(replace(grades, agents=(bad,)))
    assert f"ProviderError | 1 | {trial} | out of luck \\| <b> |" in text
    assert "left 10.0% of the questions unanswered" in text
    assert "3 actions of" in text


def test_the_share_that_was_answered_stands_beside_a_familys_score(grades: Grades) -> None:
    agent = grades.agents[0]
    shares = dict(agent.scores.family_coverage) | {"intervention": 0.75}
    gappy = replace(agent, scores=replace(agent.scores, family_coverage=shares))
    lines = report_markdown(replace(grades, agents=(gappy,))).splitlines()
    (told,) = (line for line in lines if line.startswith("| intervention*"))
    assert told.endswith("; 75% answered) |")
    assert sum("% answered" in line for line in lines) == 1


def test_updates_and_choices_are_shown_where_they_are_defined(grades: Grades) -> None:
    line = Estimate(0.5, 0.1, 9.0, 0.3, 0.7)
    agent = replace(
        grades.agents[0],
        sequences=replace(
            grades.agents[0].sequences, slope=line, regret=line, efficiency=0.8, n_changes=7
        ),
    )
    sampled = replace(grades.audited, n_worlds=100)
    text = report_markdown(replace(grades, agents=(agent,), compared=sampled))
    assert "0.50 (0.30 to 0.70)" in text
    assert "| 80% |" in text
    assert "8 of the 100 worlds of the run were compared" in text


def test_breakdowns_are_read_or_refused() -> None:
    assert parse_by("names, agent,names") == ("names", "agent")
    with pytest.raises(RunError, match="broken down by agent, family, stratum, names; got 'x'"):
        parse_by("x")


def test_sections_come_in_order(grades: Grades) -> None:
    titles = [section.title for section in sections(grades)]
    assert titles[:5] == ["Failures", "Leaderboard", "By family", "By structure", "By names"]
    assert titles[5] == "Compared with a baseline"


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="needs 1 cells; got 0"):
        Table((Column("a"),), (Row(()),))


def test_numbers_are_worded_without_false_precision() -> None:
    def scored(value: float, *intervals: Interval) -> CausalScore:
        interval = intervals[0] if intervals else NoInterval("fewer than two distinct worlds")
        return CausalScore(value, interval, 0.1, 0.1, 4, 2)

    assert value_text(scored(-0.0)) == "0.00"
    assert value_text(scored(-20.031)) == "-20.03"
    assert short_value_text(scored(-20.031)) == "-20"
    assert short_value_text(scored(0.5)) == "0.50"
    assert short_value_text(UnscoredFamily("zero_reference", 0.0, 1)) == NONE
    assert interval_text(scored(0.5, Interval(0.1, 0.9))) == "0.10 to 0.90"
    assert interval_text(scored(0.5)) == "one world"
    assert "nothing to be better at" in interval_text(UnscoredFamily("zero_reference", 0.0, 1))
    assert score_cell(UnscoredFamily("no_items", 0.0, 0)).text == NONE
    assert difference_cell(Unscored("why")).text == NONE
    assert estimate_cell(Unscored("why")).text == NONE
    assert estimate_cell(Estimate(0.5, 0.1, 9.0, 0.3, 0.7)).detail == "0.30 to 0.70"


def test_a_run_is_described_in_one_line(grades: Grades) -> None:
    n = len(REFERENCE_AGENTS)
    assert shape_text(grades) == (
        f"{n} agents, 4 scenarios, 2 seeds, {8 * n} episodes, interface 'graph'"
    )
