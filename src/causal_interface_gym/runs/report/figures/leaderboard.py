"""The leaderboard as a figure: scores with their intervals; hollow points are references."""

from typing import TYPE_CHECKING, Final

from causal_interface_gym.runs.grading import AgentGrade, Grades
from causal_interface_gym.runs.report.figures.canvas import ACCENT, INK, Drawing
from causal_interface_gym.runs.report.wording import label
from causal_interface_gym.scoring.causal_score import CausalScore
from causal_interface_gym.scoring.statistics import Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["leaderboard"]

_FLOOR: Final = -2.0
"""Scores below this are drawn at the edge, with an arrow."""

_AXIS: Final = "Causal Score: 0 the seer, 1 exact; an arrow means further left; hollow: reference"


def leaderboard(grades: Grades) -> Drawing:
    """Draw the headline score of each agent with its interval; clipped on the left."""

    def draw(figure: "Figure") -> None:
        axes = figure.subplots()
        for row, agent in enumerate(grades.agents):
            _row(axes, row, agent)
        axes.axvline(0, color=INK, linewidth=0.8)
        axes.axvline(1, color=INK, linewidth=0.8)
        axes.set_yticks(range(len(grades.agents)), [label(a) for a in grades.agents])
        axes.set_ylim(len(grades.agents) - 0.5, -0.5)
        axes.set_xlim(_FLOOR - 0.12, 1.12)
        axes.set_xlabel(_AXIS)
        axes.grid(axis="x")
        axes.tick_params(length=0)
        axes.set_axisbelow(True)

    return Drawing(7.2, 0.9 + 0.36 * len(grades.agents), draw)


def _row(axes: "Axes", row: int, agent: AgentGrade) -> None:
    score = agent.scores.headline
    if not isinstance(score, CausalScore):
        axes.text(0.02, row, "unscored", va="center", color=INK)
        return
    if isinstance(score.interval, Interval):
        low, high = max(score.interval.low, _FLOOR), max(score.interval.high, _FLOOR)
        axes.plot([low, high], [row, row], color=ACCENT, linewidth=4, alpha=0.45)
        if score.interval.low < _FLOOR:
            axes.plot(_FLOOR, row, marker="<", color=ACCENT, markersize=7)
    if score.value >= _FLOOR:
        fill = "none" if agent.is_reference else ACCENT
        axes.plot(score.value, row, "o", color=ACCENT, markersize=7, markerfacecolor=fill,
                  markeredgewidth=1.6)  # fmt: skip
    else:
        axes.text(_FLOOR + 0.07, row - 0.27, f"{score.value:.1f}", va="center", color=INK,
                  fontsize=8)  # fmt: skip
