"""One question put to thousands of parameter sets of one graph at once.

The plan of a question depends on names and sizes only, so tables may carry a leading axis, one
entry a parameter set; every step of the plan then works on all of them in one call.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.inference.elimination import (
    Compiled,
    Model,
    compiled_for,
    fixed_values,
)
from causal_interface_gym.causal.inference.factor import Plan
from causal_interface_gym.causal.mechanism import MAX_CELLS
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import ImpossibleEventError, QueryError, TableError

if TYPE_CHECKING:
    from types import EllipsisType

__all__ = ["batch_probability"]

Floats = NDArray[np.float64]

_TOLERANCE = 1e-9
_CELLS_AT_ONCE = 2**20
_TINY = 1e-200


def batch_probability(
    model: Model,
    query: str | Query,
    tables: Mapping[str, object],
    *,
    limit: int = MAX_CELLS,
) -> Floats:
    """Give the exact answer for each parameter set.

    Args:
        model: The graph, the states, and the tables of variables that are not in ``tables``.
        query: A question about one world, every variable with a value.
        tables: For some variables an array of shape (n, n_states of each parent, n_states).
        limit: Cells that an intermediate table of one parameter set may have.

    Returns:
        An array of shape (n,).

    >>> from causal_interface_gym.causal import SCM
    >>> coin = SCM.from_tables(states={"X": ("0", "1")}, tables={"X": [0.5, 0.5]})
    >>> batch_probability(coin, "X=1", {"X": [[1, 0], [0.25, 0.75]]}).tolist()
    [0.0, 0.75]

    Raises:
        ImpossibleEventError: The condition has probability 0 (or below 1e-200) in some set.
        QueryError: The question is counterfactual, or leaves a value open.
        TableError: A table has another shape, or a row is no distribution.
    """
    asked = _asked(model, query)
    batch = _batch(model, tables)
    n = len(next(iter(batch.values())))
    values, draws = fixed_values(model, asked)
    if values is None:
        raise ImpossibleEventError(", ".join(map(str, asked.given)))
    compiled = compiled_for(model, asked, frozenset(draws), limit)
    place: dict[int, int] = {}
    for axis, term in zip(compiled.axes, asked.outcome, strict=True):
        state = model.state(term.variable, term.value or "")
        if place.setdefault(axis, state) != state:
            return np.zeros(n)
    where = tuple([place[axis] for axis in sorted(place)])
    found = np.empty(n)
    at_once = max(1, _CELLS_AT_ONCE // compiled.steps.largest)
    for start in range(0, n, at_once):
        part = slice(start, start + at_once)
        answer = _answers(compiled, {v: t[part] for v, t in batch.items()}, values, draws)
        found[part] = _share(answer, where, asked)
    return np.minimum(found, 1.0)


def _share(answer: Floats, where: tuple[int, ...], query: Query) -> Floats:
    """Take the wanted cell of each table, divided by its sum if something is given."""
    cell: tuple[EllipsisType | int, ...] = (..., *where)
    if not query.given:
        return np.asarray(answer[cell])
    total = answer.reshape(*answer.shape[: answer.ndim - len(where)], -1).sum(axis=-1)
    if (total <= _TINY).any():
        raise ImpossibleEventError(", ".join(map(str, query.given)))
    return np.asarray(answer[cell] / total)


def _asked(model: Model, query: str | Query) -> Query:
    """Refuse what has no plan, and unknown names."""
    asked = Query.parse(query) if isinstance(query, str) else query
    if asked.is_symbolic or asked.is_counterfactual:
        message = f"a batch answers questions about one world with all values given; got {asked}"
        raise QueryError(message)
    for term in asked.walk():
        model.state(term.variable, term.value or "")
    model.dag.mask(name for name, _ in asked.do)
    return asked


def _batch(model: Model, tables: Mapping[str, object]) -> dict[str, Floats]:
    """Refuse tables that do not fit the model, or each other."""
    batch = {name: _checked(model, name, table) for name, table in tables.items()}
    sizes = {name: len(table) for name, table in batch.items()}
    if len(set(sizes.values())) != 1:
        message = f"all tables of a batch hold as many parameter sets; got {sizes}"
        raise TableError(", ".join(batch) or "batch", message)
    return batch


def _answers(
    compiled: Compiled,
    batch: Mapping[str, Floats],
    values: Mapping[int, int],
    draws: Mapping[str, Floats],
) -> Floats:
    """Slice the tables and contract; the result has a leading axis if the batch took part."""
    factors: list[tuple[Floats, bool]] = []
    parts = zip(compiled.names, compiled.tables, compiled.slices, strict=True)
    for name, source, slots in parts:
        inside = tuple([slice(None) if s is None else values[s] for s in slots])
        if isinstance(source, str):
            factors.append((draws[source][inside], False))
        elif name in batch:
            factors.append((batch[name][(slice(None), *inside)], True))
        else:
            factors.append((source[inside], False))
    return _contract(compiled.steps, factors)


def _contract(steps: Plan, factors: Sequence[tuple[Floats, bool]]) -> Floats:
    """Carry out a plan; the flag of a table says whether its first axis is that of the batch."""
    tables = [(_narrow(t, many), many) if steps.shape is not None else (t, many)
              for t, many in factors]  # fmt: skip
    for step in steps.steps:
        used = [tables[i] for i in step.operands]
        inputs, out = step.subscripts.split("->")
        any_many = any(many for _, many in used)
        scopes = [
            f"...{scope}" if many else scope
            for scope, (_, many) in zip(inputs.split(","), used, strict=True)
        ]
        subscripts = f"{','.join(scopes)}->{'...' if any_many else ''}{out}"
        tables.append((np.einsum(subscripts, *[t for t, _ in used]), any_many))
    last, many = tables[-1]
    if steps.shape is None:
        return last
    return last.reshape((*last.shape[: int(many)], *steps.shape))


def _narrow(table: Floats, many: bool) -> Floats:
    """Leave out axes of length 1, but not that of the batch."""
    first = table.shape[: int(many)]
    return table.reshape((*first, *(size for size in table.shape[int(many) :] if size > 1)))


def _checked(model: Model, name: str, table: object) -> Floats:
    shape = model.cpt(name).shape
    values = np.array(table, dtype=np.float64)
    if values.ndim != len(shape) + 1 or values.shape[1:] != shape:
        message = f"a batch of its tables has the shape (n, {', '.join(map(str, shape))})"
        raise TableError(name, f"{message}; got {values.shape}")
    totals = values.sum(axis=-1, keepdims=True)
    if not (values >= 0).all() or not (np.abs(totals - 1) <= _TOLERANCE).all():
        raise TableError(name, "every row is numbers >= 0 that sum to 1")
    return np.asarray(values / totals)
