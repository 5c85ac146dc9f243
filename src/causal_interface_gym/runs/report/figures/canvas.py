"""How a figure leaves the program: inside a page in its colours, or as a file in those of paper.

Equal reports give equal bytes: no date, no random id.
"""

from types import MappingProxyType
from typing import Final, Literal, assert_never

from causal_interface_gym.runs.report.figures.pdf import pdf_bytes
from causal_interface_gym.runs.report.figures.shapes import GRID, INK, Drawing
from causal_interface_gym.runs.report.figures.svg import svg_text

__all__ = ["Format", "file_bytes", "inline_svg"]

_PAGE: Final = MappingProxyType({INK: "var(--ink)", GRID: "var(--grid)"})
_PAPER: Final = MappingProxyType({INK: "#1d2733", GRID: "#d5dbe1"})

Format = Literal["svg", "pdf"]


def inline_svg(name: str, drawing: Drawing) -> str:
    """Make an SVG to stand inside a page; ink and grid follow the page, light or dark."""
    return svg_text(drawing, name=name, palette=_PAGE)


def file_bytes(name: str, drawing: Drawing, kind: Format) -> bytes:
    """Make a file for a paper: ink on white."""
    match kind:
        case "svg":
            return svg_text(drawing, name=name, palette=_PAPER).encode()
        case "pdf":
            return pdf_bytes(drawing, palette=_PAPER)
        case _:
            assert_never(kind)
