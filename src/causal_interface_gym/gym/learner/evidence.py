"""What was done and what came of it, as a learner takes it: a design, and counts of rows."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.errors import UnknownStateError, UnknownVariableError
from causal_interface_gym.gym.action import Intervene, Observe, parse_action
from causal_interface_gym.gym.episode import Event

__all__ = ["Design", "Evidence", "States", "cells_with", "evidence_of"]

Pairs = tuple[tuple[str, str], ...]
States = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Design:
    """How a row is drawn: with variables set by force, or as the world is.

    Of rows in which ``where`` fails nothing is shown but that it failed.
    """

    do: Pairs = ()
    where: Pairs = ()

    def __str__(self) -> str:
        """Show as an action."""
        if self.do:
            return f"do({', '.join(f'{name}={label}' for name, label in self.do)})"
        where = ", ".join(f"{name}={label}" for name, label in self.where)
        return f"observe where {where}" if where else "observe"


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Rows drawn by a design.

    ``counts`` has an axis for each variable, in the learner's order; ``n_outside`` rows are known
    only to have failed the design's ``where``.
    """

    design: Design
    counts: NDArray[np.float64]
    n_outside: int = 0

    @property
    def n(self) -> int:
        """The number of rows drawn."""
        return int(self.counts.sum()) + self.n_outside


def cells_with(states: States, name: str, label: str) -> NDArray[np.bool_]:
    """Say in which cells of a row a variable has a state; size 1 on all other axes.

    Raises:
        UnknownVariableError: No such variable.
        UnknownStateError: The variable has no such state.
    """
    if name not in states:
        raise UnknownVariableError(name, states)
    if label not in states[name]:
        raise UnknownStateError(name, label, states[name])
    shape = [len(labels) if other == name else 1 for other, labels in states.items()]
    return np.array([own == label for own in states[name]]).reshape(shape)


def evidence_of(event: Event, states: States) -> tuple[Evidence, ...]:
    """Read the evidence in an event of a log; empty where it holds none.

    ``states`` gives the learner's variables in its order.
    """
    if event.observation["kind"] != "counts":
        return ()
    match parse_action(event.action):
        case Observe(n, where):
            design = Design((), where)
        case Intervene(settings, n):
            design = Design(settings)
        case _:
            return ()
    counts = np.zeros([len(labels) for labels in states.values()])
    shown = event.observation["variables"]
    for labels, count in event.observation["rows"]:
        row = dict(zip(shown, labels, strict=True))
        counts[tuple(states[name].index(row[name]) for name in states)] += count
    return (Evidence(design, counts, n - int(counts.sum())),)
