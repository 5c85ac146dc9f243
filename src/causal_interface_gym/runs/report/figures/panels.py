"""Plotting areas: where numbers lie in points, axes, and small plots side by side."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from causal_interface_gym.runs.report.figures.shapes import (
    GRID,
    INK,
    Line,
    Point,
    Shape,
    Words,
    fitted,
)

__all__ = ["Frame", "Panels", "axes", "column_labels", "panels_of", "row_labels"]

_MOST_COLUMNS: Final = 5
_TITLE: Final = 10.0
_GAP: Final = 12.0
"""Between columns."""
_HEAD: Final = 17.0
"""Room for a title above a plot."""
_FOOT: Final = 16.0
"""Room for the numbers below it."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A plotting area in points; ``x`` are the numbers at its left and right, ``y`` from below."""

    left: float
    top: float
    width: float
    height: float
    x: tuple[float, float]
    y: tuple[float, float]

    def at(self, x: float, y: float) -> Point:
        """Give the place of a pair of numbers."""
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        upwards = (y - self.y[0]) / (self.y[1] - self.y[0])
        return (self.left + across * self.width, self.top + (1 - upwards) * self.height)

    def line(self, *points: Point, colour: str = INK, width: float = 0.8, opacity: float = 1.0,
             dash: float = 0.0) -> Line:  # fmt: skip
        """Draw a line through pairs of numbers."""
        return Line(tuple(self.at(*point) for point in points), colour, width, opacity, dash)


def axes(frame: Frame, *, x: tuple[float, ...] = (), y: tuple[float, ...] = ()) -> Iterator[Shape]:
    """Draw grid lines at some numbers, and the axes on the left and below."""
    for value in x:
        yield frame.line((value, frame.y[0]), (value, frame.y[1]), colour=GRID, width=0.6)
    for value in y:
        yield frame.line((frame.x[0], value), (frame.x[1], value), colour=GRID, width=0.6)
    corner, right = (frame.x[0], frame.y[0]), (frame.x[1], frame.y[0])
    yield frame.line((frame.x[0], frame.y[1]), corner, right, colour=GRID)


def column_labels(frame: Frame, labels: Mapping[float, str]) -> Iterator[Shape]:
    """Write labels below a plot, each under its number."""
    for value, text in labels.items():
        x, y = frame.at(value, frame.y[0])
        yield Words(x, y + 12, text, anchor="middle")


def row_labels(frame: Frame, labels: Mapping[float, str]) -> Iterator[Shape]:
    """Write labels left of a plot, each beside its number."""
    for value, text in labels.items():
        x, y = frame.at(frame.x[0], value)
        yield Words(x - 5, y + 3.2, text, anchor="end")


@dataclass(frozen=True, slots=True)
class Panels:
    """Small plots of one kind in rows as even as they can be, at most five in a row."""

    frames: tuple[Frame, ...]
    n_columns: int
    width: float
    height: float

    def shared(
        self, titles: tuple[str, ...], across: Mapping[float, str], upwards: Mapping[float, str]
    ) -> Iterator[Shape]:
        """Write the titles, and labels left of each row and below the last plot of each column."""
        for place, (frame, title) in enumerate(zip(self.frames, titles, strict=True)):
            head = Words(frame.left, frame.top - 6, title, _TITLE, is_bold=True)
            yield fitted(head, frame.width)
            if place % self.n_columns == 0:
                yield from row_labels(frame, upwards)
            if place + self.n_columns >= len(self.frames):
                yield from column_labels(frame, across)

    def named(self, *, across: str, upwards: str = "") -> Iterator[Shape]:
        """Name what is drawn across and upwards, once for all plots."""
        if self.frames:
            first, middle = self.frames[0], (self.frames[0].left + self.width) / 2
            yield Words(middle, self.height - 4, across, anchor="middle")
            if upwards:
                centre = (first.top + self.height - 2 * _FOOT) / 2
                yield Words(10, centre, upwards, anchor="middle", is_upright=True)


def panels_of(
    n: int, *, width: float, height: float, left: float, x: tuple[float, float],
    y: tuple[float, float],
) -> Panels:  # fmt: skip
    """Lay out n plots of one size; ``left`` is the room for the labels of their rows.

    >>> nine = panels_of(9, width=100, height=100, left=30, x=(0, 1), y=(0, 1))
    >>> nine.n_columns, len({frame.top for frame in nine.frames})
    (5, 2)
    """
    n_rows = max(1, -(-n // _MOST_COLUMNS))
    n_columns = max(1, -(-n // n_rows))
    pitch = height + _HEAD + _FOOT
    frames = tuple(
        Frame(
            left + (place % n_columns) * (width + _GAP),
            _HEAD + (place // n_columns) * pitch,
            width,
            height,
            x,
            y,
        )
        for place in range(n)
    )
    whole = left + n_columns * (width + _GAP)
    return Panels(frames, n_columns, whole, n_rows * pitch + _FOOT)
