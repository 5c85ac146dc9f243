"""What a figure is made of: lines, dots, areas and words at places in points, down from the top.

A colour is the name of a role or hexadecimal; who writes the figure says what a role looks like.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

__all__ = [
    "ACCENT",
    "GRID",
    "INK",
    "LURED",
    "Anchor",
    "Area",
    "Dots",
    "Drawing",
    "Line",
    "Point",
    "Shape",
    "Words",
    "fitted",
    "widest",
    "width_of",
]

INK: Final = "ink"
"""The colour of text and axes."""

GRID: Final = "grid"
"""The colour of what should stay in the background."""

ACCENT: Final = "#2f7ebc"
LURED: Final = "#d1762c"

Anchor = Literal["start", "middle", "end"]
Point = tuple[float, float]
"""Across and down, in points."""

# Widths of the characters from space to tilde in DejaVu Sans, in thousandths of the size.
_WIDTHS: Final = (
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632,
    575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685,
    611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
)  # fmt: skip
_OTHER: Final = 1000
_BOLD: Final = 1.12
"""Bold characters are about this much wider."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points (x, y); ``dash`` is the length of its dashes and gaps, 0 for none."""

    points: tuple[Point, ...]
    colour: str
    width: float
    opacity: float = 1.0
    dash: float = 0.0


@dataclass(frozen=True, slots=True)
class Dots:
    """Equal round dots; hollow ones have an ``outline``, which is the width of their edge."""

    centres: tuple[Point, ...]
    radius: float
    colour: str
    opacity: float = 1.0
    outline: float = 0.0


@dataclass(frozen=True, slots=True)
class Area:
    """A filled polygon."""

    corners: tuple[Point, ...]
    colour: str


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text on its baseline at (x, y); ``is_upright`` turns it to read upwards."""

    x: float
    y: float
    text: str
    size: float = 9.0
    anchor: Anchor = "start"
    is_bold: bool = False
    is_upright: bool = False


Shape = Line | Dots | Area | Words


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure: its size in points, and its shapes, the hindmost first."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


def width_of(text: str, size: float) -> float:
    """Say how wide a text is, in points; characters beyond ASCII count as wide ones.

    >>> width_of("wide", 10.0)
    23.46
    """
    return size * sum(map(_width, text)) / 1000


def fitted(words: Words, room: float, *, least: float = 6.5) -> Words:
    """Set a bold or plain text smaller until it fits the room, or cut it at the least size."""
    is_wide = _BOLD if words.is_bold else 1.0
    needed = width_of(words.text, 1.0) * is_wide
    if needed * words.size <= room:
        return words
    size = max(least, room / needed)
    text = words.text
    while text and width_of(text + "…", size) * is_wide > room and needed * size > room:
        text = text[:-1]
    shown = text if text == words.text else text + "…"
    return Words(words.x, words.y, shown, size, words.anchor, words.is_bold, words.is_upright)


def widest(texts: Sequence[str], size: float) -> float:
    """Say how wide the widest of some texts is, in points; 0 for none."""
    return max((width_of(text, size) for text in texts), default=0.0)


def _width(character: str) -> int:
    place = ord(character) - ord(" ")
    return _WIDTHS[place] if 0 <= place < len(_WIDTHS) else _OTHER
