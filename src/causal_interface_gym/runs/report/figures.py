"""Figures of a report, as SVG text that takes its colours from the page.

Ink and grid are drawn in two colours that stand for the page's own, so one figure serves a light
and a dark page. No date, no random id: equal reports give equal bytes.
"""

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from causal_interface_gym.runs.grading import AgentGrade, Grades
from causal_interface_gym.scoring.causal_score import CausalScore
from causal_interface_gym.scoring.marking import Answered, Mark
from causal_interface_gym.scoring.statistics import Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["beliefs_figure", "leaderboard_figure", "lures_figure"]

_INK: Final = "#010203"
_GRID: Final = "#040506"
_PAGE_COLOURS: Final = {_INK: "var(--ink)", _GRID: "var(--grid)"}
_ACCENT: Final = "#2f7ebc"
_LURED: Final = "#d1762c"
_FLOOR: Final = -2.0
"""Scores below this are drawn at the edge, with an arrow."""
# Any: matplotlib's settings are of every type, and their key type is its private list.
_STYLE: Final[dict[Any, Any]] = {
    "axes.edgecolor": _GRID,
    "axes.labelcolor": _INK,
    "axes.linewidth": 0.8,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": _INK,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "grid.color": _GRID,
    "grid.linewidth": 0.6,
    "svg.fonttype": "none",
    "svg.hashsalt": "causal-interface-gym",
    "text.color": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
}


def leaderboard_figure(grades: Grades) -> str:
    """Draw the headline score of each agent with its interval; clipped on the left."""
    with _figure("leaderboard", 7.2, 0.9 + 0.36 * len(grades.agents)) as drawn:
        axes = drawn.figure.subplots()
        for row, agent in enumerate(grades.agents):
            _score_row(axes, row, agent)
        axes.axvline(0, color=_INK, linewidth=0.8)
        axes.axvline(1, color=_INK, linewidth=0.8)
        axes.set_yticks(range(len(grades.agents)), [a.agent for a in grades.agents])
        axes.set_ylim(len(grades.agents) - 0.5, -0.5)
        axes.set_xlim(_FLOOR - 0.12, 1.12)
        axes.set_xlabel("Causal Score: 0 the seer, 1 exact; an arrow means further left")
        axes.grid(axis="x")
        axes.tick_params(length=0)
        axes.set_axisbelow(True)
    return drawn.svg


def beliefs_figure(grades: Grades) -> str:
    """Draw each stated probability against the truth, one small plot an agent."""
    n_columns = min(4, len(grades.agents))
    n_rows = -(-len(grades.agents) // n_columns)
    with _figure("beliefs", 2.15 * n_columns + 0.3, 2.3 * n_rows + 0.3) as drawn:
        grid = drawn.figure.subplots(n_rows, n_columns, squeeze=False, sharex=True, sharey=True)
        panels: list[Axes] = list(grid.flat)
        for axes, agent in zip(panels, grades.agents, strict=False):
            _belief_panel(axes, agent)
        for axes in panels[len(grades.agents) :]:
            axes.set_visible(False)
        drawn.figure.supxlabel("truth", fontsize=9, color=_INK)
        drawn.figure.supylabel("belief", fontsize=9, color=_INK)
    return drawn.svg


def lures_figure(grades: Grades) -> str:
    """Draw for each agent and fallacy the share of beliefs nearer to the lure than the truth."""
    fallacies = sorted({name for agent in grades.agents for name in agent.lures})
    width = 1.9 + 0.62 * max(len(fallacies), 1)
    with _figure("lures", width, 1.7 + 0.34 * len(grades.agents)) as drawn:
        axes = drawn.figure.subplots()
        for row, agent in enumerate(grades.agents):
            for column, name in enumerate(fallacies):
                if name in agent.lures:
                    count = agent.lures[name]
                    _share(axes, row, column, count.n_nearer / count.n_items)
        axes.set_xticks(range(len(fallacies)), fallacies, rotation=40, ha="right")
        axes.set_yticks(range(len(grades.agents)), [a.agent for a in grades.agents])
        axes.set_xlim(-0.5, max(len(fallacies), 1) - 0.5)
        axes.set_ylim(len(grades.agents) - 0.5, -0.5)
        axes.tick_params(length=0)
        for side in axes.spines.values():
            side.set_visible(False)
    return drawn.svg


def _score_row(axes: "Axes", row: int, agent: AgentGrade) -> None:
    score = agent.scores.headline
    if not isinstance(score, CausalScore):
        axes.text(0.02, row, "unscored", va="center", color=_INK)
        return
    if isinstance(score.interval, Interval):
        low, high = max(score.interval.low, _FLOOR), max(score.interval.high, _FLOOR)
        axes.plot([low, high], [row, row], color=_ACCENT, linewidth=4, alpha=0.45)
        if score.interval.low < _FLOOR:
            axes.plot(_FLOOR, row, marker="<", color=_ACCENT, markersize=7)
    if score.value >= _FLOOR:
        axes.plot(score.value, row, marker="o", color=_ACCENT, markersize=7)
    else:
        axes.text(_FLOOR + 0.07, row - 0.27, f"{score.value:.1f}", va="center", color=_INK,
                  fontsize=8)  # fmt: skip


def _belief_panel(axes: "Axes", agent: AgentGrade) -> None:
    points = sorted(_points(agent.marks))
    axes.plot([0, 1], [0, 1], color=_INK, linewidth=0.8)
    for is_causal, colour in ((False, _ACCENT), (True, _LURED)):
        chosen = [(t, b) for causal, t, b in points if causal is is_causal]
        axes.plot(
            [t for t, _ in chosen],
            [b for _, b in chosen],
            linestyle="none",
            marker="o",
            markersize=3.4,
            markeredgewidth=0,
            alpha=0.7,
            color=colour,
        )
    axes.set_title(agent.agent.removeprefix("reference:"), loc="left")
    axes.set_xlim(-0.03, 1.03)
    axes.set_ylim(-0.03, 1.03)
    axes.set_xticks([0, 0.5, 1])
    axes.set_yticks([0, 0.5, 1])
    axes.set_aspect("equal")
    axes.grid()
    axes.set_axisbelow(True)


def _points(marks: Sequence[Mark]) -> set[tuple[bool, float, float]]:
    """Collect (is causal, truth, belief); equal points of several seeds are drawn once."""
    return {
        (_is_causal(mark), round(mark.truth, 4), round(mark.answer.p, 4))
        for mark in marks
        if isinstance(mark.answer, Answered) and mark.family != "adjustment"
    }


def _is_causal(mark: Mark) -> bool:
    return mark.family not in {"association", "diagnosis"}


def _share(axes: "Axes", row: int, column: int, share: float) -> None:
    axes.scatter(column, row, s=12 + 330 * share, color=_LURED if share > 0.5 else _ACCENT,  # noqa: PLR2004 - more often than not
                 alpha=0.8 if share else 0.25, linewidths=0)  # fmt: skip
    if share:
        axes.text(column, row, f"{share:.0%}".rstrip("%"), ha="center", va="center", fontsize=7.5)


class _Drawn:
    """A figure while it is drawn, and its SVG afterwards."""

    def __init__(self, figure: "Figure") -> None:
        self.figure = figure
        self.svg = ""


@contextmanager
def _figure(name: str, width: float, height: float) -> Iterator[_Drawn]:
    import matplotlib as mpl  # noqa: PLC0415 - heavy, and only figures need it
    from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    with mpl.rc_context(_STYLE):
        drawn = _Drawn(Figure(figsize=(width, height), layout="constrained"))
        FigureCanvasSVG(drawn.figure)
        yield drawn
        buffer = io.StringIO()
        drawn.figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    drawn.svg = _inline(buffer.getvalue(), name)


def _inline(svg: str, name: str) -> str:
    """Make the SVG fit to stand inside a page: own ids, the page's colours, no prologue."""
    text = svg[svg.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.S)
    text = re.sub(r'(id="|href="#|url\(#)', rf"\g<1>{name}-", text)
    for drawn, wanted in _PAGE_COLOURS.items():
        text = text.replace(drawn, wanted)
    return text
