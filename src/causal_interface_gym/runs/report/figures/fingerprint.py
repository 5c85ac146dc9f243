"""The fallacy fingerprint as a figure: a row a fallacy, a panel an agent, intervals as lines."""

from collections.abc import Iterator
from typing import Final

from causal_interface_gym.runs.grading import AgentGrade, Grades
from causal_interface_gym.runs.report.figures.panels import Frame, axes, panels_of
from causal_interface_gym.runs.report.figures.shapes import (
    ACCENT,
    LURED,
    Dots,
    Drawing,
    Shape,
    widest,
)
from causal_interface_gym.runs.report.wording import label
from causal_interface_gym.scoring.fallacies import FallacyWeight, Fingerprint

__all__ = ["fingerprint_figure"]

_EDGES: Final = (-0.75, 1.75)
"""Weights and intervals beyond are drawn at the edge."""

_PULL: Final = 1e-6
"""An interval that begins above this is a pull; below it is rounding."""

_ROW: Final = 15.0
_WIDTH: Final = 112.0


def fingerprint_figure(grades: Grades) -> Drawing:
    """Draw the weight of each fallacy with its interval; orange where the interval is above 0."""
    names = tuple(dict.fromkeys(w.fallacy for agent in grades.agents for w in _weights(agent)))
    n_rows = max(len(names), 3)
    low, high = _EDGES
    plots = panels_of(
        len(grades.agents), width=_WIDTH, height=_ROW * n_rows, left=14 + widest(names, 9),
        x=(low - 0.05, high + 0.05), y=(n_rows - 0.4, -0.6),
    )  # fmt: skip
    rows = {float(row): name for row, name in enumerate(names)}
    shapes: list[Shape] = []
    for frame, agent in zip(plots.frames, grades.agents, strict=True):
        shapes += _panel(frame, agent, names)
    shapes += plots.shared(tuple(map(label, grades.agents)), {0.0: "0", 1.0: "1"}, rows)
    shapes += plots.named(across="weight: 0 no pull, 1 the fallacy itself")
    return Drawing(plots.width, plots.height, tuple(shapes))


def _panel(frame: Frame, agent: AgentGrade, names: tuple[str, ...]) -> Iterator[Shape]:
    yield from axes(frame, y=tuple(map(float, range(len(names)))))
    yield frame.line((0, frame.y[0]), (0, frame.y[1]))
    yield frame.line((1, frame.y[0]), (1, frame.y[1]), dash=1.2)
    low, high = _EDGES
    for weight in _weights(agent):
        row = names.index(weight.fallacy)
        colour = LURED if weight.low > _PULL else ACCENT
        ends = [min(max(end, low), high) for end in (weight.low, weight.high)]
        yield frame.line(*((end, row) for end in ends), colour=colour, width=3, opacity=0.45)
        yield Dots((frame.at(min(max(weight.value, low), high), row),), 2.5, colour)


def _weights(agent: AgentGrade) -> tuple[FallacyWeight, ...]:
    return agent.fingerprint.weights if isinstance(agent.fingerprint, Fingerprint) else ()
