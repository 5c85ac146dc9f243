"""All marginals at once: P(v | do, given) for every variable in one pass up and one down.

The probability of the evidence is a contraction of all tables to one number, and it is linear in
each of them. Its derivative by a table, times the table, is the joint of that family with the
evidence. So the contraction is carried out once, keeping what arises on the way, and then
differentiated backwards, step by step, at a few times the cost of one question.

Source: [darwiche2003].
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.bits import each_bit
from causal_interface_gym.causal.inference.elimination import (
    Model,
    fixed_values,
    interventional_table,
    remember,
)
from causal_interface_gym.causal.inference.factor import Plan, plan
from causal_interface_gym.causal.query import Query, Term

__all__ = ["all_marginals"]

Floats = NDArray[np.float64]

_TINY = 1e-200


@dataclass(frozen=True, slots=True)
class _Tree:
    """A question without outcome, up to its values: tables, slices, the plan and its reverse."""

    names: tuple[str, ...]
    scopes: tuple[tuple[int, ...], ...]
    steps: Plan
    reverse: tuple[tuple[tuple[int, str, tuple[int, ...]], ...], ...]
    """For each step and operand its number, the einsum of its derivative, and letters to widen."""


def all_marginals(model: Model, query: Query, *, limit: int) -> tuple[dict[str, Floats], float]:
    """Give the distribution of every variable under the query's do and given.

    The query's own outcome does not matter. The second number is P(given), 0 if it cannot happen.

    Raises:
        WidthError: An intermediate table would pass ``limit`` cells.
    """
    values, draws = fixed_values(model, query)
    if values is None:
        return {}, 0.0
    certain = {v: np.eye(len(model.states[v]))[values[i]]
               for v, i in model.dag.index.items() if i in values}  # fmt: skip
    if len(dict(query.do)) - len(draws) == len(model.states):
        return certain, 1.0  # nothing is left to chance
    tree = _tree_of(model, query, frozenset(draws), limit)
    tables = []
    for name, scope in zip(tree.names, tree.scopes, strict=True):
        table = draws[name] if name in draws else model.cpt(name)
        tables.append(table[tuple([values.get(v, slice(None)) for v in scope])].squeeze())
    kept = list(tables)
    for step in tree.steps.steps:
        kept.append(np.einsum(step.subscripts, *[kept[i] for i in step.operands]))
    p_given = float(kept[-1])
    if p_given <= _TINY:
        return _one_by_one(model, query, limit)
    derivatives = _backwards(tree, kept)
    found: dict[str, Floats] = {}
    places = {name: i for i, name in enumerate(tree.names)}
    for name in model.dag.order:
        if name in certain:
            found[name] = certain[name]
        elif len(model.states[name]) == 1:
            found[name] = np.ones(1)
        else:
            i = places[name]
            joint = tables[i] * derivatives[i]
            own = joint.sum(axis=tuple(range(joint.ndim - 1)))
            found[name] = own / own.sum()
    return found, p_given


def _one_by_one(model: Model, query: Query, limit: int) -> tuple[dict[str, Floats], float]:
    """Ask for each variable where the evidence is too rare for plain floats."""
    found: dict[str, Floats] = {}
    p_given = 0.0
    for name in model.dag.order:
        answer = interventional_table(model, Query((Term(name),), query.given, query.do), limit)
        found[name], p_given = answer.table, answer.p_given
    return found, p_given


def _tree_of(model: Model, query: Query, drawn: frozenset[str], limit: int) -> _Tree:
    """Give the plan, made once for a model and the names that are set and known."""
    do = frozenset(name for name, _ in query.do)
    known = frozenset(t.variable for t in query.given)
    key = ("marginals", do, drawn, known, limit)
    tree = model.plans.get(key)
    if not isinstance(tree, _Tree):
        tree = _plan_tree(model, do, drawn, known, limit)
        remember(model, key, tree)
    return tree


def _plan_tree(
    model: Model, do: frozenset[str], drawn: frozenset[str], known: frozenset[str], limit: int
) -> _Tree:
    dag = model.dag
    names, scopes, open_scopes = [], [], []
    sizes = {v: len(model.states[name]) for v, name in enumerate(dag.order)}
    fixed = dag.mask(known | (do - drawn))
    for v in each_bit(dag.bits.all & ~dag.mask(do - drawn)):
        name = dag.order[v]
        parents = () if name in drawn else model.mechanisms[name].parents
        scope = (*[dag.index[p] for p in parents], v)
        names.append(name)
        scopes.append(scope)
        open_scopes.append(tuple([u for u in scope if not fixed >> u & 1 and sizes[u] > 1]))
    steps = plan(open_scopes, sizes, (), limit=limit)
    reverse = tuple([_reversed(step.operands, step.subscripts) for step in steps.steps])
    return _Tree(tuple(names), tuple(scopes), steps, reverse)


def _reversed(
    operands: Sequence[int], subscripts: str
) -> tuple[tuple[int, str, tuple[int, ...]], ...]:
    """Write the einsum of the derivative by each operand: all others, and that by the result."""
    inputs, out = subscripts.split("->")
    scopes = inputs.split(",")
    found = []
    for i, number in enumerate(operands):
        others = [s for j, s in enumerate(scopes) if j != i]
        present = set(out).union(*others)
        inside = "".join(letter for letter in scopes[i] if letter in present)
        widen = tuple([k for k, letter in enumerate(scopes[i]) if letter not in present])
        found.append((number, f"{','.join([out, *others])}->{inside}", widen))
    return tuple(found)


def _backwards(tree: _Tree, kept: Sequence[Floats]) -> dict[int, Floats]:
    """Differentiate the last number by every table, from the last step to the first."""
    derivatives: dict[int, Floats] = {len(kept) - 1: np.ones(())}
    first = len(tree.names)
    for place in reversed(range(len(tree.steps.steps))):
        step = tree.steps.steps[place]
        above = derivatives[first + place]
        for i, (number, subscripts, widen) in enumerate(tree.reverse[place]):
            others = [kept[n] for j, n in enumerate(step.operands) if j != i]
            found = np.einsum(subscripts, above, *others)
            # A variable that no other table holds was summed out: every state counts alike.
            derivatives[number] = np.expand_dims(found, widen) if widen else found
    return derivatives
