"""Formulas within part of the data."""

from causal_interface_gym.causal.estimation.rewriting import conditioned, variables_in
from causal_interface_gym.causal.expression import (
    Constant,
    Fraction,
    Probability,
    Product,
    Sum,
)

SHARED = Probability(("Y",), ("X",))
FORMULA = Fraction(Sum(("Z",), Product((SHARED, SHARED, Probability(("Z",))))), Constant(2))


def test_every_probability_is_conditioned_and_shared_parts_stay_shared() -> None:
    inside = conditioned(FORMULA, "B")
    assert str(inside) == "(sum_{Z} P(Y | X, B) P(Y | X, B) P(Z | B)) / (2)"
    assert isinstance(inside, Fraction)
    assert isinstance(inside.numerator, Sum)
    assert isinstance(inside.numerator.of, Product)
    assert inside.numerator.of.factors[0] is inside.numerator.of.factors[1]


def test_all_variables_are_found() -> None:
    assert variables_in(FORMULA) == {"X", "Y", "Z"}
    assert variables_in(Sum(("W",), SHARED)) == {"W", "X", "Y"}
    assert variables_in(Constant(1)) == frozenset()
