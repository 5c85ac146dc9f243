"""Figures are well formed, show every agent, and are the same bytes each time."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from causal_interface_gym.runs.grading import Grades
from causal_interface_gym.runs.report.figures import FIGURES, inline_figure, save_figures


@pytest.mark.parametrize("name", FIGURES)
def test_figures_are_well_formed_and_show_every_agent(grades: Grades, name: str) -> None:
    figure = inline_figure(name, grades)
    root = ET.fromstring(figure)  # noqa: S314 - our own text
    assert root.tag.endswith("svg")
    for agent in grades.agents:
        assert agent.agent.removeprefix("reference:") + "°" in figure
    assert "<metadata>" not in figure


def test_files_for_a_paper_are_the_same_bytes_each_time(grades: Grades, tmp_path: Path) -> None:
    first = save_figures(grades, tmp_path / "a")
    second = save_figures(grades, tmp_path / "b")
    assert [path.name for path in first] == [f"{n}.{k}" for n in FIGURES for k in ("svg", "pdf")]
    for one, two in zip(first, second, strict=True):
        data = one.read_bytes()
        assert data == two.read_bytes()
        assert b"#010203" not in data
        assert b"CreationDate" not in data
        assert b"dc:date" not in data


@pytest.mark.parametrize("name", FIGURES)
def test_figures_without_scores_can_be_drawn(unscored: Grades, nothing: Grades, name: str) -> None:
    for grades in (unscored, nothing):
        assert "<svg" in inline_figure(name, grades)
