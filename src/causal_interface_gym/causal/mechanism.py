"""How a variable gets its value from its parents and its own noise.

A mechanism gives the table P(v | parents), which is enough for seeing and doing. For imagining it
must also say how one draw of the noise acts under several parent settings at once: the *coupling*.
A table alone does not fix it, so it is declared or absent, never assumed. ``joint`` sums the noise
out of n copies of a variable, one a world, without ever naming the noise [balke1994].
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import product
from typing import TYPE_CHECKING, Literal, Protocol, Self, get_args

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.errors import (
    ModelError,
    UndeclaredCouplingError,
    UnknownStateError,
    UnknownVariableError,
    WidthError,
)

if TYPE_CHECKING:
    from types import EllipsisType

__all__ = ["MAX_CELLS", "Coupling", "Deterministic", "Mechanism", "NoisyOr", "Table"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Coupling = Literal["comonotone", "independent"]

MAX_CELLS = 2**25
"""Cells that a table may have by default: 256 MB of float64."""

_ROW_TOLERANCE = 1e-9
_ROUNDING = 1e-14
"""Cumulative probabilities that differ by this part of themselves are one boundary."""

_FROM_BELOW = 2
_RARE = 1e-6
"""A smaller probability would lose digits in a plain difference of cumulative ones."""


class Mechanism(Protocol):
    """What every mechanism offers; ``cpt`` has one axis a parent, then the variable's own."""

    @property
    def parents(self) -> tuple[str, ...]:
        """The direct causes, in the order of the table's axes."""
        ...

    @property
    def cpt(self) -> Floats:
        """P(v | parents), shape (n_states of each parent, n_states), read-only."""
        ...

    def joint(self, variable: str, settings: Sequence[Ints]) -> Floats:
        """Give P(v_1, ..., v_n) of the variable under n parent settings with one noise.

        Args:
            variable: The name, for errors.
            settings: One array a copy of flat parent-configuration numbers; all broadcast
                against each other to a shape S.

        Returns:
            An array of shape S + (n_states,) * n.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A conditional probability table, with the coupling of its noise if one is declared.

    ``comonotone``: one uniform draw, read through the inverse of each row's distribution
    function in the order of the states, so it is meant for ordered states. ``independent``: a
    separate draw for each parent setting; the same setting gets the same value in every world.

    Raises:
        ModelError: A row is no distribution, or the shape does not fit the parents.
    """

    parents: tuple[str, ...]
    cpt: Floats
    coupling: Coupling | None = None
    _bounds: Floats = field(init=False, repr=False)
    """Ends of each state's interval of the uniform draw, first then last, shape (2, rows, states).

    Where a state is rare, its ends counted downwards from 1 follow: shape (4, rows, states).
    """

    def __post_init__(self) -> None:
        """Check the rows and make them read-only."""
        object.__setattr__(self, "parents", _listed(self.parents))
        values = _numbers(self.cpt, np.float64)
        if values.ndim != len(self.parents) + 1 or not values.size:
            message = (
                f"a table with {len(self.parents)} parents needs {len(self.parents) + 1} "
                f"non-empty axes (parents, then own states); got shape {values.shape}"
            )
            raise ModelError(message)
        if self.coupling is not None and self.coupling not in get_args(Coupling):
            message = f"coupling is None, 'comonotone' or 'independent'; got {self.coupling!r}"
            raise ModelError(message)
        values = _checked(values)
        values.setflags(write=False)
        object.__setattr__(self, "cpt", values)
        is_read = self.coupling == "comonotone"
        object.__setattr__(self, "_bounds", _intervals(values) if is_read else np.empty(0))

    def joint(self, variable: str, settings: Sequence[Ints]) -> Floats:
        """See ``Mechanism.joint``.

        Raises:
            UndeclaredCouplingError: The answer depends on a coupling and none is declared.
        """
        rows = self.cpt.reshape(-1, self.cpt.shape[-1])
        if not self.parents:
            settings = [np.zeros_like(s) for s in settings]
        if self.coupling == "comonotone":
            return _comonotone(rows, self._bounds, settings)
        if self.coupling is None and _coupling_matters(rows, settings):
            raise UndeclaredCouplingError(variable)
        return _independent(rows, settings)


@dataclass(frozen=True, slots=True, eq=False)
class Deterministic:
    """A function of the parents; noise, if any, is a latent parent with a table of its own.

    ``states`` holds the number of the variable's state for each parent setting, one axis a
    parent; ``n_states`` is how many states the variable has.
    """

    parents: tuple[str, ...]
    states: Ints
    n_states: int

    def __post_init__(self) -> None:
        """Check the range and make the function read-only."""
        object.__setattr__(self, "parents", _listed(self.parents))
        given = _numbers(self.states, np.float64)
        states = given.astype(np.int64) if np.isfinite(given).all() else np.full(given.shape, -1)
        if type(self.n_states) is not int:
            message = f"n_states is a whole number; got {self.n_states!r}"
            raise ModelError(message)
        if states.ndim != len(self.parents) or not states.size:
            message = f"{len(self.parents)} parents need as many axes; got shape {states.shape}"
            raise ModelError(message)
        if states.min() < 0 or states.max() >= self.n_states or (states != given).any():
            message = f"state numbers run from 0 to {self.n_states - 1}; got {given.tolist()}"
            raise ModelError(message)
        states.setflags(write=False)
        object.__setattr__(self, "states", states)

    @classmethod
    def of(
        cls,
        function: Callable[..., str],
        *,
        parents: Sequence[str],
        states: Mapping[str, Sequence[str]],
        variable: str,
    ) -> Self:
        """Tabulate a Python function from the parents' labels to the variable's label.

        Raises:
            UnknownVariableError: A parent or the variable has no states.
            UnknownStateError: The function gives a label that the variable does not have.
        """
        for name in (*parents, variable):
            if name not in states:
                raise UnknownVariableError(name, states)
        own = list(states[variable])
        shape = [len(states[p]) for p in parents]
        values = []
        for labels in product(*(states[p] for p in parents)):
            label = function(*labels)
            if label not in own:
                raise UnknownStateError(variable, label, own)
            values.append(own.index(label))
        return cls(tuple(parents), np.array(values, dtype=np.int64).reshape(shape), len(own))

    @property
    def cpt(self) -> Floats:
        """The function as a table of zeros and ones."""
        table = np.eye(self.n_states)[self.states]
        table.setflags(write=False)
        return table

    def joint(self, variable: str, settings: Sequence[Ints]) -> Floats:
        """See ``Mechanism.joint``."""
        del variable
        return _independent(self.cpt.reshape(-1, self.n_states), settings)


@dataclass(frozen=True, slots=True, eq=False)
class NoisyOr:
    """A binary effect of binary causes: each present cause acts unless its inhibitor stops it.

    P(v = 0 | parents) = (1 - leak) * product over present parents of (1 - strength). State 1 is
    "present" everywhere. Inhibitors and leak are independent and keep their draw in all worlds.

    Source: [pearl1988], section 4.3.2.
    """

    parents: tuple[str, ...]
    strengths: tuple[float, ...]
    leak: float = 0.0

    def __post_init__(self) -> None:
        """Check the probabilities."""
        object.__setattr__(self, "parents", _listed(self.parents))
        chances = _numbers((*self.strengths, self.leak), np.float64)
        if len(self.strengths) != len(self.parents):
            message = f"{len(self.parents)} parents need as many strengths: {self.strengths}"
            raise ModelError(message)
        if not ((chances >= 0) & (chances <= 1)).all():
            message = f"strengths and leak lie in [0, 1]: {self.strengths}, {self.leak}"
            raise ModelError(message)
        cells = 2 ** (len(self.parents) + 1)
        if cells > MAX_CELLS:
            raise WidthError(cells, MAX_CELLS)

    @property
    def cpt(self) -> Floats:
        """P(v | parents), every axis of length 2."""
        rows = self.joint("", [np.arange(2 ** len(self.parents))])
        table = rows.reshape((2,) * (len(self.parents) + 1))
        table.setflags(write=False)
        return table

    def joint(self, variable: str, settings: Sequence[Ints]) -> Floats:
        """See ``Mechanism.joint``; the causes act one after the other on all copies at once."""
        del variable
        n = len(settings)
        table = np.zeros(np.broadcast_shapes(*(s.shape for s in settings)) + (2,) * n)
        nowhere: tuple[EllipsisType | int, ...] = (..., *(0,) * n)
        table[nowhere] = 1.0
        for place, strength in enumerate(reversed(self.strengths)):
            table = _cause(table, [(s >> place & 1).astype(bool) for s in settings], strength)
        return _cause(table, [np.array(True)] * n, self.leak)


def _listed(parents: Sequence[str]) -> tuple[str, ...]:
    """Refuse parents whose order is not theirs to say."""
    if not isinstance(parents, (tuple, list)) or not all(isinstance(p, str) for p in parents):
        message = f"parents are a list of names in the order of the table's axes; got {parents!r}"
        raise ModelError(message)
    return tuple(parents)


def _numbers(values: object, kind: type[np.float64]) -> Floats:
    """Copy into an array of numbers."""
    try:
        return np.array(values, dtype=kind)
    except (TypeError, ValueError, OverflowError) as error:
        message = f"numbers are needed, as many in each row: {error}"
        raise ModelError(message) from None


def _cause(table: Floats, acts: Sequence[NDArray[np.bool_]], chance: float) -> Floats:
    """Let one cause get through, with a chance, to the copies in which it is present."""
    n, raised = len(acts), table
    for i, act in enumerate(acts):
        present = _on_axis(np.array([0.0, 1.0]), i, n) * raised.sum(axis=i - n, keepdims=True)
        raised = np.where(act.reshape(act.shape + (1,) * n), present, raised)
    return (1.0 - chance) * table + chance * raised


def _checked(values: Floats) -> Floats:
    """Refuse NaN, negative numbers and rows that do not sum to 1; else give exact rows."""
    values[(values < 0) & (values > -_ROUNDING)] = 0.0
    totals = values.sum(axis=-1, keepdims=True)
    lowest = values.min(axis=-1, keepdims=True)
    good = (np.abs(totals - 1.0) <= _ROW_TOLERANCE) & (lowest >= 0)
    if not good.all():
        where = tuple(np.argwhere(~good)[0][:-1])
        row = values[where]
        place = f"row {[int(i) for i in where]}" if where else "the only row"
        excess = float(totals[where][0]) - 1.0
        if np.isfinite(row).all() and row.min() >= 0:
            message = f"{place} sums to {1 + excess:.10g}, off by {excess:+.3g}: {row.tolist()}"
        else:
            message = f"{place} holds {row.tolist()}; probabilities are finite numbers >= 0"
        raise ModelError(message)
    result: Floats = values / totals
    return result


def _on_axis(values: Floats, axis: int, n: int) -> Floats:
    """Put the last axis at place ``axis`` of ``n`` trailing axes."""
    after = (1,) * (n - 1 - axis)
    return values.reshape(values.shape[:-1] + (1,) * axis + values.shape[-1:] + after)


def _intervals(cpt: Floats) -> Floats:
    """Cut [0, 1] into one interval a state, for each row."""
    rows = cpt.reshape(-1, cpt.shape[-1])
    upward = _ends(rows)
    if rows[rows > 0].min() >= _RARE:
        return upward
    return np.concatenate([upward, _ends(rows[:, ::-1])[:, :, ::-1]])


def _ends(rows: Floats) -> Floats:
    last = np.cumsum(rows, axis=-1)
    last[:, -1] = 1.0
    return np.stack([np.concatenate([np.zeros_like(last[:, :1]), last[:, :-1]], axis=-1), last])


def _comonotone(rows: Floats, bounds: Floats, settings: Sequence[Ints]) -> Floats:
    """Give the overlap of the copies' intervals of the one uniform draw."""
    n = len(settings)
    ends = [_on_axis(bounds[:, setting], i, n) for i, setting in enumerate(settings)]
    first, last = reduce(np.maximum, [e[0] for e in ends]), reduce(np.minimum, [e[1] for e in ends])
    if len(bounds) > _FROM_BELOW:
        return _rare_overlap([_on_axis(rows[s], i, n) for i, s in enumerate(settings)], ends)
    overlap: Floats = last - first
    return np.where(overlap > _ROUNDING, overlap, 0.0)


def _rare_overlap(chances: Sequence[Floats], ends: Sequence[Floats]) -> Floats:
    """Count from the nearer end of [0, 1], and take a contained interval's own length."""
    low, high, above, below = (
        reduce(pick, [e[k] for e in ends])
        for k, pick in enumerate((np.maximum, np.minimum, np.maximum, np.minimum))
    )
    is_low = low <= above
    first, last = np.where(is_low, low, above), np.where(is_low, high, below)
    blur = _ROUNDING * first
    overlap: Floats = np.where(last - first > blur, last - first, 0.0)
    for chance, end in zip(chances, ends, strict=True):
        own_first, own_last = np.where(is_low, end[0], end[2]), np.where(is_low, end[1], end[3])
        is_inside = (own_first >= first - blur) & (own_last <= last + blur) & (chance > blur)
        overlap = np.where(is_inside, chance, overlap)
    return overlap


def _independent(rows: Floats, settings: Sequence[Ints]) -> Floats:
    """Multiply the copies' rows, once for each different parent setting."""
    n, size = len(settings), rows.shape[-1]
    total = np.ones((1,) * n)
    for i, setting in enumerate(settings):
        factor = _on_axis(rows[setting], i, n)
        for j in range(i):  # the same setting as an earlier copy: the same draw
            shape = [1] * n
            shape[i] = shape[j] = size
            same = np.equal(setting, settings[j]).reshape(
                np.broadcast_shapes(setting.shape, settings[j].shape) + (1,) * n
            )
            factor = np.where(same, np.eye(size).reshape(shape), factor)
        total = total * factor
    return total


def _coupling_matters(rows: Floats, settings: Sequence[Ints]) -> bool:
    """Say whether two different random rows meet in one cell."""
    random = ~(rows == 1.0).any(axis=-1)
    meet = [
        random[a] & random[b] & (a != b)
        for i, a in enumerate(settings)
        for b in settings[:i]
    ]  # fmt: skip
    return any(bool(np.any(m)) for m in meet)
