"""Tables and sections that the terminal, Markdown and the page all show."""

from dataclasses import dataclass, field

__all__ = ["Cell", "Column", "Row", "Section", "Table"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A text, and in ``detail`` what stands small below it, such as an interval."""

    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head; numbers stand on the right."""

    head: str
    is_number: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """Cells; the row of a reference agent is shown softer."""

    cells: tuple[Cell, ...]
    is_reference: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; every row has a cell for each column.

    Raises:
        ValueError: A row has another number of cells.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        """Check the shape."""
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                message = f"a row needs {len(self.columns)} cells; got {len(row.cells)}"
                raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report: a sentence, tables and notes; ``figure`` names the picture on top."""

    title: str
    lead: str
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    figure: str = ""
    bullets: tuple[str, ...] = field(default=())
