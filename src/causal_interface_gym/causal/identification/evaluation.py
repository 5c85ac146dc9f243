"""Numbers for a formula over an exact joint distribution, and which of them are undefined.

A conditional on a stratum of probability 0 is undefined, and so is a quotient by 0. A product with
a factor 0 is 0 whatever its other factors are; a sum with an undefined term is undefined. What
comes out defined is right: the formula holds for every positive distribution of the graph, the
given one is a limit of such, every factor is a probability and so bounded, and every denominator
in use is positive and so continuous.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from inspect import signature
from itertools import product
from typing import Protocol, assert_never, cast

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.expression import (
    Constant,
    Expression,
    Fraction,
    Probability,
    Product,
    Sum,
    Symbol,
    free_variables,
)
from causal_interface_gym.causal.inference.factor import contract, plan
from causal_interface_gym.causal.syntax import quoted
from causal_interface_gym.errors import QueryError

__all__ = ["Evidence", "Joint", "Laboratory", "Numbers", "Partial", "undefined_stratum"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Joint(Protocol):
    """A distribution that formulas are evaluated in: a model, or relative frequencies."""

    @property
    def states(self) -> Mapping[str, Sequence[str]]:
        """The labels of each variable."""

    def table(self, names: Sequence[str]) -> Floats:
        """Give the joint distribution of ``names``, one axis a name, in order."""


class Laboratory(Protocol):
    """A source that can also be experimented with; a model is one."""

    def table(self, names: Sequence[str], *, do: Mapping[str, str]) -> Floats:
        """Give the joint distribution of ``names`` after setting ``do``."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All data that a formula may ask for: one joint a domain, and what its symbols stand for."""

    domains: Mapping[str, Joint]
    symbols: Mapping[str, Symbol] = field(default_factory=dict)

    def labels(self, name: str) -> tuple[str, ...]:
        """Give the labels of a variable, or of what a symbol stands for."""
        variable = self.variable(name)
        return tuple(next(j.states[variable] for j in self._known() if variable in j.states))

    def has(self, name: str) -> bool:
        """Tell whether some domain knows the variable."""
        return any(self.variable(name) in joint.states for joint in self._known())

    def variable(self, name: str) -> str:
        """Give the variable that a symbol stands for."""
        return self.symbols[name].variable if name in self.symbols else name

    def joint(self, leaf: Probability) -> Floats:
        """Give the joint distribution of outcome and given, then one axis for each thing set.

        Raises:
            QueryError: No data are given for the domain of the leaf, or no experiments.
        """
        joint = self.domains.get(leaf.domain)
        if joint is None:
            known = ", ".join(map(repr, self.domains))
            message = f"the formula needs data from {leaf.domain!r}; data are given for {known}"
            raise QueryError(message)
        names = [self.variable(n) for n in leaf.outcome + leaf.given]
        if not leaf.do:
            return np.asarray(joint.table(names), dtype=np.float64)
        return _experiments(joint, names, [self.variable(n) for n in leaf.do])

    def _known(self) -> list[Joint]:
        return list(self.domains.values())


def _experiments(joint: Joint, names: list[str], do: list[str]) -> Floats:
    """Run an experiment for every setting of ``do``.

    Raises:
        QueryError: The data are of observation only.
    """
    if "do" not in signature(joint.table).parameters:
        message = (
            f"the formula needs experiments that set {', '.join(map(quoted, do))}; give data with "
            "table(names, do={...}), such as a model"
        )
        raise QueryError(message)
    laboratory = cast("Laboratory", joint)
    labels = [tuple(joint.states[v]) for v in do]
    tables = [
        np.asarray(laboratory.table(names, do=dict(zip(do, setting, strict=True))), np.float64)
        for setting in product(*labels)
    ]
    stacked = np.stack(tables, axis=-1)
    shape = (*stacked.shape[:-1], *(len(known) for known in labels))
    found: Floats = stacked.reshape(shape)
    return found


@dataclass(frozen=True, slots=True)
class Partial:
    """A table with one axis a variable; where ``undefined`` holds, the number is 0 and void."""

    axes: tuple[str, ...]
    values: Floats
    undefined: Bools

    def spread(self, axes: Sequence[str]) -> "Partial":
        """Give the same table with all of ``axes``, in that order; new ones have length 1."""
        order = [self.axes.index(a) for a in axes if a in self.axes]
        shape = [self.values.shape[self.axes.index(a)] if a in self.axes else 1 for a in axes]
        return Partial(
            tuple(axes),
            self.values.transpose(order).reshape(shape),
            self.undefined.transpose(order).reshape(shape),
        )


@dataclass(slots=True)
class Numbers:
    """Evaluates formulas on ``evidence``; ``fixed`` gives some free names a state number."""

    evidence: Evidence
    fixed: Mapping[str, int]
    tables: dict[Probability, Partial] = field(default_factory=dict)
    _known: dict[tuple[int, frozenset[str]], Partial] = field(default_factory=dict)

    def of(self, expression: Expression, bound: frozenset[str] = frozenset()) -> Partial:
        """Evaluate; variables in ``bound`` are those of sums around, and not fixed.

        Formulas share parts, so each part is evaluated once per scope.
        """
        bound = bound.intersection(self.fixed)
        key = (id(expression), bound)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._evaluate(expression, bound)
        return found

    def _evaluate(self, expression: Expression, bound: frozenset[str]) -> Partial:
        match expression:
            case Probability():
                return self._leaf(expression, bound)
            case Sum():
                inside = bound | frozenset(expression.over)
                of = expression.of
                factors = of.factors if isinstance(of, Product) else (of,)
                return self._contract([self.of(f, inside) for f in factors], expression.over)
            case Product():
                return self._contract([self.of(f, bound) for f in expression.factors], ())
            case Fraction():
                above = self.of(expression.numerator, bound)
                return _divided(above, self.of(expression.denominator, bound))
            case Constant():
                return _everywhere((), np.array(float(expression.value)))
            case _:
                assert_never(expression)

    def _leaf(self, leaf: Probability, bound: frozenset[str]) -> Partial:
        whole = self.tables.get(leaf)
        if whole is None:
            names = leaf.names
            joint = self.evidence.joint(leaf)
            below = joint.sum(axis=tuple(range(len(leaf.outcome))), keepdims=True)
            whole = _everywhere(names, joint)
            if leaf.given:
                whole = _divided(whole, _everywhere(names, below))
            self.tables[leaf] = whole
        at = tuple(
            slice(None) if name in bound else self.fixed.get(name, slice(None))
            for name in whole.axes
        )
        axes = tuple(n for n, place in zip(whole.axes, at, strict=True) if isinstance(place, slice))
        return Partial(axes, whole.values[at], whole.undefined[at])

    def _contract(self, parts: list[Partial], over: Sequence[str]) -> Partial:
        """Multiply the parts and sum ``over`` out, never building more than elimination needs."""
        sizes = {a: n for p in parts for a, n in zip(p.axes, p.values.shape, strict=True)}
        for name in over:
            if name not in sizes:
                sizes[name] = len(self.evidence.labels(name))
                parts = [*parts, _everywhere((name,), np.ones(sizes[name]))]
        axes = tuple(a for a in sizes if a not in over)
        if not parts:
            return _everywhere((), np.ones(()))
        number = {name: i for i, name in enumerate(sizes)}
        steps = plan(
            [tuple(number[a] for a in p.axes) for p in parts],
            {number[a]: n for a, n in sizes.items()},
            tuple(number[a] for a in axes),
        )
        values = contract(steps, [p.values for p in parts])
        undefined = np.zeros(values.shape, dtype=bool)
        for i, part in enumerate(parts):
            if part.undefined.any():
                # Some term has this factor undefined and no other factor 0.
                alive = [(p.undefined | (p.values != 0)).astype(np.float64) for p in parts]
                alive[i] = part.undefined.astype(np.float64)
                undefined |= contract(steps, alive) > 0
        return Partial(axes, np.where(undefined, 0.0, values), undefined)


def _everywhere(axes: tuple[str, ...], values: Floats) -> Partial:
    """Wrap a table that is defined in every cell."""
    return Partial(axes, values, np.zeros(values.shape, dtype=bool))


def _divided(above: Partial, below: Partial) -> Partial:
    axes = tuple(dict.fromkeys((*above.axes, *below.axes)))
    top, bottom = above.spread(axes), below.spread(axes)
    undefined = top.undefined | bottom.undefined | (bottom.values <= 0)
    quotient = top.values / np.where(bottom.values > 0, bottom.values, 1.0)
    return Partial(axes, np.where(undefined, 0.0, quotient), undefined)


def undefined_stratum(expression: Expression, numbers: Numbers) -> str:
    """Name the first stratum of probability 0 that makes the formula undefined.

    Every free variable of the formula is fixed, and its number is undefined.
    """
    match expression:
        case Probability():
            return _stratum(expression.given + expression.do, numbers)
        case Sum():
            return undefined_stratum(expression.of, _undefined_term(expression, numbers))
        case Product():
            bad = [f for f in expression.factors if numbers.of(f).undefined]
            return undefined_stratum(bad[0], numbers)
        case Fraction():
            for part in (expression.numerator, expression.denominator):
                if numbers.of(part).undefined:
                    return undefined_stratum(part, numbers)
            return _stratum(sorted(free_variables(expression.denominator)), numbers)
        case Constant():
            return _stratum((), numbers)
        case _:
            assert_never(expression)


def _undefined_term(total: Sum, numbers: Numbers) -> Numbers:
    """Fix the summed variables, one after the other, so that the term stays undefined."""
    for place, name in enumerate(total.over, start=1):
        rest = Sum(total.over[place:], total.of)
        tries = [
            Numbers(numbers.evidence, {**numbers.fixed, name: state}, numbers.tables)
            for state in range(len(numbers.evidence.labels(name)))
        ]
        numbers = next(n for n in tries if n.of(rest).undefined)
    return numbers


def _stratum(names: Sequence[str], numbers: Numbers) -> str:
    known = numbers.evidence
    return ", ".join(
        f"{quoted(known.variable(n))}={quoted(known.labels(n)[numbers.fixed[n]])}" for n in names
    )
