"""Words and number formats that all readable reports share."""

from typing import Final, assert_never

from causal_interface_gym.runs.grading import AgentGrade, Grades
from causal_interface_gym.runs.report.table import Cell
from causal_interface_gym.scoring.causal_score import CausalScore, Scored, UnscoredFamily
from causal_interface_gym.scoring.comparison import Difference
from causal_interface_gym.scoring.robust import Coefficient, Estimate
from causal_interface_gym.scoring.statistics import Interval, NoInterval
from causal_interface_gym.scoring.unscored import Unscored

__all__ = [
    "NONE",
    "NOTES",
    "count",
    "difference_cell",
    "estimate_cell",
    "interval_text",
    "label",
    "number",
    "p_text",
    "range_text",
    "reason_text",
    "score_cell",
    "shape_text",
    "short_value_text",
    "shown",
    "value_text",
]

_SCORE: Final = (
    "Causal Score: 1 is exact, 0 is as good as the seer, who answers every causal question with "
    "the matching conditional probability. It is quadratic (half way between seeing and doing is "
    "0.75), not clipped, and falls far below 0 where the seer is nearly right."
)
_INTERVALS: Final = (
    "The headline is the unweighted mean over the families marked with a star. Intervals are "
    "95 %, from a bootstrap over distinct worlds; many seeds of one classic count as one world."
)
_CLASSICS: Final = (
    "Curated scenarios have published numbers and were not selected for a gap between seeing and "
    "doing, so a constant answer may beat the seer in a family of few of them, and its interval is "
    "rough."
)
_REFERENCES: Final = (
    "° marks a reference agent: a fixed rule that is given the world's model or plays by a "
    "known recipe; a yardstick, not a participant."
)
NOTES: Final = (_SCORE, _INTERVALS, _CLASSICS, _REFERENCES)
"""How to read a report."""

NONE: Final = "–"  # noqa: RUF001 - the sign for no number
"""Stands where there is no number; the reason is given below the table."""

_REASONS: Final = {
    "zero_reference": "the reference makes no error here, so there is nothing to be better at",
    "elicitation_failed": "elicitation failed",
    "no_items": "no headline question was asked",
}
_LARGE: Final = 10
_SMALL_P: Final = 0.001


_TOOLS: Final = "\u2020"


def label(agent: AgentGrade) -> str:
    """Name an agent briefly; a reference agent gets its mark, and one with tools another."""
    if agent.is_reference:
        return agent.agent.removeprefix("reference:") + "°"
    return agent.agent + (_TOOLS if agent.is_tool_assisted else "")


def shown(text: str) -> str:
    """Make foreign text safe to show: what cannot be printed is written as an escape.

    >>> shown("red" + chr(27) + "[31m") == "red" + chr(92) + "x1b[31m"
    True
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def number(value: float) -> str:
    """Show a number with two decimals, a large one without; never a minus before zero.

    >>> number(-0.001), number(-20.4), number(0.456)
    ('0.00', '-20', '0.46')
    """
    text = f"{value:.0f}" if abs(value) >= _LARGE else f"{value:.2f}"
    return text.removeprefix("-") if float(text) == 0 else text


def value_text(score: Scored) -> str:
    """Show a score with two decimals.

    >>> value_text(UnscoredFamily("zero_reference", 0.01, 4))
    'unscored'
    """
    match score:
        case CausalScore():
            return f"{score.value + 0.0:.2f}".replace("-0.00", "0.00")
        case UnscoredFamily():
            return "unscored"
        case _:
            assert_never(score)


def short_value_text(score: Scored) -> str:
    """Show a score in at most six characters for narrow columns; large ones without decimals."""
    return number(score.value) if isinstance(score, CausalScore) else NONE


def interval_text(score: Scored) -> str:
    """Show the interval, or why there is none."""
    if isinstance(score, UnscoredFamily):
        return reason_text(score.reason)
    match score.interval:
        case Interval(low, high):
            return range_text(low, high)
        case NoInterval():
            return "one world"
        case _:
            assert_never(score.interval)


def score_cell(score: Scored) -> Cell:
    """Show a score over its interval."""
    if isinstance(score, UnscoredFamily):
        return Cell(NONE)
    return Cell(short_value_text(score), interval_text(score))


def estimate_cell(found: Coefficient) -> Cell:
    """Show an estimate over its interval."""
    match found:
        case Estimate():
            return Cell(number(found.value), range_text(found.low, found.high))
        case Unscored():
            return Cell(NONE)
        case _:
            assert_never(found)


def difference_cell(found: Difference | Unscored) -> Cell:
    """Show a difference over its interval."""
    match found:
        case Difference():
            return Cell(number(found.value), range_text(found.low, found.high))
        case Unscored():
            return Cell(NONE)
        case _:
            assert_never(found)


def p_text(p: float) -> str:
    """Show a p-value.

    >>> p_text(0.00001), p_text(0.0312)
    ('< 0.001', '0.031')
    """
    return "< 0.001" if p < _SMALL_P else f"{p:.3f}"


def reason_text(reason: str) -> str:
    """Put the reason of a missing number in words."""
    return _REASONS.get(reason, reason)


def range_text(low: float, high: float) -> str:
    """Show the ends of an interval.

    >>> range_text(0.1, 0.25)
    '0.10 to 0.25'
    """
    return f"{number(low)} to {number(high)}"


def shape_text(grades: Grades) -> str:
    """Say in one line what was run."""
    spec = grades.spec
    parts = [
        count(len(spec.agents), "agent"),
        count(len(spec.scenarios), "scenario"),
        count(len(spec.seeds), "seed"),
        count(grades.n_finished, "episode"),
    ]
    missing = spec.n_trials - grades.n_finished
    unfinished = f" (unfinished: {missing:,} to go)" if missing else ""
    return ", ".join(parts) + f", interface {spec.interface!r}{unfinished}"


def count(n: int, noun: str) -> str:
    """Count things.

    >>> count(1, "seed"), count(2000, "episode")
    ('1 seed', '2,000 episodes')
    """
    return f"{n:,} {noun}" + ("s" if n != 1 else "")
