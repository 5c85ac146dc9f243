"""A drawing as PDF with its font inside, as journals want it; drawn by matplotlib."""

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, assert_never

from causal_interface_gym.runs.report.figures.shapes import (
    INK,
    Area,
    Dots,
    Drawing,
    Line,
    Point,
    Shape,
    Words,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

__all__ = ["pdf_bytes"]

_DPI: Final = 72
"""That of PDF: a unit of the drawing is a point."""

# Any: matplotlib's settings are of every type, and their key type is its private list.
_STYLE: Final[dict[Any, Any]] = {"font.family": "DejaVu Sans", "pdf.fonttype": 42}


def pdf_bytes(drawing: Drawing, *, palette: Mapping[str, str]) -> bytes:
    """Draw; ``palette`` says what the roles of colours look like."""
    import matplotlib as mpl  # noqa: PLC0415 - heavy, and only files for a paper need it
    from matplotlib.backends.backend_pdf import FigureCanvasPdf  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    buffer = io.BytesIO()
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(drawing.width / _DPI, drawing.height / _DPI), dpi=_DPI)
        FigureCanvasPdf(figure)
        for order, shape in enumerate(drawing.shapes):
            _draw(figure, shape, palette, drawing.height, order)
        figure.savefig(buffer, format="pdf", metadata={"CreationDate": None})
    return buffer.getvalue()


def _draw(
    figure: "Figure", shape: Shape, palette: Mapping[str, str], high: float, order: int
) -> None:
    """Add a shape; matplotlib counts upwards from the bottom."""
    if isinstance(shape, Words):
        figure.text(
            shape.x / figure.bbox.width,
            1 - shape.y / high,
            shape.text.replace("$", r"\$"),
            fontsize=shape.size,
            color=palette.get(INK, INK),
            ha={"start": "left", "middle": "center", "end": "right"}[shape.anchor],
            va="baseline",
            weight="bold" if shape.is_bold else "normal",
            rotation=90 if shape.is_upright else 0,
            rotation_mode="anchor",
            zorder=order,
        )
    else:
        figure.add_artist(_artist(shape, palette, high, order))


def _artist(
    shape: Line | Dots | Area, palette: Mapping[str, str], high: float, order: int
) -> "Artist":
    from matplotlib.lines import Line2D  # noqa: PLC0415 - heavy, as above
    from matplotlib.patches import Polygon  # noqa: PLC0415
    from matplotlib.transforms import IdentityTransform  # noqa: PLC0415

    colour = palette.get(shape.colour, shape.colour)
    in_points = IdentityTransform()
    match shape:
        case Line():
            x, y = _upwards(shape.points, high)
            return Line2D(
                x, y, color=colour, linewidth=shape.width, alpha=shape.opacity, zorder=order,
                transform=in_points, solid_capstyle="butt",
                linestyle=(0, (shape.dash / shape.width,) * 2) if shape.dash else "-",
            )  # fmt: skip
        case Dots():
            x, y = _upwards(shape.centres, high)
            return Line2D(
                x, y, linestyle="none", marker="o", markersize=2 * shape.radius, color=colour,
                alpha=shape.opacity, zorder=order, transform=in_points,
                markeredgewidth=shape.outline,
                markerfacecolor="none" if shape.outline else colour,
            )  # fmt: skip
        case Area():
            corners = [(x, high - y) for x, y in shape.corners]
            return Polygon(corners, color=colour, linewidth=0, zorder=order, transform=in_points)
        case _:
            assert_never(shape)


def _upwards(points: "Iterable[Point]", high: float) -> tuple[list[float], list[float]]:
    listed = list(points)
    return [x for x, _ in listed], [high - y for _, y in listed]
