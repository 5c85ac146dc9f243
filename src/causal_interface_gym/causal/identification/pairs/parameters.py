"""Random models of a graph in which one hidden cause has many states.

Every bidirected edge has a hidden cause; the chosen one, ``wide``, has many states and may also be
the noise of a single variable. All tables are positive. The distribution of the wide cause is left
open: what any experiment shows is linear in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.mechanism import Mechanism, Table
from causal_interface_gym.causal.model import SCM

__all__ = ["Parameters", "draw_parameters"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Parameters:
    """Tables of a graph, for one population and those of its ``variants`` that differ.

    ``wide`` are the variables that read the wide cause, ``name`` is what it is called; tables have
    axes parents, hidden causes, own.
    """

    graph: ADMG
    states: Mapping[str, tuple[str, ...]]
    parents: Mapping[str, tuple[str, ...]]
    tables: Mapping[str, Floats]
    variants: Mapping[str, Mapping[str, Floats]]
    wide: tuple[str, ...]
    name: str
    hidden: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def n_wide(self) -> int:
        """States of the wide cause."""
        return self.hidden[self.name]

    def table(self, variable: str, domain: str) -> Floats:
        """Give P(variable | parents, hidden causes) in a population."""
        return self.variants.get(domain, {}).get(variable, self.tables[variable])

    def model(self, p_wide: Floats, domain: str = "") -> SCM:
        """Build the model in which the wide cause has this distribution."""
        mechanisms: dict[str, Mechanism] = {
            u: Table((), p_wide if u == self.name else np.full(n, 1 / n))
            for u, n in self.hidden.items()
        }
        for v in self.graph.order:
            mechanisms[v] = Table(self.parents[v], self.table(v, domain), "independent")
        states = {u: tuple(str(i) for i in range(n)) for u, n in self.hidden.items()}
        return SCM({**states, **self.states}, mechanisms, self.hidden)


def draw_parameters(
    graph: ADMG,
    states: Mapping[str, tuple[str, ...]],
    wide: tuple[str, ...],
    differing: Mapping[str, Sequence[str]],
    *,
    n_wide: int,
    n_hidden: int,
    rng: np.random.Generator,
) -> Parameters:
    """Draw every table; ``differing`` names the variables with another one in a population."""
    hidden: dict[str, int] = {}
    parents = {v: [*graph.names(graph.bits.parents[graph.index[v]])] for v in graph.order}
    edges = [edge for edge in graph.bidirected if set(edge) != set(wide)]
    for readers, size in [*((edge, n_hidden) for edge in edges), (wide, n_wide)]:
        name = _new_name(graph, len(hidden))
        hidden[name] = size
        for v in readers:
            parents[v].append(name)
    sizes = {**{v: len(labels) for v, labels in states.items()}, **hidden}
    shapes = {v: tuple(sizes[p] for p in (*parents[v], v)) for v in graph.order}
    return Parameters(
        graph=graph,
        states=states,
        parents={v: tuple(names) for v, names in parents.items()},
        tables={v: _rows(rng, shape) for v, shape in shapes.items()},
        variants={d: {v: _rows(rng, shapes[v]) for v in names} for d, names in differing.items()},
        wide=wide,
        name=[*hidden][-1],
        hidden=hidden,
    )


def _rows(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    rows = rng.uniform(0.05, 1.0, shape)
    found: Floats = rows / rows.sum(axis=-1, keepdims=True)
    return found


def _new_name(graph: ADMG, count: int) -> str:
    name = f"U{count + 1}"
    while name in graph.index:
        name = f"U_{name[1:]}"
    return name
