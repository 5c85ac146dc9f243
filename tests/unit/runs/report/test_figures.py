"""Figures are well formed, show every agent, and are the same bytes each time."""

from dataclasses import replace
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree as ET

import pytest

from causal_interface_gym.runs.grading import Grades
from causal_interface_gym.runs.report.figures import FIGURES, inline_figure, save_figures
from causal_interface_gym.runs.report.figures.canvas import Format, file_bytes


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
        data = file_bytes(FIGURES[name](few), kind)
        assert data == file_bytes(FIGURES[name](few), kind)
        assert b"#010203" not in data
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
