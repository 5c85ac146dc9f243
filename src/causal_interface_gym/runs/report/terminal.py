"""The report on the terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from causal_interface_gym.runs.grading import Grades
from causal_interface_gym.runs.report.sections import sections
from causal_interface_gym.runs.report.table import Section, Table
from causal_interface_gym.runs.report.wording import shape_text

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["TERMINAL_BREAKDOWNS", "print_report"]

TERMINAL_BREAKDOWNS: Final = ("agent", "family")
"""What the terminal shows unless asked for more."""

_LAST_OF_SHORT: Final = "By family"
"""The section that ends a short report."""

_DETAIL: Final = 14
"""Characters that an interval needs."""

_MAX_PROSE: Final = 3
"""Bullets of a section that the terminal shows."""


def print_report(
    grades: Grades,
    console: "Console",
    *,
    by: Sequence[str] = TERMINAL_BREAKDOWNS,
    is_short: bool = False,
) -> None:
    """Print the sections; intervals stand below their numbers where the width allows it.

    ``is_short`` stops after failures, cost, leaderboard and families.
    """
    console.print(shape_text(grades), highlight=False)
    for section in sections(grades, by=by):
        if section.figure in {"beliefs", "reliability"}:
            continue  # a picture only
        console.print()
        console.print(section.title, style="bold")
        _print(section, console)
        if is_short and section.title == _LAST_OF_SHORT:
            return


def _print(section: Section, console: "Console") -> None:
    console.print(section.lead, style="dim", highlight=False, markup=False)
    for table in section.tables:
        _print_table(table, console)
    for bullet in section.bullets[:_MAX_PROSE]:
        console.print(f"- {bullet}", highlight=False, markup=False)
    hidden = len(section.bullets) - _MAX_PROSE
    if hidden > 0:
        console.print(f"- and {hidden} more in the page and in Markdown", style="dim")
    for note in section.notes:
        console.print(note, style="dim", highlight=False, markup=False)


def _print_table(table: Table, console: "Console") -> None:
    from rich import table as rich_table  # noqa: PLC0415 - only a terminal needs it
    from rich.text import Text  # noqa: PLC0415

    n_detailed = sum(
        any(row.cells[place].detail for row in table.rows) for place in range(len(table.columns))
    )
    is_wide = _width(table) + _DETAIL * n_detailed <= console.width
    is_matrix = sum(column.is_number for column in table.columns) == len(table.columns) - 1
    shown = rich_table.Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    for place, column in enumerate(table.columns):
        is_named = place == 0
        longest = max((len(row.cells[place].text) for row in table.rows), default=0)
        is_long = is_named and longest > console.width // 2
        head = column.head.replace("-", "-\n") if place and is_matrix else column.head
        shown.add_column(
            head,
            justify="right" if column.is_number else "left",
            overflow="fold",
            no_wrap=is_named and not is_long if is_matrix else column.is_number,
            max_width=console.width // 3 if is_long else None,
        )
    for row in table.rows:
        texts = [
            Text(f"{cell.text}  {cell.detail}" if is_wide and cell.detail else cell.text)
            for cell in row.cells
        ]
        shown.add_row(*texts, style="dim" if row.is_reference else "")
    console.print(shown)


def _width(table: Table) -> int:
    """Give the width of the table without details."""
    texts = [[column.head, *(row.cells[place].text for row in table.rows)]
             for place, column in enumerate(table.columns)]  # fmt: skip
    return sum(max(map(len, words)) + 1 for words in texts)
