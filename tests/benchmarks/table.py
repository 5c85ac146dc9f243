"""Show rows: a rich table on a terminal, plain text without rich, Markdown for the page."""

import importlib
import importlib.util
import sys
from collections.abc import Sequence

from tests.benchmarks.process import OURS
from tests.benchmarks.ratios import Figure, Line, NoFigure
from tests.benchmarks.rows.row import RowResult

HEADINGS = ("case", "engine", "median", "slowest", "engine / ours", "peak MB", "answered", "remark")


def format_time(figure: Figure) -> str:
    """Write milliseconds with three digits, in the unit that reads best."""
    if isinstance(figure, NoFigure):
        return "-"
    value = figure.median
    if value < 1:
        return f"{_three(1e3 * value)} us"
    return f"{_three(value)} ms" if value < 1000 else f"{_three(value / 1e3)} s"


def format_ratio(figure: Figure) -> str:
    """Write the median ratio and the smallest and largest of the rounds."""
    if isinstance(figure, NoFigure):
        return "-"
    low, high = _ratio_digits(figure.low), _ratio_digits(figure.high)
    return f"{_ratio_digits(figure.median)}x ({low}-{high})"


def format_memory(figure: Figure) -> str:
    """Write megabytes without decimals."""
    return "-" if isinstance(figure, NoFigure) else f"{figure.high:.0f}"


def _three(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:#.3g}".rstrip(".")


def _ratio_digits(value: float) -> str:
    return f"{value:.0f}" if value >= 20 else f"{value:.2g}" if value < 1 else f"{value:.1f}"


def cells(line: Line) -> tuple[str, ...]:
    """Make the text of every column of one line."""
    answered = f"{line.n_answered}/{line.n_asked}"
    ratio = "1" if line.engine == OURS else format_ratio(line.ratio)
    shown = (line.time_ms, line.worst_ms)
    times = tuple(format_time(figure) for figure in shown)
    memory = format_memory(line.peak_mb)
    return (line.group, line.engine, *times, ratio, memory, answered, line.note)


def plain(result: RowResult) -> str:
    """Lay one row out in aligned columns."""
    if result.skipped:
        return f"{result.title}\nskipped: {result.skipped}\n"
    rows = [HEADINGS, *map(cells, result.lines)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADINGS))]
    body = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([result.title, *body]) + "\n"


def markdown(result: RowResult, measured: str = "") -> str:
    """Write one row as a section of the page; ``measured`` says when and where, if by itself."""
    said = filter(None, (f"## {result.title}", result.about, measured))
    head = "\n\n".join(said) + "\n\n"
    if result.skipped:
        return f"{head}Skipped: {result.skipped}.\n"
    rows = [HEADINGS, ("---",) * len(HEADINGS), *map(cells, result.lines)]
    return head + "\n".join(f"| {' | '.join(_escape(c) for c in row)} |" for row in rows) + "\n"


def _escape(text: str) -> str:
    return text.replace("|", "\\|")


def show(results: Sequence[RowResult]) -> None:
    """Print every row, with rich where it is there and the output is a terminal."""
    for result in results:
        if importlib.util.find_spec("rich") and sys.stdout.isatty() and not result.skipped:
            _show_rich(result)
        else:
            print(plain(result))


def _show_rich(result: RowResult) -> None:
    console = importlib.import_module("rich.console").Console()
    table = importlib.import_module("rich.table").Table(title=result.title, title_justify="left")
    for i, heading in enumerate(HEADINGS):
        table.add_column(heading, justify="right" if 2 <= i <= 6 else "left")
    for line in result.lines:
        table.add_row(*cells(line), style="bold" if line.engine == OURS else "")
    console.print(table)
