"""What is known besides the graph: P(v) of the observed variables, and experiments on some.

Nothing is assumed about hidden causes but what the graph says: two nodes that a bidirected edge
joins may share one, and nodes that are all joined to each other may share one together.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.errors import ModelError, TableError, UnknownVariableError

__all__ = ["Experiment", "Knowledge", "distribution"]

Floats = NDArray[np.float64]

_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Experiment:
    """The distribution of all other variables for each setting of what is held.

    ``table`` has one axis a node in topological order; along those of ``do`` stand settings, and
    for each of them the rest sums to 1. No ``do`` at all is the observational P(v).
    """

    do: tuple[str, ...]
    table: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """A graph over finite variables, and the distributions that are known over them.

    Raises:
        ModelError: No distribution is given.
        TableError: A distribution has another shape than the states, is negative, or does not
            sum to 1.
        UnknownVariableError: A node without states, or a held variable outside the graph.
    """

    graph: ADMG
    states: dict[str, tuple[str, ...]]
    experiments: tuple[Experiment, ...]

    def __post_init__(self) -> None:
        """Check the distributions and make them read-only."""
        if not self.experiments:
            message = "bounds need a distribution to start from: P(v), or an experiment"
            raise ModelError(message)
        for name in self.graph.nodes:
            if name not in self.states:
                raise UnknownVariableError(name, self.states)
        checked = [_checked(self.graph, self.states, e) for e in self.experiments]
        object.__setattr__(self, "experiments", tuple(checked))

    @classmethod
    def from_tables(
        cls,
        graph: ADMG,
        states: Mapping[str, Sequence[str]],
        *,
        observational: object = None,
        experimental: Mapping[str | tuple[str, ...], object] | None = None,
    ) -> Self:
        """Build from arrays.

        Args:
            graph: The observed variables; hidden causes are bidirected edges.
            states: The labels of each.
            observational: P(v), one axis a node in the order of ``graph.order``; None if unknown.
            experimental: For what was held (a name, or several) an array of the same axes, whose
                numbers sum to 1 for each setting of what was held.
        """
        made = [] if observational is None else [Experiment((), np.array(observational, float))]
        for do, table in (experimental or {}).items():
            made.append(Experiment((do,) if isinstance(do, str) else do, np.array(table, float)))
        return cls(graph, {v: tuple(labels) for v, labels in states.items()}, tuple(made))

    @classmethod
    def from_model(
        cls, model: SCM, *, experiments: Iterable[Collection[str]] = (), observed: bool = True
    ) -> Self:
        """Keep of a model only what its observed variables show, and what experiments would.

        Args:
            model: Where the numbers come from; its mechanisms and latents are forgotten.
            experiments: Sets of variables that are held at each of their settings.
            observed: Whether P(v) is known.
        """
        sets: list[Collection[str]] = [()] if observed else []
        sets += experiments
        order = model.graph.order
        names = [model.graph.names(model.graph.mask(do)) for do in sets]
        made = [Experiment(do, distribution(model, order, do)) for do in names]
        return cls(model.graph, {v: model.states[v] for v in order}, tuple(made))

    def over(self, nodes: Collection[str]) -> "Knowledge":
        """Keep an ancestral set of nodes and sum the others out."""
        order = self.graph.order
        gone = {i for i, v in enumerate(order) if v not in nodes}
        made = []
        for e in self.experiments:
            # What is held outside has no effect on an ancestral set: any one setting will do.
            held = tuple(0 if i in gone and v in e.do else slice(None) for i, v in enumerate(order))
            left = [v for i, v in enumerate(order) if not (i in gone and v in e.do)]
            axes = tuple(i for i, v in enumerate(left) if v not in nodes)
            do = tuple(v for v in e.do if v in nodes)
            made.append(Experiment(do, e.table[held].sum(axis=axes)))
        states = {v: self.states[v] for v in order if v in nodes}
        return Knowledge(self.graph.subgraph([v for v in order if v in nodes]), states, tuple(made))


def distribution(model: SCM, order: Sequence[str], do: Collection[str]) -> Floats:
    """Give P(order without do | do) of a model, one axis a name in order, settings along ``do``."""
    held = [v for v in order if v in do]
    free = [v for v in order if v not in do]
    shape = [len(model.states[v]) for v in held]
    rows = [
        model.table(free, do={v: model.states[v][i] for v, i in zip(held, place, strict=True)})
        for place in np.ndindex(*shape)
    ]
    table = np.array(rows).reshape(*shape, *(len(model.states[v]) for v in free))
    return np.moveaxis(table, range(len(held)), [order.index(v) for v in held])


def _checked(graph: ADMG, states: Mapping[str, Sequence[str]], given: Experiment) -> Experiment:
    what = f"do({', '.join(given.do)})" if given.do else "P(v)"
    for name in given.do:
        graph.mask(name)
    shape = tuple(len(states[v]) for v in graph.order)
    if given.table.shape != shape:
        message = f"shape {given.table.shape}; over {list(graph.order)} it must be {shape}"
        raise TableError(what, message)
    axes = tuple(i for i, v in enumerate(graph.order) if v not in given.do)
    totals = given.table.sum(axis=axes, keepdims=True)
    if not (given.table >= 0).all() or not (np.abs(totals - 1) <= _TOLERANCE).all():
        message = "probabilities are numbers >= 0 that sum to 1 for each setting of what is held"
        raise TableError(what, message)
    table: Floats = given.table / totals
    table.setflags(write=False)
    return Experiment(given.do, table)
