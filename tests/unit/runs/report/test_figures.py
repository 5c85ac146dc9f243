"""Figures are well formed, show every agent, and are the same bytes each time."""

from dataclasses import replace
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree as ET

import pytest

from causal_interface_gym.runs.grading import Grades
from causal_interface_gym.runs.report.figures import FIGURES, inline_figure, save_figures
from causal_interface_gym.runs.report.figures.canvas import Format, file_bytes
from causal_interface_gym.runs.report.figures.panels import panels_of
from causal_interface_gym.runs.report.figures.shapes import (
    Area,
    Dots,
    Drawing,
    Line,
    Shape,
    Words,
    fitted,
    width_of,
)


@pytest.mark.parametrize("name", FIGURES)
def test_figures_are_well_formed_and_show_every_agent(grades: Grades, name: str) -> None:
    figure = inline_figure(name, grades)
    root = ET.fromstring(figure)  # noqa: S314 - our own text
    assert root.tag.endswith("svg")
    for agent in grades.agents:
        assert agent.agent.removeprefix("reference:") + "°" in figure
    assert "<metadata>" not in figure


@pytest.mark.parametrize("name", FIGURES)
def test_files_for_a_paper_are_the_same_bytes_each_time(grades: Grades, name: str) -> None:
    few = replace(grades, agents=grades.agents[:3])
    for kind in get_args(Format):
        data = file_bytes(name, FIGURES[name](few), kind)
        assert data == file_bytes(name, FIGURES[name](few), kind)
        assert b"var(--" not in data
        assert b"CreationDate" not in data
        assert b"dc:date" not in data


def test_every_figure_is_written_in_both_formats(unscored: Grades, tmp_path: Path) -> None:
    written = save_figures(unscored, tmp_path / "a" / "b")
    assert [path.name for path in written] == [f"{n}.{k}" for n in FIGURES for k in ("svg", "pdf")]
    assert all(path.stat().st_size for path in written)


@pytest.mark.parametrize("name", FIGURES)
def test_figures_without_scores_can_be_drawn(unscored: Grades, nothing: Grades, name: str) -> None:
    for grades in (unscored, nothing):
        assert "<svg" in inline_figure(name, grades)


@pytest.mark.parametrize("name", FIGURES)
def test_everything_is_drawn_inside_the_figure(grades: Grades, name: str) -> None:
    """Lines and dots lie between the edges, and so do the texts, by the widths of their letters."""
    drawing = FIGURES[name](grades)
    for shape in drawing.shapes:
        for x, y in _extent(shape):
            assert -0.5 <= x <= drawing.width + 0.5, shape
            assert -0.5 <= y <= drawing.height + 0.5, shape


def _extent(shape: Shape) -> tuple[tuple[float, float], ...]:
    match shape:
        case Line():
            return shape.points
        case Dots():
            return tuple(
                (x + d, y + d) for x, y in shape.centres for d in (-shape.radius, shape.radius)
            )
        case Area():
            return shape.corners
        case Words(is_upright=True):
            half = width_of(shape.text, shape.size) / 2
            return ((shape.x, shape.y - half), (shape.x, shape.y + half))
        case Words():
            wide = width_of(shape.text, shape.size)
            left = shape.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[shape.anchor] * wide
            return ((left, shape.y), (left + wide, shape.y), (left, shape.y - 0.75 * shape.size))


def test_words_that_are_too_wide_are_set_smaller_then_cut() -> None:
    assert fitted(Words(0, 0, "fits"), 100) == Words(0, 0, "fits")
    smaller = fitted(Words(0, 0, "adjust for everything", 10, is_bold=True), 100)
    assert (smaller.text, smaller.size < 10) == ("adjust for everything", True)
    cut = fitted(Words(0, 0, "a provider: and a model of a very long name", 10), 100)
    assert cut.text.endswith("…")
    assert width_of(cut.text, cut.size) <= 100


def test_plots_stand_in_even_rows_and_never_overlap() -> None:
    for n in range(12):
        plots = panels_of(n, width=100, height=80, left=30, x=(0, 1), y=(0, 1))
        assert len(plots.frames) == n
        places = {(frame.left, frame.top) for frame in plots.frames}
        assert len(places) == n
        assert all(f.left + 100 <= plots.width and f.top + 80 <= plots.height for f in plots.frames)


def test_a_text_with_marks_is_shown_as_it_is() -> None:
    """An agent's name may hold what SVG and the drawer of PDF would read as markup."""
    drawing = Drawing(200, 40, (Words(5, 20, "a<b & $x_1$", is_bold=True),))
    (root,) = ET.fromstring(file_bytes("name", drawing, "svg"))  # noqa: S314 - our own text
    assert root.text == "a<b & $x_1$"
    assert file_bytes("name", drawing, "pdf").startswith(b"%PDF")
