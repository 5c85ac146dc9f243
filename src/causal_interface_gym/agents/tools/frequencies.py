"""Relative frequencies of the rows that a participant has seen; formulas are evaluated in them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.gym.brief import Brief
from causal_interface_gym.gym.log import Event

__all__ = ["Frequencies", "Trials"]

Pairs = tuple[tuple[str, str], ...]
Rows = Iterable[tuple[Sequence[str], int]]
Floats = NDArray[np.float64]

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class Frequencies:
    """Counts of rows, one axis a variable in the order of ``states``; a ``Joint`` of the engine."""

    states: Mapping[str, Sequence[str]]
    counts: NDArray[np.float64]

    @classmethod
    def observed(cls, brief: Brief, log: Sequence[Event]) -> Self:
        """Count the rows that show the world as it is: the table of the brief, and own draws.

        Rows drawn under a condition are left out, since they are not a sample of the whole.
        """
        rows: list[tuple[Sequence[str], int]] = [row for t in brief.tables for row in t.rows]
        rows += [
            row
            for event in log
            if event.action.get("kind") == "observe" and not event.action.get("where")
            for row in _rows(event.observation)
        ]
        return cls.counted(brief, rows)

    @classmethod
    def under(cls, brief: Brief, log: Sequence[Event], settings: Pairs) -> Self:
        """Count the rows drawn with exactly these variables set by force."""
        rows = [
            row
            for event in log
            if event.action.get("kind") == "intervene" and event.action.get("set") == dict(settings)
            for row in _rows(event.observation)
        ]
        return cls.counted(brief, rows)

    @classmethod
    def counted(cls, brief: Brief, rows: Rows) -> Self:
        """Count rows whose labels stand in the order of the brief's variables."""
        states = {v.name: v.labels for v in brief.variables}
        counts = np.zeros([len(labels) for labels in states.values()])
        for labels, count in rows:
            place = tuple(own.index(x) for own, x in zip(states.values(), labels, strict=True))
            counts[place] += count
        return cls(states, counts)

    def among(self, variable: str, label: str) -> Self:
        """Keep the rows in which a variable has a state."""
        place = list(self.states).index(variable)
        held = np.array([own == label for own in self.states[variable]])
        shape = [-1 if i == place else 1 for i in range(self.counts.ndim)]
        return type(self)(self.states, self.counts * held.reshape(shape))

    @property
    def n_rows(self) -> int:
        """How many rows were counted."""
        return int(self.counts.sum())

    def table(self, names: Sequence[str]) -> NDArray[np.float64]:
        """Give the joint frequencies of ``names``, one axis a name, in order; zeros for no rows."""
        places = [list(self.states).index(name) for name in names]
        others = tuple(i for i in range(self.counts.ndim) if i not in places)
        kept = self.counts.sum(axis=others)
        left = sorted(places)
        ordered = kept.transpose([left.index(place) for place in places])
        return np.asarray(ordered / max(self.counts.sum(), 1.0), dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Trials:
    """The experiments that a participant has made; a ``Laboratory`` of the engine."""

    brief: Brief
    log: Sequence[Event]

    @property
    def states(self) -> Mapping[str, Sequence[str]]:
        """The labels of each variable."""
        return {v.name: v.labels for v in self.brief.variables}

    def table(self, names: Sequence[str], *, do: Mapping[str, str] = _NOTHING) -> Floats:
        """Give the joint frequencies of ``names`` in the experiment that sets exactly ``do``.

        Of an experiment that was not made they are zeros; formulas are laid out for every level of
        what is set, and then read at one.
        """
        return Frequencies.under(self.brief, self.log, tuple(do.items())).table(names)


def _rows(observation: Mapping[str, Any]) -> list[tuple[Sequence[str], int]]:  # Any: JSON
    return [(tuple(labels), int(count)) for labels, count in observation.get("rows", ())]
