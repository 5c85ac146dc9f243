"""Seeing and doing: P(outcome | do, given) by elimination among the ancestors that matter.

The intervention removes the factors of what is set and slices its value into the children; what is
conditioned on is sliced too. Only ancestors, in the mutilated graph, of outcome and evidence take
part, because every other factor sums to one. Evidence holds after the action. Conditioning that
would need a ratio 0/0 inside is never formed: the numbers are products of table entries
(truncated factorisation, [pearl2009, eq. 3.10]), so zero-probability strata do no harm.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.bits import each_bit
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.inference.factor import Plan, contract, contract_scaled, plan
from causal_interface_gym.causal.mechanism import Mechanism
from causal_interface_gym.causal.query import Query, Stochastic

__all__ = [
    "Answer",
    "Compiled",
    "Model",
    "compiled_for",
    "fixed_values",
    "interventional_table",
    "normalised",
    "remember",
]

Floats = NDArray[np.float64]

_MOST_PLANS = 4096
_ALL = slice(None)
_TINY = 1e-200
"""Below this a product may have lost digits, and is computed again with rescaling."""


class Model(Protocol):
    """What the algorithms read of a structural causal model."""

    states: dict[str, tuple[str, ...]]
    mechanisms: dict[str, Mechanism]
    dag: ADMG
    plans: dict[object, object]

    def cpt(self, variable: str) -> Floats:
        """Give P(v | parents)."""
        ...

    def state(self, variable: str, label: str) -> int:
        """Give the number of a label."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """A conditional distribution: the axis of each outcome term, and P(given) for the zero check.

    ``p_given`` is exact unless it is so small that only its sign is known; then it ``is_tiny``.
    """

    table: Floats
    axes: tuple[int, ...]
    p_given: float
    is_tiny: bool = False


@dataclass(frozen=True, slots=True)
class Compiled:
    """A question up to its values: which tables to slice where, and the plan after that.

    ``names`` are the variables whose tables they are, "" for what is certain; a table that is
    drawn by an intervention is given by its name. No slice stands for the whole table.
    """

    names: tuple[str, ...]
    tables: tuple[Floats | str, ...]
    slices: tuple[tuple[int | None, ...], ...]
    steps: Plan
    axes: tuple[int, ...]


def interventional_table(model: Model, query: Query, limit: int) -> Answer:
    """Give the distribution of the outcome terms of a query in one world.

    Raises:
        WidthError: An intermediate table would pass ``limit`` cells.
    """
    values, draws = fixed_values(model, query)
    if values is None:
        return _impossible(model, query)
    compiled = compiled_for(model, query, frozenset(draws), limit)
    return _execute(compiled, values, draws, has_given=bool(query.given))


def fixed_values(model: Model, query: Query) -> tuple[dict[int, int] | None, dict[str, Floats]]:
    """Give the states that are set or known, None if they contradict each other, and the draws."""
    index = model.dag.index
    values: dict[int, int] = {}
    draws: dict[str, Floats] = {}
    for name, setting in query.do:
        if isinstance(setting, Stochastic):
            draws[name] = _draw(model, name, setting)
        else:
            values[index[name]] = model.state(name, str(setting))
    for term in query.given:
        state = model.state(term.variable, term.value or "")
        if values.setdefault(index[term.variable], state) != state:
            return None, draws
    return values, draws


def compiled_for(model: Model, query: Query, drawn: frozenset[str], limit: int) -> Compiled:
    """Give the plan of a question up to its values, made once for a model."""
    key = (
        tuple([t.variable for t in query.outcome]),
        tuple([name for name, _ in query.do]),
        tuple([name for name, _ in query.do if name in drawn]),
        tuple([t.variable for t in query.given]),
        limit,
    )
    compiled = model.plans.get(key)
    if not isinstance(compiled, Compiled):
        compiled = _compile(model, query, drawn, limit)
        remember(model, key, compiled)
    return compiled


def remember(model: Model, key: object, made: object) -> None:
    """Keep a plan with its model; when there are too many all are forgotten."""
    if len(model.plans) >= _MOST_PLANS:
        model.plans.clear()
    model.plans[key] = made


def _draw(model: Model, name: str, setting: Stochastic) -> Floats:
    chances: Floats = np.zeros(len(model.states[name]))
    for label, p in setting.probabilities:
        chances[model.state(name, label)] = p
    chances /= chances.sum()
    return chances


def _impossible(model: Model, query: Query) -> Answer:
    shape = [len(model.states[t.variable]) for t in query.outcome]
    return Answer(np.zeros(shape), tuple(range(len(shape))), 0.0)


class _Family(NamedTuple):
    """A variable's table, its axes, and the same as a set."""

    name: str
    table: Floats
    axes: tuple[int, ...]
    mask: int
    size: int


_FAMILIES = "families"
_WHOLE: tuple[int | None, ...] = ()
"""The slice of a table that is taken whole."""


def _families(model: Model) -> list[_Family]:
    """Give all tables with their axes, in topological order; listed once for a model."""
    known = model.plans.get(_FAMILIES)
    if isinstance(known, list):
        return known
    index = model.dag.index
    found: list[_Family] = []
    for name, v in index.items():
        axes = (*[index[p] for p in model.mechanisms[name].parents], v)
        mask = sum(1 << a for a in axes)
        found.append(_Family(name, model.cpt(name), axes, mask, len(model.states[name])))
    remember(model, _FAMILIES, found)
    return found


def _mask(index: Mapping[str, int], names: Iterable[str]) -> int:
    mask = 0
    for name in names:
        mask |= 1 << index[name]
    return mask


def _compile(model: Model, query: Query, drawn: frozenset[str], limit: int) -> Compiled:
    """Slice and plan for given names; values come later, so that the work serves all of them."""
    dag = model.dag
    index = dag.index
    action = _mask(index, [name for name, _ in query.do])
    chance = _mask(index, drawn)
    known = _mask(index, [term.variable for term in query.given])
    fixed = action & ~chance | known
    targets = [index[t.variable] for t in query.outcome]
    start = known | _mask(index, [term.variable for term in query.outcome])
    relevant = dag.bits.ancestors(start & ~action, within=~action)
    if chance:
        relevant |= chance & (start | dag.bits.parents_of(relevant))
    families = _families(model)
    names, tables, slices, scopes, sizes = [], list[Floats | str](), [], [], {}
    for v in each_bit(relevant):
        name, table, axes, mask, sizes[v] = families[v]
        names.append(name)
        if chance >> v & 1:
            axes, mask = (v,), 1 << v
            tables.append(name)
        else:
            tables.append(table)
        if mask & fixed:
            slices.append(tuple([a if fixed >> a & 1 else None for a in axes]))
            scopes.append(tuple([a for a in axes if not fixed >> a & 1]))
        else:
            slices.append(_WHOLE)
            scopes.append(axes)
    kept = []
    for v in targets:
        place = v
        if fixed >> v & 1:  # an outcome that is set or known is certain
            place = len(dag.order) + len(tables)
            sizes[place] = families[v].size
            names.append("")
            tables.append(np.eye(sizes[place]))
            slices.append((v, None))
            scopes.append((place,))
        kept.append(place)
    keep = tuple(dict.fromkeys(kept))
    steps = plan(scopes, sizes, keep, limit=limit)
    places = tuple([keep.index(k) for k in kept])
    return Compiled(tuple(names), tuple(tables), tuple(slices), steps, places)


def _execute(
    compiled: Compiled, values: Mapping[int, int], draws: Mapping[str, Floats], *, has_given: bool
) -> Answer:
    factors = []
    for source, slots in zip(compiled.tables, compiled.slices, strict=True):
        table = draws[source] if isinstance(source, str) else source
        if slots:
            where = tuple([_ALL if s is None else values[s] for s in slots])
            table = table[where]
        factors.append(table)
    return normalised(compiled.steps, factors, compiled.axes, has_given=has_given)


def normalised(
    steps: Plan, factors: list[Floats], axes: tuple[int, ...], *, has_given: bool
) -> Answer:
    """Contract the factors and divide by what they sum to, the probability of the condition."""
    table = contract(steps, factors)
    if not has_given:
        return Answer(table, axes, 1.0)
    p_given = float(table.sum())
    if p_given > _TINY:
        return Answer(table / p_given, axes, p_given)
    scaled = contract_scaled(steps, factors)
    total = float(scaled.sum())
    return Answer(scaled, axes, total, is_tiny=total > 0)
