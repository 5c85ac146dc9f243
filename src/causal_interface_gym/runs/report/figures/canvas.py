"""Where figures are drawn: style, sizes, and bytes that depend on nothing but the drawing.

Ink and grid are drawn in two colours that stand for the page's own, so one figure serves a light
and a dark page. No date, no random id: equal reports give equal bytes.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "ACCENT",
    "GRID",
    "INK",
    "LURED",
    "Drawing",
    "Format",
    "Grid",
    "file_bytes",
    "grid_of",
    "inline_svg",
]

INK: Final = "#010203"
GRID: Final = "#040506"
ACCENT: Final = "#2f7ebc"
LURED: Final = "#d1762c"
_PAGE_COLOURS: Final = {INK: "var(--ink)", GRID: "var(--grid)"}
_PAPER_COLOURS: Final = {INK: "#1d2733", GRID: "#d5dbe1"}
_MOST_COLUMNS: Final = 5
_SALT: Final = "causal-interface-gym"
_DPI: Final = 72
"""That of vector formats: the layout is measured in the same points as the drawing."""

Format = Literal["svg", "pdf"]

# Any: matplotlib's settings are of every type, and their key type is its private list.
_STYLE: Final[dict[Any, Any]] = {
    "axes.linewidth": 0.8,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "grid.linewidth": 0.6,
    "pdf.fonttype": 42,
    "svg.fonttype": "none",
    "svg.hashsalt": _SALT,
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure to be drawn: its size in inches, and how, in the colours given."""

    width: float
    height: float
    draw: Callable[["Figure"], None]


@dataclass(frozen=True, slots=True)
class Grid:
    """How small plots are laid out."""

    n_rows: int
    n_columns: int


def grid_of(n: int) -> Grid:
    """Lay out n plots in rows that are as even as they can be, at most five in a row.

    >>> grid_of(9)
    Grid(n_rows=2, n_columns=5)
    """
    n_rows = max(1, -(-n // _MOST_COLUMNS))
    return Grid(n_rows, max(1, -(-n // n_rows)))


def inline_svg(name: str, drawing: Drawing) -> str:
    """Make an SVG fit to stand inside a page: own ids, the page's colours, no prologue."""
    text = _rendered(drawing, "svg", {}).decode()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.S)
    text = re.sub(r'(id="|href="#|url\(#)', rf"\g<1>{name}-", text)
    for drawn, wanted in _PAGE_COLOURS.items():
        text = text.replace(drawn, wanted)
    return text.replace("<svg ", f'<svg role="img" aria-label="{name}" ', 1)


def file_bytes(drawing: Drawing, kind: Format) -> bytes:
    """Make a file for a paper: ink on white."""
    return _rendered(drawing, kind, _PAPER_COLOURS)


def _rendered(drawing: Drawing, kind: Format, colours: dict[str, str]) -> bytes:
    import matplotlib as mpl  # noqa: PLC0415 - heavy, and only figures need it
    from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415
    from matplotlib.layout_engine import ConstrainedLayoutEngine  # noqa: PLC0415

    # Any: as for the style.
    ink, grid = colours.get(INK, INK), colours.get(GRID, GRID)
    coloured: dict[Any, Any] = {
        **dict.fromkeys(("axes.labelcolor", "axes.titlecolor", "text.color"), ink),
        **dict.fromkeys(("xtick.color", "ytick.color"), ink),
        **dict.fromkeys(("axes.edgecolor", "grid.color"), grid),
    }
    no_clock = {"Date": None} if kind == "svg" else {"CreationDate": None}
    buffer = io.BytesIO()
    with mpl.rc_context({**_STYLE, **coloured}):
        figure = Figure(figsize=(drawing.width, drawing.height), dpi=_DPI)
        FigureCanvasSVG(figure)  # what measures the texts for the layout, whatever is written
        drawing.draw(figure)
        if colours:
            _recolour(figure, colours)
        # A figure that holds the engine is drawn twice, once only for the layout.
        ConstrainedLayoutEngine().execute(figure)
        figure.savefig(buffer, format=kind, transparent=kind == "svg", metadata=no_clock)
    return buffer.getvalue()


def _recolour(figure: "Figure", colours: dict[str, str]) -> None:
    """Give lines and texts that were drawn in ink or grid the colours of the file."""
    from matplotlib.colors import to_hex  # noqa: PLC0415 - heavy, and only figures need it
    from matplotlib.lines import Line2D  # noqa: PLC0415
    from matplotlib.text import Text  # noqa: PLC0415

    for artist in figure.findobj(lambda a: isinstance(a, Line2D | Text)):
        if isinstance(artist, Line2D | Text):
            drawn = to_hex(artist.get_color())
            if drawn in colours:
                artist.set_color(colours[drawn])
