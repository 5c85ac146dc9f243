"""From replies to figures: medians, and peer divided by ours, round by round."""

from dataclasses import dataclass
from statistics import median
from typing import TypeAlias

from tests.benchmarks.process import OURS, Readings


@dataclass(frozen=True, slots=True)
class Span:
    """The median over the rounds with the smallest and the largest round."""

    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class NoFigure:
    """Why there is no figure: the peer is absent, failed, or gave no answer in time."""

    reason: str


Figure: TypeAlias = Span | NoFigure


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: one engine on one group. Times in milliseconds, memory in MB."""

    group: str
    engine: str
    time_ms: Figure
    ratio: Figure
    peak_mb: Figure
    worst_ms: Figure
    n_answered: int
    n_asked: int
    note: str = ""


def span(values: list[float]) -> Span:
    """Summarise one figure a round."""
    return Span(median(values), min(values), max(values))


def compare(group: str, readings: dict[str, Readings], *, n_asked: int) -> list[Line]:
    """Make one line an engine; a ratio uses only the questions both sides answered."""
    return [_line(group, own, readings[OURS], n_asked) for own in readings.values()]


def _line(group: str, own: Readings, ours: Readings, n_asked: int) -> Line:
    rounds = [replies for replies in own.rounds if replies]
    n_answered = min((len(replies) for replies in rounds), default=0)
    if not rounds:
        none = NoFigure(own.trouble or "no answer")
        return Line(group, own.engine, none, none, none, none, 0, n_asked, own.trouble)
    milliseconds = [[1e3 * reply.seconds for reply in r.values()] for r in rounds]
    return Line(
        group=group,
        engine=own.engine,
        time_ms=span([median(times) for times in milliseconds]),
        ratio=_ratio(own, ours),
        peak_mb=span([max(reply.peak_mb for reply in r.values()) for r in rounds]),
        worst_ms=span([max(times) for times in milliseconds]),
        n_answered=n_answered,
        n_asked=n_asked,
        note=own.trouble,
    )


def _ratio(own: Readings, ours: Readings) -> Figure:
    ratios = []
    for theirs, mine in zip(own.rounds, ours.rounds, strict=False):
        shared = sorted(theirs.keys() & mine.keys())
        if shared:
            top = median(theirs[i].seconds for i in shared)
            ratios.append(top / median(mine[i].seconds for i in shared))
    return span(ratios) if ratios else NoFigure("ours gave no answer")
