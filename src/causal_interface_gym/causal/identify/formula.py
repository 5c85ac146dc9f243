"""The algebra that identification computes in: formulas over bitmasks, each stored once.

A ``Factor`` is a function that the observational distribution determines. Where ``outs`` is not
empty the factor is a distribution of ``outs`` for every setting of the rest of its ``scope``, so
summing it over ``outs`` gives 1. Three identities are used, all true for every distribution:

* a factor whose ``outs`` are summed and occur nowhere else sums to 1 and is dropped;
* factors without a summed variable stand outside the sum, so a sum splits into the groups that
  share summed variables;
* a factor that stands both above and below a fraction line cancels.

Formulas are compared by identity: the algebra hands out the same object for the same formula, so
a comparison costs nothing however deep the formula is.
"""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

__all__ = ["Algebra", "Factor", "Formula", "Leaf", "Ratio", "Total"]


class Leaf(NamedTuple):
    """P(outs | given) of the observational distribution."""

    outs: int
    given: int


class Total(NamedTuple):
    """The sum over ``over`` of the product ``of``."""

    over: int
    of: tuple["Formula", ...]


class Ratio(NamedTuple):
    """The product ``above`` divided by the product ``below``."""

    above: tuple["Formula", ...]
    below: tuple["Formula", ...]


Formula = Leaf | Total | Ratio
_Made = TypeVar("_Made", Total, Ratio)


class Factor(NamedTuple):
    """A formula, the variables it is a distribution of (if any) and all it depends on."""

    outs: int
    scope: int
    formula: Formula


class Algebra:
    """Makes formulas; equal ones are made once."""

    def __init__(self) -> None:
        """Start with no formulas."""
        self._made: dict[tuple[object, ...], Formula] = {}

    def total(self, over: int, factors: Sequence[Factor]) -> list[Factor]:
        """Sum the product of ``factors`` over ``over``: the product of what is returned."""
        if not over:
            return list(factors)
        kept = _without_ones(over, factors)
        result = [f for f in kept if not f.scope & over]
        waiting = [f for f in kept if f.scope & over]
        while waiting:
            group, waiting = _group(over, waiting)
            scope = 0
            for factor in group:
                scope |= factor.scope
            made = Total(scope & over, tuple(f.formula for f in group))
            key = (made.over, *map(id, made.of))
            result.append(Factor(0, scope & ~over, self._once(key, made)))
        return result

    def ratio(self, outs: int, above: Sequence[Factor], below: Sequence[Factor]) -> Factor:
        """Divide two products into one distribution of ``outs``; common factors cancel."""
        top, bottom = list(above), []
        for factor in below:
            same = next((i for i, f in enumerate(top) if f.formula is factor.formula), None)
            if same is None:
                bottom.append(factor)
            else:
                del top[same]
        scope = outs
        for factor in (*top, *bottom):
            scope |= factor.scope
        if len(top) == 1 and not bottom:
            return Factor(outs, scope, top[0].formula)
        made = Ratio(tuple(f.formula for f in top), tuple(f.formula for f in bottom))
        key = (len(top), *map(id, made.above), *map(id, made.below))
        return Factor(outs, scope, self._once(key, made))

    def _once(self, key: tuple[object, ...], made: _Made) -> _Made:
        """Keep ``made`` unless the same was made before; the kept objects keep ids valid."""
        full = (type(made), *key)
        found = self._made.setdefault(full, made)
        return found if isinstance(found, type(made)) else made


def _without_ones(over: int, factors: Sequence[Factor]) -> list[Factor]:
    """Drop factors that sum to 1, last first, until none is left to drop."""
    kept = list(factors)
    found = True
    while found:
        found = False
        before = [0]
        for factor in kept:
            before.append(before[-1] | factor.scope)
        after = 0
        left: list[Factor] = []
        for place in range(len(kept) - 1, -1, -1):
            factor = kept[place]
            outs = factor.outs
            if outs and not outs & ~over and not outs & (before[place] | after):
                found = True
            else:
                after |= factor.scope
                left.append(factor)
        kept = left[::-1]
    return kept


def _group(over: int, waiting: list[Factor]) -> tuple[list[Factor], list[Factor]]:
    """Take the first factor and all that summed variables tie to it."""
    tied = waiting[0].scope & over
    while True:
        grown = tied
        for factor in waiting:
            if factor.scope & grown:
                grown |= factor.scope & over
        if grown == tied:
            break
        tied = grown
    group = [f for f in waiting if f.scope & tied]
    return group, [f for f in waiting if not f.scope & tied]
