"""Beliefs against truths, and the reliability diagram: a square an agent."""

from collections.abc import Callable, Iterator
from typing import Final

from causal_interface_gym.questions.families import FAMILIES
from causal_interface_gym.runs.grading import AgentGrade, Grades
from causal_interface_gym.runs.report.figures.panels import Frame, axes, panels_of
from causal_interface_gym.runs.report.figures.shapes import ACCENT, LURED, Dots, Drawing, Shape
from causal_interface_gym.runs.report.wording import label

__all__ = ["beliefs", "reliability_diagram"]

_CLAIMS: Final = ("adjustment", "answerable", "confounding", "direction")
"""Families whose truth is 0 or 1; they would only fill the two edges."""

_LEAST_DOT: Final = 1.6
_LARGEST_DOT: Final = 5.5
_SIDE: Final = 122.0
_ENDS: Final = (-0.04, 1.04)
_TICKS: Final = {0.0: "0", 0.5: "0.5", 1.0: "1"}


def beliefs(grades: Grades) -> Drawing:
    """Draw each stated probability against the truth."""
    return _squares(grades, "truth", "belief", _belief_panel)


def reliability_diagram(grades: Grades) -> Drawing:
    """Draw the mean truth of each bin of beliefs."""
    return _squares(grades, "mean belief", "mean truth", _reliability_panel)


def _squares(
    grades: Grades,
    across: str,
    upwards: str,
    panel: Callable[[Frame, AgentGrade], Iterator[Shape]],
) -> Drawing:
    n = len(grades.agents)
    plots = panels_of(n, width=_SIDE, height=_SIDE, left=36, x=_ENDS, y=_ENDS)
    shapes: list[Shape] = []
    for frame, agent in zip(plots.frames, grades.agents, strict=True):
        shapes += axes(frame, x=tuple(_TICKS), y=tuple(_TICKS))
        shapes.append(frame.line((0, 0), (1, 1)))
        shapes += panel(frame, agent)
    shapes += plots.shared(tuple(map(label, grades.agents)), _TICKS, _TICKS)
    shapes += plots.named(across=across, upwards=upwards)
    return Drawing(plots.width, plots.height, tuple(shapes))


def _belief_panel(frame: Frame, agent: AgentGrade) -> Iterator[Shape]:
    points = [point for point in agent.points if point.family not in _CLAIMS]
    for is_causal, colour in ((False, ACCENT), (True, LURED)):
        chosen = [p for p in points if (FAMILIES[p.family].rung > 1) is is_causal]
        centres = tuple(frame.at(p.truth, p.belief) for p in chosen)
        if centres:
            yield Dots(centres, 1.6, colour, opacity=0.6)


def _reliability_panel(frame: Frame, agent: AgentGrade) -> Iterator[Shape]:
    bins = agent.reliability.bins
    if not bins:
        return
    most = max(b.n_items for b in bins)
    places = [(b.belief, b.truth) for b in bins]
    yield frame.line(*places, colour=ACCENT, width=1, opacity=0.6)
    for b, place in zip(bins, places, strict=True):
        # The area of a dot goes by its number of answers.
        span = _LARGEST_DOT**2 - _LEAST_DOT**2
        radius = (_LEAST_DOT**2 + span * b.n_items / most) ** 0.5
        yield Dots((frame.at(*place),), radius, ACCENT, opacity=0.75)
