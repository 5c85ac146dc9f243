"""What estimation needs of a formula: its variables, and itself within part of the data."""

from dataclasses import replace
from typing import assert_never

from causal_interface_gym.causal.expression import (
    Constant,
    Expression,
    Fraction,
    Probability,
    Product,
    Sum,
)

__all__ = ["conditioned", "variables_in"]


def variables_in(expression: Expression) -> frozenset[str]:
    """Give all variables, those that a sum binds too.

    >>> sorted(variables_in(Sum(("Z",), Probability(("Y", "Z"), ("X",)))))
    ['X', 'Y', 'Z']
    """
    found: set[str] = set()
    todo, seen = [expression], {id(expression)}
    while todo:
        part = todo.pop()
        if isinstance(part, Probability):
            found.update(part.names)
        elif isinstance(part, Sum):
            found.update(part.over)
        inner = [p for p in _parts(part) if id(p) not in seen]
        seen.update(map(id, inner))
        todo += inner
    return frozenset(found)


def _parts(expression: Expression) -> tuple[Expression, ...]:
    match expression:
        case Sum():
            return (expression.of,)
        case Product():
            return expression.factors
        case Fraction():
            return (expression.numerator, expression.denominator)
        case _:
            return ()


def conditioned(expression: Expression, name: str) -> Expression:
    """Condition every probability of a formula on one more variable.

    >>> print(conditioned(Sum(("Z",), Probability(("Y", "Z"), ("X",))), "B"))
    sum_{Z} P(Y, Z | X, B)
    """
    known: dict[int, Expression] = {}

    def inside(part: Expression) -> Expression:
        """Parts are shared between formulas, so each is rewritten once."""
        if id(part) not in known:
            known[id(part)] = rewritten(part)
        return known[id(part)]

    def rewritten(part: Expression) -> Expression:
        match part:
            case Probability():
                return replace(part, given=(*part.given, name))
            case Sum():
                return Sum(part.over, inside(part.of))
            case Product():
                return Product(tuple(map(inside, part.factors)))
            case Fraction():
                return Fraction(inside(part.numerator), inside(part.denominator))
            case Constant():
                return part
            case _:
                assert_never(part)

    return inside(expression)
