"""The leaderboard as a figure: scores with their intervals; hollow points are references."""

from collections.abc import Iterator
from typing import Final

from causal_interface_gym.runs.grading import AgentGrade, Grades
from causal_interface_gym.runs.report.figures.panels import (
    Frame,
    axes,
    column_labels,
    row_labels,
)
from causal_interface_gym.runs.report.figures.shapes import (
    ACCENT,
    Area,
    Dots,
    Drawing,
    Shape,
    Words,
    widest,
)
from causal_interface_gym.runs.report.wording import label
from causal_interface_gym.scoring.causal_score import CausalScore
from causal_interface_gym.scoring.statistics import Interval

__all__ = ["leaderboard"]

_FLOOR: Final = -2.0
"""Scores below this are drawn at the edge, with an arrow."""

_AXIS: Final = "Causal Score: 0 the seer, 1 exact; an arrow means further left; hollow: reference"
_MINUS: Final = "\N{MINUS SIGN}"
_TICKS: Final = {v: f"{v:g}".replace("-", _MINUS) for v in (-2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0)}
_ROW: Final = 26.0
_WIDTH: Final = 420.0
_MOST_LABEL: Final = 220.0


def leaderboard(grades: Grades) -> Drawing:
    """Draw the headline score of each agent with its interval; clipped on the left."""
    names = {float(row): label(agent) for row, agent in enumerate(grades.agents)}
    n, left = max(len(names), 1), 12 + min(widest(list(names.values()), 9), _MOST_LABEL)
    frame = Frame(left, 4, _WIDTH, _ROW * n, (_FLOOR - 0.12, 1.12), (n - 0.5, -0.5))
    return Drawing(left + _WIDTH + 8, _ROW * n + 38, tuple(_shapes(grades, frame, names)))


def _shapes(grades: Grades, frame: Frame, names: dict[float, str]) -> Iterator[Shape]:
    yield from axes(frame, x=tuple(_TICKS))
    for row, agent in enumerate(grades.agents):
        yield from _row(frame, row, agent)
    for value in (0, 1):
        yield frame.line((value, frame.y[0]), (value, frame.y[1]))
    yield from column_labels(frame, _TICKS)
    yield from row_labels(frame, names)
    yield Words(frame.left + frame.width / 2, frame.top + frame.height + 27, _AXIS, anchor="middle")


def _row(frame: Frame, row: int, agent: AgentGrade) -> Iterator[Shape]:
    score = agent.scores.headline
    if not isinstance(score, CausalScore):
        x, y = frame.at(0.02, row)
        yield Words(x, y + 3.2, "unscored")
        return
    if isinstance(score.interval, Interval):
        low, high = max(score.interval.low, _FLOOR), max(score.interval.high, _FLOOR)
        yield frame.line((low, row), (high, row), colour=ACCENT, width=4, opacity=0.45)
        if score.interval.low < _FLOOR:
            x, y = frame.at(_FLOOR, row)
            yield Area(((x - 4, y), (x + 4, y - 4), (x + 4, y + 4)), ACCENT)
    if score.value >= _FLOOR:
        outline = 1.6 if agent.is_reference else 0.0
        yield Dots((frame.at(score.value, row),), 3.5, ACCENT, outline=outline)
    else:
        x, y = frame.at(_FLOOR + 0.07, row)
        yield Words(x, y - 4.5, f"{score.value:.1f}".replace("-", _MINUS), size=8)
