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

from causal_interface_gym.errors import ModelError, UndeclaredCouplingError

if TYPE_CHECKING:
    from types import EllipsisType

__all__ = ["Coupling", "Deterministic", "Mechanism", "NoisyOr", "Table"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Coupling = Literal["comonotone", "independent"]

_ROW_TOLERANCE = 1e-9
_ROUNDING = 1e-13
"""Two cumulative probabilities that differ by rounding only are one boundary."""


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
    """Ends of the intervals of the uniform draw, lower then upper, shape (2, rows, states)."""

    def __post_init__(self) -> None:
        """Check the rows and make them read-only."""
        values = np.array(self.cpt, dtype=np.float64)
        if values.ndim != len(self.parents) + 1 or not values.size:
            message = (
                f"a table with {len(self.parents)} parents needs {len(self.parents) + 1} "
                f"non-empty axes (parents, then own states); got shape {values.shape}"
            )
            raise ModelError(message)
        if self.coupling not in (None, *get_args(Coupling)):
            message = f"coupling is None, 'comonotone' or 'independent'; got {self.coupling!r}"
            raise ModelError(message)
        values = _checked(values)
        values.setflags(write=False)
        object.__setattr__(self, "cpt", values)
        object.__setattr__(self, "_bounds", _intervals(values))

    def joint(self, variable: str, settings: Sequence[Ints]) -> Floats:
        """See ``Mechanism.joint``.

        Raises:
            UndeclaredCouplingError: The answer depends on a coupling and none is declared.
        """
        rows = self.cpt.reshape(-1, self.cpt.shape[-1])
        if not self.parents:
            settings = [np.zeros_like(s) for s in settings]
        if self.coupling == "comonotone":
            return _comonotone(self._bounds, settings)
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
        states = np.array(self.states, dtype=np.int64)
        if states.ndim != len(self.parents) or not states.size:
            message = f"{len(self.parents)} parents need as many axes; got shape {states.shape}"
            raise ModelError(message)
        if states.min() < 0 or states.max() >= self.n_states:
            message = f"state numbers run from 0 to {self.n_states - 1}; got {states.tolist()}"
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
        """Tabulate a Python function from the parents' labels to the variable's label."""
        own = list(states[variable])
        shape = [len(states[p]) for p in parents]
        values = [own.index(function(*labels)) for labels in product(*(states[p] for p in parents))]
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
        if len(self.strengths) != len(self.parents):
            message = f"{len(self.parents)} parents need as many strengths: {self.strengths}"
            raise ModelError(message)
        if not all(0 <= p <= 1 for p in (*self.strengths, self.leak)):
            message = f"strengths and leak lie in [0, 1]: {self.strengths}, {self.leak}"
            raise ModelError(message)

    @property
    def cpt(self) -> Floats:
        """P(v | parents), every axis of length 2."""
        absent = self._all_absent([np.arange(2 ** len(self.parents))])
        table = np.stack([absent, 1 - absent], axis=-1).reshape((2,) * (len(self.parents) + 1))
        table.setflags(write=False)
        return table

    def joint(self, variable: str, settings: Sequence[Ints]) -> Floats:
        """See ``Mechanism.joint``; inclusion and exclusion over the copies that are present."""
        del variable
        n = len(settings)
        shape = np.broadcast_shapes(*(s.shape for s in settings))
        absent = {
            copies: np.broadcast_to(self._all_absent([settings[i] for i in copies]), shape)
            for copies in _subsets(range(n))
        }
        table: Floats = np.empty(shape + (2,) * n)
        for values in product((0, 1), repeat=n):
            zeros = tuple(i for i in range(n) if not values[i])
            ones = tuple(i for i in range(n) if values[i])
            terms = [
                (-1) ** len(extra) * absent[tuple(sorted((*zeros, *extra)))]
                for extra in _subsets(ones)
            ]
            place: tuple[EllipsisType | int, ...] = (..., *values)
            table[place] = reduce(np.add, terms)
        table[table < _ROUNDING] = 0.0
        return table

    def _all_absent(self, settings: Sequence[Ints]) -> Floats:
        """Give the probability that no copy among these parent settings is present."""
        if not settings:
            return np.ones(())
        total = np.full(np.broadcast_shapes(*(s.shape for s in settings)), 1.0 - self.leak)
        for place, strength in enumerate(reversed(self.strengths)):
            acts = reduce(np.logical_or, [(s >> place & 1).astype(bool) for s in settings])
            total = np.where(acts, total * (1.0 - strength), total)
        return total


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


def _subsets(items: Sequence[int]) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = [()]
    for item in items:
        found += [(*subset, item) for subset in found]
    return found


def _on_axis(values: Floats, axis: int, n: int) -> Floats:
    """Put the last axis at place ``axis`` of ``n`` trailing axes."""
    after = (1,) * (n - 1 - axis)
    return values.reshape(values.shape[:-1] + (1,) * axis + values.shape[-1:] + after)


def _intervals(cpt: Floats) -> Floats:
    """Cut [0, 1] into one interval a state, for each row."""
    upper = np.cumsum(cpt.reshape(-1, cpt.shape[-1]), axis=-1)
    upper[:, -1] = 1.0
    return np.stack([np.concatenate([np.zeros_like(upper[:, :1]), upper[:, :-1]], axis=-1), upper])


def _comonotone(bounds: Floats, settings: Sequence[Ints]) -> Floats:
    """Give the overlap of the copies' intervals of the one uniform draw."""
    n = len(settings)
    ends = [_on_axis(bounds[:, setting], i, n) for i, setting in enumerate(settings)]
    low, high = reduce(np.maximum, [e[0] for e in ends]), reduce(np.minimum, [e[1] for e in ends])
    overlap: Floats = high - low
    return np.where(overlap > _ROUNDING, overlap, 0.0)


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
