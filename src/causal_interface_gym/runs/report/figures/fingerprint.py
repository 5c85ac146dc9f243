"""The fallacy fingerprint as a figure: a row a fallacy, a panel an agent, intervals as lines."""

from typing import TYPE_CHECKING, Final

from causal_interface_gym.runs.grading import AgentGrade, Grades
from causal_interface_gym.runs.report.figures.canvas import ACCENT, INK, LURED, Drawing, grid_of
from causal_interface_gym.runs.report.wording import label
from causal_interface_gym.scoring.fallacies import FallacyWeight, Fingerprint

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["fingerprint_figure"]

_EDGES: Final = (-0.75, 1.75)
"""Weights and intervals beyond are drawn at the edge."""


def fingerprint_figure(grades: Grades) -> Drawing:
    """Draw the weight of each fallacy with its interval; orange where the interval is above 0."""
    names = tuple(dict.fromkeys(w.fallacy for agent in grades.agents for w in _weights(agent)))
    shape = grid_of(len(grades.agents))
    n_rows, n_columns = shape.n_rows, shape.n_columns

    def draw(figure: "Figure") -> None:
        grid = figure.subplots(n_rows, n_columns, squeeze=False, sharex=True, sharey=True)
        panels: list[Axes] = list(grid.flat)
        for axes, agent in zip(panels, grades.agents, strict=False):
            _panel(axes, agent, names)
        _share_frame(panels[0], names)
        for axes in panels[len(grades.agents) :]:
            axes.set_visible(False)
        figure.supxlabel("weight: 0 no pull, 1 the fallacy itself", fontsize=9)

    return Drawing(1.7 * n_columns + 1.6, (0.75 + 0.2 * max(len(names), 3)) * n_rows + 0.3, draw)


def _panel(axes: "Axes", agent: AgentGrade, names: tuple[str, ...]) -> None:
    low, high = _EDGES
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.axvline(1, color=INK, linewidth=0.8, linestyle=":")
    for weight in _weights(agent):
        row = names.index(weight.fallacy)
        colour = LURED if weight.low > _PULL else ACCENT
        ends = [min(max(end, low), high) for end in (weight.low, weight.high)]
        axes.plot(ends, [row, row], color=colour, linewidth=3, alpha=0.45)
        axes.plot(min(max(weight.value, low), high), row, "o", color=colour, markersize=5)
    axes.set_title(label(agent), loc="left")
    axes.grid(axis="y")
    axes.tick_params(length=0)
    axes.set_axisbelow(True)


def _share_frame(axes: "Axes", names: tuple[str, ...]) -> None:
    """Set what all panels share through the first one."""
    low, high = _EDGES
    axes.set_xlim(low - 0.05, high + 0.05)
    axes.set_ylim(max(len(names), 1) - 0.4, -0.6)
    axes.set_xticks([0, 1], ["0", "1"])
    axes.set_yticks(range(len(names)), names)


_PULL: Final = 1e-6
"""An interval that begins above this is a pull; below it is rounding."""


def _weights(agent: AgentGrade) -> tuple[FallacyWeight, ...]:
    return agent.fingerprint.weights if isinstance(agent.fingerprint, Fingerprint) else ()
