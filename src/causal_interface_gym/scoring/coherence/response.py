"""Response functions: a graph's worlds spread out until every event is a set of corners.

A variable v with k states and parents that have s settings responds in one of k**s ways. One way
for every variable fixes every counterfactual, so a distribution over all combinations fixes every
probability of every world, and each probability is linear in it.

Source: [balke1994].
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Final

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.query import Query, Setting, Settings, Term

__all__ = ["MAX_RESPONSES", "ResponseSpace", "n_responses", "reads", "terms_in_worlds"]

MAX_RESPONSES: Final = 100_000
"""How many combinations of response functions are spread out at most."""

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def reads(graph: ADMG, terms: Sequence[Term]) -> frozenset[str]:
    """Give the variables whose responses decide whether the terms hold, each in its world.

    >>> sorted(reads(ADMG([("x", "m"), ("m", "y")]), [Term("y", "1", (("m", "0"),))]))
    ['y']
    """
    found: set[str] = set()
    todo = [(t.variable, t.do) for t in terms]
    done = set(todo)
    while todo:
        name, world = todo.pop()
        settings = dict(world)
        if name not in settings:
            found.add(name)
            new = [(parent, world) for parent in graph.parents(name)]
        else:
            setting = settings[name]
            new = [(name, setting.do)] if isinstance(setting, Term) else []
        todo += [place for place in new if place not in done]
        done.update(new)
    return frozenset(found)


def n_responses(graph: ADMG, states: Mapping[str, Sequence[str]], names: frozenset[str]) -> int:
    """Count the combinations of response functions of some variables, exactly."""
    return prod(_size(graph, states, v) for v in names)


@dataclass(frozen=True, eq=False)
class ResponseSpace:
    """All combinations of response functions of ``names``, one position each in every array."""

    graph: ADMG
    states: Mapping[str, tuple[str, ...]]
    names: frozenset[str]
    _responses: dict[str, Ints] = field(default_factory=dict)
    _worlds: dict[tuple[str, Settings], Ints] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Number the combinations."""
        rest = np.arange(n_responses(self.graph, self.states, self.names))
        for v in sorted(self.names):
            size = _size(self.graph, self.states, v)
            self._responses[v] = rest % size
            rest = rest // size

    def holds(self, terms: Sequence[Term]) -> Bools:
        """Say in which combinations all terms hold, each in its own world."""
        found = np.ones(n_responses(self.graph, self.states, self.names), dtype=bool)
        for term in terms:
            state = self.states[term.variable].index(str(term.value))
            found &= self._value(term.variable, term.do) == state
        return found

    def _value(self, v: str, world: Settings) -> Ints:
        key = v, world
        if key not in self._worlds:
            settings = dict(world)
            in_world = self._set(v, settings[v]) if v in settings else self._respond(v, world)
            self._worlds[key] = in_world
        return self._worlds[key]

    def _set(self, v: str, setting: Setting) -> Ints:
        if isinstance(setting, Term):
            return self._value(v, setting.do)
        return np.array(self.states[v].index(str(setting)))

    def _respond(self, v: str, world: Settings) -> Ints:
        parents = sorted(self.graph.parents(v))
        size = len(self.states[v])
        setting: Ints = np.array(0)
        for parent in parents:
            setting = setting * len(self.states[parent]) + self._value(parent, world)
        return self._responses[v] // size**setting % size


def _size(graph: ADMG, states: Mapping[str, Sequence[str]], v: str) -> int:
    n_settings = prod(len(states[p]) for p in graph.parents(v))
    return int(len(states[v]) ** n_settings)


def terms_in_worlds(query: Query, terms: Sequence[Term]) -> tuple[Term, ...]:
    """Give terms of a canonical query with its intervention in each of their worlds."""
    return tuple(Term(t.variable, t.value, t.do or query.do) for t in terms)
