"""The report as Markdown, for a pull request or a notebook."""

from collections.abc import Iterator, Sequence

from causal_interface_gym.runs.grading import Grades
from causal_interface_gym.runs.report.sections import BREAKDOWNS, sections
from causal_interface_gym.runs.report.sources import sources
from causal_interface_gym.runs.report.table import Cell, Table
from causal_interface_gym.runs.report.wording import shape_text
from causal_interface_gym.scoring.causal_score import VERSION

__all__ = ["report_markdown"]


def report_markdown(grades: Grades, *, by: Sequence[str] = BREAKDOWNS) -> str:
    """Write every section and the sources."""
    return "\n".join(_lines(grades, by)) + "\n"


def _lines(grades: Grades, by: Sequence[str]) -> Iterator[str]:
    yield from ("# Causal Score", "", f"{shape_text(grades)}; score version {VERSION}.", "")
    for section in sections(grades, by=by):
        if section.figure and not section.tables:
            continue  # a picture only
        yield from (f"## {section.title}", "", section.lead, "")
        for table in section.tables:
            yield from (*_table(table), "")
        if section.bullets:
            yield from (*(f"- {bullet}" for bullet in section.bullets), "")
        for note in section.notes:
            yield from (note, "")
    yield from ("## Worlds", "")
    for source in sources(grades.spec):
        yield f"- **{source.id}**: {source.title}. {' '.join(source.citations)}"


def _table(table: Table) -> Iterator[str]:
    yield _row(column.head for column in table.columns)
    yield "|" + "".join("--:|" if column.is_number else "---|" for column in table.columns)
    for row in table.rows:
        yield _row(_text(cell) for cell in row.cells)


def _text(cell: Cell) -> str:
    return f"{cell.text} ({cell.detail})" if cell.detail else cell.text


def _row(words: Iterator[str]) -> str:
    return "| " + " | ".join(word.replace("|", "\\|") for word in words) + " |"
