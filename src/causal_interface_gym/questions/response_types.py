"""The ends of an interval a second time: every response function written out, one programme an end.

It shares no code with ``causal.bounds``. Variables with a hidden cause get one joint choice of
response functions, the unknown; all others get theirs by lot from their tables. Each unit is
evaluated by plain recursion in every world that is asked about, so what is seen and what is asked
are sums over columns. It covers graphs in which all hidden causes join one group of variables, each
with each.

Source: [balke1994], [charnes1962] for fractions.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import prod
from typing import Final

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.enumeration import enumerate_joint
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query, Setting, Settings, Term
from causal_interface_gym.errors import InferenceError, QueryError

__all__ = ["MAX_UNITS", "interval_by_types"]

MAX_UNITS: Final = 20_000
"""Units that are evaluated at most: columns times settings of what is not confounded."""

_KEPT: Final = 256
_FINEST: Final = 1e-10

Floats = NDArray[np.float64]
Response = Mapping[tuple[int, ...], int]
Unit = Mapping[str, Response]


@lru_cache(maxsize=_KEPT)
def interval_by_types(
    model: SCM, query: Query, experiments: tuple[str, ...] = ()
) -> tuple[float, float]:
    """Give the least and the most that a query can be, by what a model shows.

    Raises:
        QueryError: The graph has two groups of confounded variables, or the units are too many.
        InferenceError: The programme has no solution.
    """
    case = _Case.of(model, query, experiments)
    rows, values = case.shown()
    above = case.mean((*query.outcome, *query.given), query.do)
    below = case.mean(query.given, query.do) if query.given else np.ones(len(above))
    # With t = 1 / (below @ q) and y = t q a ratio is linear: rows @ y = t values, below @ y = 1.
    wide = np.vstack([np.hstack([rows, -values[:, None]]), [*below, 0.0]])
    goal = np.zeros(len(wide))
    goal[-1] = 1.0
    costs = np.append(above, 0.0)
    return _least(costs, wide, goal), -_least(-costs, wide, goal)


def _least(costs: Floats, rows: Floats, values: Floats) -> float:
    # Loaded when used: importing the package stays fast.
    from scipy.optimize import linprog  # noqa: PLC0415

    found = linprog(
        costs,
        A_eq=rows,
        b_eq=values,
        bounds=(0, None),
        method="highs-ds",
        options={"primal_feasibility_tolerance": _FINEST, "dual_feasibility_tolerance": _FINEST},
    )
    if found.status:
        message = f"the programme over response functions has no solution: {found.message}"
        raise InferenceError(message)
    return float(found.fun)


@dataclass(frozen=True, slots=True, eq=False)
class _Case:
    """The columns (joint responses of the confounded) and the weighted rest of each unit."""

    model: SCM
    parents: Mapping[str, tuple[str, ...]]
    columns: tuple[Unit, ...]
    rest: tuple[tuple[float, Unit], ...]
    experiments: tuple[str, ...]

    @classmethod
    def of(cls, model: SCM, query: Query, experiments: tuple[str, ...]) -> "_Case":
        """Keep what the query and the experiments depend on, and list its response functions."""
        graph = model.graph
        names = [v for v in graph.order if v in graph.ancestors({*query.variables, *experiments})]
        members = [v for v in names if graph.spouses(v) & set(names)]
        parents = {v: tuple(p for p in names if p in graph.parents(v)) for v in names}
        free = [v for v in names if v not in members]
        for v in members:
            if not graph.spouses(v) | {v} >= set(members):
                message = f"not all of {', '.join(members)} share a hidden cause with each other"
                raise QueryError(message)
        if query.is_counterfactual and any(parents[v] for v in free):
            message = f"{query} compares worlds, and a mechanism without hidden causes is open"
            raise QueryError(message)
        size = {v: len(model.states[v]) for v in names}
        counts = [size[v] ** prod(size[p] for p in parents[v]) for v in names]
        if prod(counts) > MAX_UNITS:
            message = f"{query} has {prod(counts)} units and {MAX_UNITS} is the limit"
            raise QueryError(message)
        each = {v: _responses(size[v], [size[p] for p in parents[v]]) for v in names}
        columns = tuple(_units(members, each))
        rest = tuple(_weighted(model, parents, _units(free, each)))
        return cls(model, parents, columns, rest, experiments)

    def shown(self) -> tuple[Floats, Floats]:
        """Give what is known: one row a cell of P(v), and of each experiment."""
        rows: list[Floats] = []
        values: list[float] = []
        held: list[Settings] = [()]
        held += [((v, label),) for v in self.experiments for label in self.model.states[v]]
        for do in held:
            free = [v for v in self.parents if v not in dict(do)]
            chances = _joint(self.model, free, do)
            for cell in product(*(self.model.states[v] for v in free)):
                rows.append(self.mean([Term(v, s) for v, s in zip(free, cell, strict=True)], do))
                values.append(chances[cell])
        return np.array(rows), np.array(values)

    def mean(self, terms: Sequence[Term], do: Settings) -> Floats:
        """Give, for each column, how likely it is that all terms hold."""
        return np.array(
            [
                sum(w * self._holds(terms, do, {**column, **unit}) for w, unit in self.rest)
                for column in self.columns
            ]
        )

    def _holds(self, terms: Sequence[Term], do: Settings, unit: Unit) -> bool:
        return all(
            self._value(t.variable, {**dict(do), **dict(t.do)}, do, unit)
            == self.model.states[t.variable].index(str(t.value))
            for t in terms
        )

    def _value(self, v: str, world: Mapping[str, Setting], do: Settings, unit: Unit) -> int:
        setting = world.get(v)
        if isinstance(setting, Term):
            inner = {**dict(do), **dict(setting.do)}
            return self._value(setting.variable, inner, do, unit)
        if setting is not None:
            return self.model.states[v].index(str(setting))
        return unit[v][tuple(self._value(p, world, do, unit) for p in self.parents[v])]


def _responses(n_states: int, sizes: Sequence[int]) -> list[Response]:
    """List every function from the settings of the parents to a state."""
    settings = list(product(*(range(size) for size in sizes)))
    answers = product(range(n_states), repeat=len(settings))
    return [dict(zip(settings, answer, strict=True)) for answer in answers]


def _units(names: Sequence[str], each: Mapping[str, Sequence[Response]]) -> Iterator[Unit]:
    for choice in product(*(each[v] for v in names)):
        yield dict(zip(names, choice, strict=True))


def _weighted(
    model: SCM, parents: Mapping[str, tuple[str, ...]], units: Iterator[Unit]
) -> Iterator[tuple[float, Unit]]:
    """Multiply, for each variable of a unit, its chances at all settings of its parents."""
    known: dict[str, Mapping[tuple[str, ...], float]] = {}
    for unit in units:
        weight = 1.0
        for v, response in unit.items():
            own = known.setdefault(v, _joint(model, [*parents[v], v], ()))
            for place, state in response.items():
                above = [model.states[p][i] for p, i in zip(parents[v], place, strict=True)]
                total = sum(own[*above, label] for label in model.states[v])
                # A setting that never occurs leaves the response free; any choice will do.
                share = own[*above, model.states[v][state]] / total if total > 0 else state == 0
                weight *= share
        if weight > 0:
            yield weight, unit


def _joint(model: SCM, names: Sequence[str], do: Settings) -> Mapping[tuple[str, ...], float]:
    """Sum the product of all tables down to some names, by cell."""
    joint = enumerate_joint(model, do={v: str(label) for v, label in do})
    gone = tuple(i for i, v in enumerate(model.nodes) if v not in names)
    kept = [v for v in model.nodes if v in names]
    table = joint.sum(axis=gone).transpose([kept.index(v) for v in names])
    cells = product(*(model.states[v] for v in names))
    return dict(zip(cells, table.ravel().tolist(), strict=True))
