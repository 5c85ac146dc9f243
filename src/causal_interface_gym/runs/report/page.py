"""The report as one HTML file: figures and style inside, light and dark, no outside request."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Final

from causal_interface_gym.runs.grading import Grades
from causal_interface_gym.runs.report.figures import FIGURES, inline_figure
from causal_interface_gym.runs.report.sections import BREAKDOWNS, sections
from causal_interface_gym.runs.report.sources import Source, sources
from causal_interface_gym.runs.report.table import Cell, Column, Row, Section, Table
from causal_interface_gym.runs.report.wording import shape_text
from causal_interface_gym.scoring.causal_score import VERSION

__all__ = ["report_html"]

_MANY: Final = 7
"""A table with more columns is set tighter."""


def report_html(grades: Grades, *, by: Sequence[str] = BREAKDOWNS) -> str:
    """Write the page."""
    style = files("causal_interface_gym.runs.report").joinpath("page.css").read_text("utf-8")
    return "\n".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>Causal Score</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>",
            *_body(grades, by),
            "</main>\n</body>\n</html>\n",
        )
    )


def _body(grades: Grades, by: Sequence[str]) -> Iterator[str]:
    figures = {name: inline_figure(name, grades) for name in FIGURES}
    found = tuple(sections(grades, by=by))
    yield "<h1>How causal are the answers?</h1>"
    yield f'<p class="soft">{escape(shape_text(grades))}; score version {VERSION}.</p>'
    links = (f'<a href="#{_anchor(s.title)}">{escape(s.title)}</a>' for s in found)
    yield f"<nav>{' '.join(links)}</nav>"
    for section in found:
        yield from _section(section, figures)
    yield "<h2>Worlds and their sources</h2>"
    yield from (_source(source) for source in sources(grades.spec))


def _section(section: Section, figures: Mapping[str, str]) -> Iterator[str]:
    yield f'<h2 id="{_anchor(section.title)}">{escape(section.title)}</h2>'
    yield f"<p>{escape(section.lead)}</p>"
    if section.figure:
        yield f"<figure>\n{figures[section.figure]}\n</figure>"
    for table in section.tables:
        yield _table(table)
    if section.bullets:
        items = "\n".join(f"<li>{escape(bullet)}</li>" for bullet in section.bullets)
        yield f"<ul>\n{items}\n</ul>"
    for note in section.notes:
        yield f'<p class="soft">{escape(note)}</p>'


def _table(table: Table) -> str:
    head = "".join(f"<th{_mark(column)}>{_breakable(column.head)}</th>" for column in table.columns)
    body = "\n".join(_row(row, table.columns) for row in table.rows)
    kind = ' class="dense"' if len(table.columns) > _MANY else ""
    return (
        f'<div class="scroll"><table{kind}>\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table></div>"
    )


def _row(row: Row, columns: Sequence[Column]) -> str:
    cells = "".join(
        f"<td{_mark(column)}>{_cell(cell)}</td>"
        for column, cell in zip(columns, row.cells, strict=True)
    )
    kind = ' class="ref"' if row.is_reference else ""
    return f"<tr{kind}>{cells}</tr>"


def _cell(cell: Cell) -> str:
    detail = f"<small>{escape(cell.detail)}</small>" if cell.detail else ""
    return escape(cell.text) + detail


def _mark(column: Column) -> str:
    return ' class="n"' if column.is_number else ""


def _breakable(text: str) -> str:
    return escape(text).replace("-", "-<wbr>").replace(":", ":<wbr>")


def _anchor(title: str) -> str:
    return title.lower().replace(" ", "-")


def _source(source: Source) -> str:
    identity = f'<span class="soft">{escape(source.id)}</span>'
    parts = [
        f"<details><summary>{escape(source.title)} {identity}</summary>",
        f"<p>{escape(source.story)}</p>",
    ]
    if source.published:
        parts.append(f"<p><b>Published:</b> {escape(source.published)}</p>")
    if source.illustrative:
        parts.append(f"<p><b>Illustrative:</b> {escape(source.illustrative)}</p>")
    parts += [f'<p class="soft">{escape(text)}</p>' for text in source.citations]
    return "\n".join([*parts, "</details>"])
