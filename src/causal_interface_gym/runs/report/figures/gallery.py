"""All figures of a report by name."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, get_args

from causal_interface_gym.runs.grading import Grades
from causal_interface_gym.runs.report.figures.beliefs import beliefs, reliability_diagram
from causal_interface_gym.runs.report.figures.canvas import Format, file_bytes, inline_svg
from causal_interface_gym.runs.report.figures.fingerprint import fingerprint_figure
from causal_interface_gym.runs.report.figures.leaderboard import leaderboard
from causal_interface_gym.runs.report.figures.shapes import Drawing

__all__ = ["FIGURES", "inline_figure", "save_figures"]

FIGURES: Final[Mapping[str, Callable[[Grades], Drawing]]] = MappingProxyType(
    {
        "leaderboard": leaderboard,
        "beliefs": beliefs,
        "reliability": reliability_diagram,
        "fingerprint": fingerprint_figure,
    }
)
"""How each figure is drawn."""


def inline_figure(name: str, grades: Grades) -> str:
    """Draw a figure for the page."""
    return inline_svg(name, FIGURES[name](grades))


def save_figures(grades: Grades, folder: Path) -> tuple[Path, ...]:
    """Write every figure as SVG and as PDF; equal grades give equal bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, draw in FIGURES.items():
        drawing = draw(grades)
        for kind in get_args(Format):
            path = folder / f"{name}.{kind}"
            path.write_bytes(file_bytes(name, drawing, kind))
            written.append(path)
    return tuple(written)
