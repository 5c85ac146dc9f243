"""Counts: how often each combination of states occurs, from a frame, a table or a mapping.

Only combinations that occur are kept, so many variables cost no more than their rows do. A frame
is anything with named columns: a mapping of names to arrays, or a data frame of pandas, polars or
pyarrow, none of which is imported here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite, prod
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from causal_interface_gym.causal.estimation.columns import Column, column_of, read_column
from causal_interface_gym.causal.mechanism import MAX_CELLS
from causal_interface_gym.causal.syntax import quoted
from causal_interface_gym.errors import (
    DataError,
    PositivityViolation,
    QueryError,
    UnknownVariableError,
    WidthError,
)

__all__ = ["Counts"]

Combination = TypeVar("Combination", bound=Sequence[str])
"""States of several variables, or the one state of one."""
Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

_FAR = 1 << 40
"""Numbers of combinations are kept below this."""


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """How often each combination of states was seen; it answers ``table`` like a model does.

    Attributes:
        states: The labels of each variable.
        cells: State numbers of the combinations that occur, shape (n_cells, n_variables).
        weights: How often each occurs, shape (n_cells,), all above 0.
        trials: For each set of variables that an experiment assigned, the counts of its units.

    >>> counts = Counts.from_frame({"X": [0, 0, 1, 1], "Y": [0, 1, 1, 1]})
    >>> counts.table(["X", "Y"]).tolist()
    [[0.25, 0.25], [0.0, 0.5]]
    """

    states: Mapping[str, tuple[str, ...]]
    cells: Ints = field(repr=False)
    weights: Floats = field(repr=False)
    trials: Mapping[frozenset[str], "Counts"] = field(default_factory=dict)

    @classmethod
    def from_frame(
        cls,
        frame: Any,  # noqa: ANN401 - any object with columns
        names: Iterable[str] | None = None,
        *,
        count: str | None = None,
        states: Mapping[str, Sequence[str]] | None = None,
    ) -> Self:
        """Count the rows of a frame.

        Args:
            frame: A mapping of names to columns, or a frame of pandas, polars or pyarrow.
            names: The columns to read; all of them if None.
            count: The column that says how many units a row stands for; 1 each if None.
            states: The labels of some variables, in order, where the data may not show them all.
                Others have the values that occur, numbers in order of size.

        Raises:
            DataError: A column is missing, has another length, is empty in some row, or has so
                many values that it is not discrete; a count is negative; or there is no row.
            UnknownStateError: A value is none of the given states.
        """
        known = column_of(frame)
        wanted = [v for v in known.names if v != count] if names is None else list(names)
        given = states or {}
        columns = [read_column(v, known.values(v), given.get(v)) for v in wanted]
        weights = _weights(known.values(count), count) if count else None
        lengths = {v: len(c.numbers) for v, c in zip(wanted, columns, strict=True)}
        if weights is not None:
            lengths[count or ""] = len(weights)
        if len(set(lengths.values())) > 1:
            raise DataError(f"columns have different lengths: {lengths}")
        if not columns or not columns[0].numbers.size:
            raise DataError("the data hold no row of any column that is needed")
        return cls._grouped(dict(zip(wanted, columns, strict=True)), weights)

    @classmethod
    def from_mapping(cls, names: Sequence[str], counts: Mapping[Combination, float]) -> Self:
        """Read counts of combinations, e.g. ``{("drug", "cured"): 81, ("drug", "ill"): 6}``.

        Raises:
            DataError: A combination has another number of states, or a count is negative.
        """
        rows = [(key,) if isinstance(key, str) else tuple(key) for key in counts]
        for row in rows:
            if len(row) != len(names):
                message = f"{row!r} gives {len(row)} states for {', '.join(map(quoted, names))}"
                raise DataError(message)
        columns = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else {}
        return cls.from_frame({**columns, " n": list(counts.values())}, names, count=" n")

    @classmethod
    def from_table(cls, states: Mapping[str, Sequence[str]], table: ArrayLike) -> Self:
        """Read an array of counts or probabilities, one axis a variable in the order of states.

        Raises:
            DataError: The shape does not fit, or a number is negative or not finite.
        """
        labels = {name: tuple(map(str, known)) for name, known in states.items()}
        values = np.asarray(table, dtype=np.float64)
        wanted = tuple(len(known) for known in labels.values())
        if values.shape != wanted:
            raise DataError(f"counts have shape {values.shape}; with these states it is {wanted}")
        weights = _weights(values.ravel(), "the table")
        kept = np.flatnonzero(weights)
        if not kept.size:
            raise DataError("all counts are 0")
        cells = np.stack(np.unravel_index(kept, wanted), axis=-1).astype(np.intp)
        return cls(labels, cells, weights[kept])

    @classmethod
    def _grouped(cls, columns: Mapping[str, Column], weights: Floats | None) -> Self:
        """Add up the rows that are alike."""
        numbers = [c.numbers for c in columns.values()]
        code = np.zeros(len(numbers[0]), dtype=np.int64)
        size = 1
        for column in columns.values():
            if size * len(column.labels) > _FAR:
                kept, code = np.unique(code, return_inverse=True)
                size = len(kept)
            size *= len(column.labels)
            code = code * len(column.labels) + column.numbers
        _, first, inverse = np.unique(code, return_index=True, return_inverse=True)
        sums = np.bincount(inverse, weights=weights, minlength=len(first)).astype(np.float64)
        alive = sums > 0
        if not alive.any():
            raise DataError("all counts are 0")
        cells = np.stack([n[first[alive]] for n in numbers], axis=-1)
        return cls({v: c.labels for v, c in columns.items()}, cells, sums[alive])

    @property
    def total(self) -> float:
        """The sum of all counts: the sample size, or 1 for a distribution."""
        return float(self.weights.sum())

    @property
    def n_units(self) -> int:
        """The sample size; 0 where the weights are no whole numbers, and so no sample."""
        is_whole = bool(np.all(self.weights == np.round(self.weights)))
        return round(self.total) if is_whole else 0

    def with_trial(self, assigned: Iterable[str], trial: "Counts") -> "Counts":
        """Add an experiment: ``trial`` counts units whose ``assigned`` variables were randomised.

        Raises:
            UnknownVariableError: The trial has no column of an assigned variable.
            DataError: A variable has other states than here.
        """
        names = frozenset(assigned)
        for name in sorted(names):
            if name not in trial.states:
                raise UnknownVariableError(name, trial.states)
        for name, labels in trial.states.items():
            if name in self.states and self.states[name] != labels:
                message = (
                    f"{name!r} has the states {labels} in the trial and {self.states[name]} here; "
                    "give both the same states"
                )
                raise DataError(message)
        return replace(self, trials={**self.trials, names: trial})

    def table(self, names: Sequence[str], *, do: Mapping[str, str] | None = None) -> Floats:
        """Give the relative frequencies of ``names``, one axis a name, in order.

        With ``do``, those among the units of the trial that were assigned these states.

        Raises:
            UnknownVariableError: A variable has no column.
            QueryError: No trial assigned just these variables.
            PositivityViolation: No unit of the trial was assigned these states.
            WidthError: The table would be too large.
        """
        source = self.trials[self.key_of(do)] if do else self
        mask = source.assigned(do or {})
        where = source.place(names, mask)
        weights = source.weights[mask]
        sums = np.bincount(where.place, weights=weights, minlength=prod(where.shape))
        return np.asarray(sums.reshape(where.shape) / weights.sum(), dtype=np.float64)

    def key_of(self, do: Iterable[str]) -> frozenset[str]:
        """Find the trial that assigned just these variables.

        Raises:
            QueryError: There is none.
        """
        key = frozenset(do)
        if key not in self.trials:
            message = (
                f"the formula needs an experiment that sets {', '.join(map(quoted, do))}; add it "
                "with counts.with_trial([...], trial)"
            )
            raise QueryError(message)
        return key

    def assigned(self, do: Mapping[str, str]) -> NDArray[np.bool_]:
        """Mark the cells in which some variables have the given states."""
        mask = np.ones(len(self.weights), dtype=bool)
        order = list(self.states)
        for name, label in do.items():
            mask &= self.cells[:, order.index(name)] == self.states[name].index(label)
        if not mask.any():
            setting = ", ".join(f"{quoted(n)}={quoted(k)}" for n, k in do.items())
            raise PositivityViolation(f"do({setting})", where="the trial")
        return mask

    def place(self, names: Sequence[str], mask: NDArray[np.bool_]) -> "Place":
        """Number the cells by their states of ``names``."""
        order = list(self.states)
        for name in names:
            if name not in self.states:
                raise UnknownVariableError(name, order)
        shape = tuple(len(self.states[v]) for v in names)
        if prod(shape) > MAX_CELLS:
            raise WidthError(prod(shape), MAX_CELLS)
        place = np.zeros(int(mask.sum()), dtype=np.intp)
        for name, size in zip(names, shape, strict=True):
            place = place * size + self.cells[mask, order.index(name)]
        return Place(place, shape)


@dataclass(frozen=True, slots=True)
class Place:
    """Where cells stand in a flattened table of some shape."""

    place: Ints
    shape: tuple[int, ...]


def _weights(values: ArrayLike, name: str | None) -> Floats:
    try:
        weights = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise DataError(f"{name!r} holds counts; some of them are no numbers") from None
    if weights.size and (not isfinite(float(weights.sum())) or float(weights.min()) < 0):
        raise DataError(f"{name!r} holds counts; they are finite and not negative")
    return weights
