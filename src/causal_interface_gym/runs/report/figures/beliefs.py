"""Belief against truth, and the reliability diagram: one small plot an agent."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from causal_interface_gym.questions.families import FAMILIES
from causal_interface_gym.runs.grading import AgentGrade, Grades
from causal_interface_gym.runs.report.figures.canvas import ACCENT, INK, LURED, Drawing, grid_of
from causal_interface_gym.runs.report.wording import label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["beliefs", "reliability_diagram"]

_CLAIMS: Final = ("adjustment", "answerable", "confounding", "direction")
"""Families whose truth is 0 or 1; they would only fill the two edges."""

_LEAST_DOT: Final = 8.0
_LARGEST_DOT: Final = 90.0


def beliefs(grades: Grades) -> Drawing:
    """Draw each stated probability against the truth."""
    return _panels(grades, "truth", "belief", _belief_panel)


def reliability_diagram(grades: Grades) -> Drawing:
    """Draw the mean truth of each bin of beliefs."""
    return _panels(grades, "mean belief", "mean truth", _reliability_panel)


def _panels(
    grades: Grades, across: str, upwards: str, draw_panel: Callable[["Axes", AgentGrade], None]
) -> Drawing:
    shape = grid_of(len(grades.agents))
    n_rows, n_columns = shape.n_rows, shape.n_columns

    def draw(figure: "Figure") -> None:
        grid = figure.subplots(n_rows, n_columns, squeeze=False, sharex=True, sharey=True)
        panels: list[Axes] = list(grid.flat)
        for axes, agent in zip(panels, grades.agents, strict=False):
            axes.plot([0, 1], [0, 1], color=INK, linewidth=0.8)
            draw_panel(axes, agent)
            axes.set_title(label(agent), loc="left")
            axes.set_aspect("equal")
            axes.grid()
            axes.set_axisbelow(True)
        _share_frame(panels[0])
        for axes in panels[len(grades.agents) :]:
            axes.set_visible(False)
        figure.supxlabel(across, fontsize=9)
        figure.supylabel(upwards, fontsize=9)

    return Drawing(2.0 * n_columns + 0.4, 2.3 * n_rows + 0.3, draw)


def _belief_panel(axes: "Axes", agent: AgentGrade) -> None:
    points = [point for point in agent.points if point.family not in _CLAIMS]
    for is_causal, colour in ((False, ACCENT), (True, LURED)):
        chosen = [p for p in points if (FAMILIES[p.family].rung > 1) is is_causal]
        axes.plot(
            [p.truth for p in chosen],
            [p.belief for p in chosen],
            linestyle="none",
            marker="o",
            markersize=3.2,
            markeredgewidth=0,
            alpha=0.6,
            color=colour,
        )


def _reliability_panel(axes: "Axes", agent: AgentGrade) -> None:
    bins = agent.reliability.bins
    most = max((b.n_items for b in bins), default=1)
    x, y = [b.belief for b in bins], [b.truth for b in bins]
    axes.plot(x, y, color=ACCENT, linewidth=1, alpha=0.6)
    sizes = [_LEAST_DOT + _LARGEST_DOT * b.n_items / most for b in bins]
    axes.scatter(x, y, s=sizes, color=ACCENT, alpha=0.75, linewidths=0)


def _share_frame(axes: "Axes") -> None:
    """Set what all panels share through the first one."""
    axes.set_xlim(-0.04, 1.04)
    axes.set_ylim(-0.04, 1.04)
    axes.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
    axes.set_yticks([0, 0.5, 1], ["0", "0.5", "1"])
