"""The algebra that identification computes in: formulas over bitmasks, each stored once.

A ``Factor`` is a function that the observational distribution determines. Where ``outs`` is not
empty the factor is a distribution of ``outs`` for every setting of the rest of its ``scope``, so
summing it over ``outs`` gives 1. These identities are used, all true for every distribution:

* a factor whose ``outs`` are summed and occur nowhere else sums to 1 and is dropped;
* factors without a summed variable stand outside the sum, so a sum splits into the groups that
  share summed variables;
* a factor that stands both above and below a fraction line cancels;
* leaves that follow each other join by the chain rule, and what is summed of one leaf only is left
  out of it.

Formulas are compared by identity: the algebra hands out the same object for the same formula, so
a comparison costs nothing however deep the formula is.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from causal_interface_gym.causal.bits import each_bit

__all__ = ["Algebra", "Factor", "Formula", "Leaf", "Ratio", "Total"]


class Leaf(NamedTuple):
    """P(outs | given) of the observational distribution, or of another source of data.

    What an experiment sets stands in ``given``; ``source`` numbers the distribution.
    """

    outs: int
    given: int
    source: int = 0


class Total(NamedTuple):
    """The sum over ``over`` of the product ``of``."""

    over: int
    of: tuple["Formula", ...]


class Ratio(NamedTuple):
    """The product ``above`` divided by the product ``below``."""

    above: tuple["Formula", ...]
    below: tuple["Formula", ...]


Formula = Leaf | Total | Ratio


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
        self._leaves: dict[tuple[int, int, int], Leaf] = {}
        self._scopes: dict[int, int] = {}

    def leaf(self, outs: int, given: int, source: int = 0) -> Factor:
        """Take a conditional of the distribution ``source``, 0 the observational one."""
        leaf = self._leaves.setdefault((outs, given, source), Leaf(outs, given, source))
        return Factor(outs, outs | given, leaf)

    def total(self, over: int, factors: Sequence[Factor]) -> list[Factor]:
        """Sum the product of ``factors`` over ``over``: the product of what is returned."""
        kept = self._cancelled(_without_ones(over, factors) if over else factors)
        result = [f for f in kept if not f.scope & over]
        waiting = self._marginalised(over, self._chained([f for f in kept if f.scope & over]))
        result += [f for f in waiting if not f.scope & over]
        waiting = [f for f in waiting if f.scope & over]
        while waiting:
            group, waiting = _group(over, waiting)
            scope = 0
            for factor in group:
                scope |= factor.scope
            made = Total(scope & over, tuple(f.formula for f in group))
            key = (made.over, *map(id, made.of))
            result.append(Factor(0, scope & ~over, self._once(key, made, scope & ~over)))
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
        scope = 0
        for factor in (*top, *bottom):
            scope |= factor.scope
        if len(top) == 1 and not bottom:
            return Factor(outs, scope, top[0].formula)
        made = Ratio(tuple(f.formula for f in top), tuple(f.formula for f in bottom))
        key = (len(top), *map(id, made.above), *map(id, made.below))
        return Factor(outs, scope, self._once(key, made, scope))

    def renamed(self, factor: Factor, names: Mapping[int, int]) -> Factor:
        """Call free variables by other names: bit ``v`` becomes bit ``names[v]``.

        What a sum binds keeps its name, so no new name may be one that a sum around it binds.
        """
        made: dict[tuple[int, int], Formula] = {}
        start = (factor.formula, sum(1 << v for v in names))
        todo = [start]
        while todo:
            formula, free = todo[-1]
            parts = [(part, free & ~_bound(formula)) for part in _parts(formula)]
            missing = [part for part in parts if (id(part[0]), part[1]) not in made]
            todo += missing
            if not missing:
                todo.pop()
                left = {v: names[v] for v in each_bit(free)}
                inside = tuple(made[id(part), rest] for part, rest in parts)
                made[id(formula), free] = self._renamed(formula, inside, left)
        scope = _moved(factor.scope, names)
        return Factor(_moved(factor.outs, names), scope, made[id(start[0]), start[1]])

    def _renamed(
        self, formula: Formula, parts: tuple[Formula, ...], names: Mapping[int, int]
    ) -> Formula:
        if isinstance(formula, Leaf):
            outs, given = _moved(formula.outs, names), _moved(formula.given, names)
            return self.leaf(outs, given, formula.source).formula
        scope = _moved(self._scopes[id(formula)], names)
        if isinstance(formula, Total):
            key: tuple[object, ...] = (formula.over, *map(id, parts))
            return self._once(key, Total(formula.over, parts), scope)
        n = len(formula.above)
        made = Ratio(parts[:n], parts[n:])
        return self._once((n, *map(id, parts)), made, scope)

    def _chained(self, factors: Sequence[Factor]) -> list[Factor]:
        """Join leaves of one source by the chain rule: P(a | g) P(b | a, g) is P(a, b | g)."""
        left: list[Factor] = []
        ends: dict[tuple[int, int], int] = {}
        for factor in factors:
            leaf = factor.formula
            if not isinstance(leaf, Leaf):
                left.append(factor)
                continue
            place = ends.pop((leaf.given, leaf.source), None)
            if place is None:
                place = len(left)
                left.append(factor)
            else:
                first = left[place]
                given = first.scope & ~first.outs
                left[place] = self.leaf(first.outs | leaf.outs, given, leaf.source)
            ends[leaf.outs | leaf.given, leaf.source] = place
        return left

    def _marginalised(self, over: int, factors: Sequence[Factor]) -> list[Factor]:
        """Sum out of a leaf what occurs nowhere else: P(a, b | g) becomes P(b | g)."""
        once = twice = 0
        for factor in factors:
            twice |= once & factor.scope
            once |= factor.scope
        left: list[Factor] = []
        for factor in factors:
            spare = factor.outs & over & ~twice
            if isinstance(factor.formula, Leaf) and spare:
                leaf = factor.formula
                left.append(self.leaf(factor.outs & ~spare, leaf.given, leaf.source))
            else:
                left.append(factor)
        return left

    def _cancelled(self, factors: Sequence[Factor]) -> list[Factor]:
        """Cancel what one factor divides by against a factor beside it."""
        left = list(factors)
        while pair := _divisor_beside(left):
            place, other = pair
            ratio, divisor = left[place].formula, left[other].formula
            above, below = ratio if isinstance(ratio, Ratio) else ((), ())
            left = [f for i, f in enumerate(left) if i not in pair]
            left += self._quotient(above, tuple(d for d in below if d is not divisor))
        return left

    def _quotient(self, above: tuple[Formula, ...], below: tuple[Formula, ...]) -> list[Factor]:
        tops = [Factor(0, self._scope(f), f) for f in above]
        if not below:
            return tops
        return [self.ratio(0, tops, [Factor(0, self._scope(f), f) for f in below])]

    def _scope(self, formula: Formula) -> int:
        """Give the variables that a formula depends on."""
        if isinstance(formula, Leaf):
            return formula.outs | formula.given
        return self._scopes[id(formula)]

    def _once(self, key: tuple[object, ...], made: Formula, scope: int) -> Formula:
        """Keep ``made`` unless the same was made before; the kept objects keep ids valid."""
        found = self._made.setdefault((type(made), *key), made)
        self._scopes[id(found)] = scope
        return found


def _parts(formula: Formula) -> tuple[Formula, ...]:
    match formula:
        case Leaf():
            return ()
        case Total():
            return formula.of
        case _:
            return formula.above + formula.below


def _bound(formula: Formula) -> int:
    return formula.over if isinstance(formula, Total) else 0


def _moved(mask: int, names: Mapping[int, int]) -> int:
    moved = 0
    for v in each_bit(mask):
        moved |= 1 << names.get(v, v)
    return moved


def _divisor_beside(factors: Sequence[Factor]) -> tuple[int, int] | None:
    """Find a quotient and a factor that it divides by: their places."""
    places = {id(f.formula): i for i, f in enumerate(factors)}
    for place, factor in enumerate(factors):
        if isinstance(factor.formula, Ratio):
            for divisor in factor.formula.below:
                if id(divisor) in places:
                    return place, places[id(divisor)]
    return None


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
