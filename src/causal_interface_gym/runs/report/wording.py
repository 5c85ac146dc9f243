"""Words and number formats that all readable reports share."""

from typing import Final, assert_never

from causal_interface_gym.runs.grading import Grades
from causal_interface_gym.scoring.causal_score import CausalScore, Scored, UnscoredFamily
from causal_interface_gym.scoring.statistics import Interval, NoInterval

__all__ = ["NOTES", "interval_text", "shape_text", "short_value_text", "value_text"]

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
    "The classics have published numbers and were not selected for a gap between seeing and "
    "doing, so a constant answer may beat the seer in a family of few worlds. With so few worlds "
    "the intervals are rough."
)
NOTES: Final = (_SCORE, _INTERVALS, _CLASSICS)
"""How to read a report."""


def value_text(score: Scored) -> str:
    """Show a score with two decimals.

    >>> value_text(UnscoredFamily("zero_reference", 0.01, 4))
    'unscored'
    """
    match score:
        case CausalScore():
            return f"{score.value + 0.0:.2f}"
        case UnscoredFamily():
            return "unscored"
        case _:
            assert_never(score)


def short_value_text(score: Scored) -> str:
    """Show a score in at most six characters for narrow columns; large ones without decimals."""
    if isinstance(score, CausalScore) and abs(score.value) >= 10:  # noqa: PLR2004 - two digits
        return f"{score.value:.0f}"
    return value_text(score) if isinstance(score, CausalScore) else "-"


def interval_text(score: Scored) -> str:
    """Show the interval, or why there is none."""
    if isinstance(score, UnscoredFamily):
        return score.reason.replace("_", " ")
    match score.interval:
        case Interval(low, high):
            return f"{low:.2f} to {high:.2f}"
        case NoInterval():
            return "one world"
        case _:
            assert_never(score.interval)


def shape_text(grades: Grades) -> str:
    """Say in one line what was run."""
    spec = grades.spec
    parts = [
        _count(len(spec.agents), "agent"),
        _count(len(spec.scenarios), "scenario"),
        _count(len(spec.seeds), "seed"),
        _count(grades.n_finished, "episode"),
    ]
    missing = spec.n_trials - grades.n_finished
    unfinished = f" (unfinished: {missing} to go)" if missing else ""
    return ", ".join(parts) + f", interface {spec.interface!r}{unfinished}"


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}" + ("s" if n != 1 else "")
