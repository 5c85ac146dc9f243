"""Columns of a frame as state numbers, whatever library the frame is of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.errors import DataError, UnknownStateError

__all__ = ["Column", "Frame", "column_of", "read_column"]

MAX_STATES = 512
"""A column with more values is taken for a continuous one."""


@dataclass(frozen=True, slots=True)
class Column:
    """The labels of a variable and the number of each row's, shape (n_rows,)."""

    labels: tuple[str, ...]
    numbers: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Frame:
    """What is read of a frame: the names of its columns, and one column at a time."""

    names: tuple[str, ...]
    _of: Any  # a mapping, or a frame of another library

    def values(self, name: str) -> NDArray[Any]:  # whatever the column holds
        """Give a column as an array.

        Raises:
            DataError: There is none of that name, or it is no column.
        """
        if name not in self.names:
            known = ", ".join(map(repr, self.names[:20]))
            raise DataError(f"the data have no column {name!r}; columns: {known or 'none'}")
        try:
            found = np.asarray(self._of[name])
        except ValueError:
            raise _no_column(name) from None
        if found.ndim != 1:
            raise DataError(f"column {name!r} has {found.ndim} dimensions; a column has one")
        return found


def column_of(frame: Any) -> Frame:  # noqa: ANN401 - any object with columns
    """Find the columns of a frame: a mapping, or an object with ``columns`` or ``column_names``.

    Raises:
        DataError: It is no frame.
    """
    if isinstance(frame, Mapping):
        return Frame(tuple(map(str, frame)), frame)
    names = getattr(frame, "column_names", None) or getattr(frame, "columns", None)
    if names is None or not hasattr(frame, "__getitem__"):
        message = (
            "data are a mapping of names to columns, a frame of pandas, polars or pyarrow, or "
            f"Counts; got {type(frame).__name__}"
        )
        raise DataError(message)
    return Frame(tuple(map(str, names)), frame)


def read_column(name: str, values: NDArray[Any], states: Sequence[str] | None = None) -> Column:
    """Number the values of a column; the labels are the given states, or the values in order.

    Raises:
        DataError: A value is missing, or there are too many different ones.
        UnknownStateError: A value is none of the given states.
    """
    if values.dtype.kind == "O":
        _refuse_missing(name, sum(map(_is_missing, values)))
        try:
            distinct = list(dict.fromkeys(values.tolist()))
        except TypeError:
            raise _no_column(name) from None
        _refuse_continuous(name, len(distinct))
        number = {value: i for i, value in enumerate(distinct)}
        found = np.fromiter(map(number.__getitem__, values.tolist()), np.intp, len(values))
    else:
        if values.dtype.kind == "f":
            _refuse_missing(name, int(np.isnan(values).sum()))
        kept, found = np.unique(values, return_inverse=True)
        _refuse_continuous(name, len(kept))
        distinct = kept.tolist()
    labels = [_label(value) for value in distinct]
    _refuse_missing(name, int(np.isin(found, [i for i, k in enumerate(labels) if not k]).sum()))
    order = _ordered(distinct, labels) if states is None else tuple(map(str, states))
    for label in labels:
        if label not in order:
            raise UnknownStateError(name, label, order)
    places = np.array([order.index(label) for label in labels], dtype=np.intp)
    return Column(order, places[found] if len(places) else found.astype(np.intp))


def _no_column(name: str) -> DataError:
    return DataError(f"{name!r} is no column of values: each row has a number or a text")


def _ordered(distinct: list[Any], labels: list[str]) -> tuple[str, ...]:  # any values
    """Order by size where all are numbers, or text that reads as numbers, else by name."""
    try:
        keys = {label: float(value) for value, label in zip(distinct, labels, strict=True)}
    except (TypeError, ValueError):
        return tuple(sorted(set(labels)))
    return tuple(sorted(keys, key=lambda label: (keys[label], label)))


def _label(value: object) -> str:
    """Write a value as queries do: 1.0 is the state 1."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _is_missing(value: object) -> bool:
    """Tell None, NaN and the marks of pandas, without importing it."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return True
    return isinstance(value, float) and value != value  # noqa: PLR0124 - that is NaN


def _refuse_missing(name: str, n: int) -> None:
    if n:
        message = (
            f"column {name!r} is empty in {n} rows; leaving rows out changes the question unless "
            "they are missing at random, so drop or fill them first"
        )
        raise DataError(message)


def _refuse_continuous(name: str, n: int) -> None:
    if n > MAX_STATES:
        message = (
            f"column {name!r} has {n} different values, at most {MAX_STATES} are counted; cut it "
            "into classes first, or hand the question over to a library for estimation"
        )
        raise DataError(message)
