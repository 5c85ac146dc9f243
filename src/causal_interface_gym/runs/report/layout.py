"""Tables whose columns are the agents."""

from collections.abc import Iterator, Mapping, Sequence

from causal_interface_gym.runs.grading import Grades
from causal_interface_gym.runs.report.table import Cell, Column, Row, Table
from causal_interface_gym.runs.report.wording import label

__all__ = ["by_agent", "cells", "texts"]


def by_agent(grades: Grades, head: str, rows: Mapping[str, Sequence[Cell]]) -> Table:
    """Lay out a table whose columns are the agents, in the order of their score."""
    columns = (*texts(head), *(Column(label(agent)) for agent in grades.agents))
    return Table(columns, tuple(Row((Cell(name), *found)) for name, found in rows.items()))


def texts(*heads: str) -> Iterator[Column]:
    """Make columns of text."""
    return (Column(head, is_number=False) for head in heads)


def cells(*words: str) -> tuple[Cell, ...]:
    """Make cells without details."""
    return tuple(Cell(word) for word in words)
