"""A drawing as SVG: nothing in it but the drawing, so equal drawings are equal bytes."""

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Final, assert_never

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

__all__ = ["svg_text"]

_FONT: Final = "'DejaVu Sans',Verdana,sans-serif"


def svg_text(drawing: Drawing, *, name: str, palette: Mapping[str, str]) -> str:
    """Write a drawing; ``palette`` says what the roles of colours look like."""
    wide, high = _number(drawing.width), _number(drawing.height)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(name)}"'
        f' width="{wide}pt" height="{high}pt" viewBox="0 0 {wide} {high}"'
        f' font-family="{_FONT}" style="fill:{palette.get(INK, INK)}">'
    )
    lines = (line for shape in drawing.shapes for line in _written(shape, palette))
    return "\n".join((head, *lines, "</svg>"))


def _written(shape: Shape, palette: Mapping[str, str]) -> Iterator[str]:
    match shape:
        case Line():
            yield f'<path d="{_path(shape.points)}" style="{_stroke(shape, palette)}"/>'
        case Dots():
            yield f'<g style="{_dotted(shape, palette)}">'
            radius = _number(shape.radius)
            for x, y in shape.centres:
                yield f'<circle cx="{_number(x)}" cy="{_number(y)}" r="{radius}"/>'
            yield "</g>"
        case Area(corners, colour):
            yield f'<path d="{_path(corners)}z" style="fill:{palette.get(colour, colour)}"/>'
        case Words():
            yield _words(shape)
        case _:
            assert_never(shape)


def _stroke(line: Line, palette: Mapping[str, str]) -> str:
    colour = palette.get(line.colour, line.colour)
    dash = f";stroke-dasharray:{_number(line.dash)}" if line.dash else ""
    width = _number(line.width)
    return f"fill:none;stroke:{colour};stroke-width:{width}{_opacity(line.opacity)}{dash}"


def _dotted(dots: Dots, palette: Mapping[str, str]) -> str:
    colour = palette.get(dots.colour, dots.colour)
    if dots.outline:
        return f"fill:none;stroke:{colour};stroke-width:{_number(dots.outline)}"
    return f"fill:{colour}{_opacity(dots.opacity, 'fill')}"


def _opacity(value: float, of: str = "stroke") -> str:
    return f";{of}-opacity:{_number(value)}" if value < 1 else ""


def _words(words: Words) -> str:
    x, y = _number(words.x), _number(words.y)
    anchor = f' text-anchor="{words.anchor}"' if words.anchor != "start" else ""
    weight = ' font-weight="bold"' if words.is_bold else ""
    turned = f' transform="rotate(-90 {x} {y})"' if words.is_upright else ""
    size = f' font-size="{_number(words.size)}"'
    return f'<text x="{x}" y="{y}"{size}{anchor}{weight}{turned}>{escape(words.text)}</text>'


def _path(points: Iterable[Point]) -> str:
    return "M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in points)


def _number(value: float) -> str:
    """Write a length to a hundredth of a point."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
