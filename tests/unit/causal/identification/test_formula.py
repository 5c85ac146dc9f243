"""The algebra of formulas: what sums to 1, cancels, joins, and is made once."""

from causal_interface_gym.causal.identification.formula import Algebra, Factor, Leaf, Ratio, Total

A, B, C, D = 1, 2, 4, 8


def test_a_factor_that_is_summed_over_its_outcomes_is_dropped() -> None:
    algebra = Algebra()
    a, b = algebra.leaf(A, 0), algebra.leaf(B, A)
    assert algebra.total(B, [a, b]) == [a]
    assert algebra.total(A | B, [a, b]) == []


def test_factors_without_a_summed_variable_stand_outside() -> None:
    algebra = Algebra()
    a, b, d = algebra.leaf(A, 0), algebra.leaf(C, A | B), algebra.leaf(D, 0)
    outside, inside = algebra.total(A, [a, b, d])
    assert outside is d
    assert inside == Factor(0, B | C, Total(A, (a.formula, b.formula)))


def test_sums_that_share_no_variable_stand_apart() -> None:
    algebra = Algebra()
    factors = [algebra.leaf(A, 0), algebra.leaf(B, 0), algebra.leaf(C, A | D), algebra.leaf(D, B)]
    assert len(algebra.total(A | B, [*factors[:3], algebra.leaf(16, B | D)])) == 2


def test_the_same_sum_is_made_once() -> None:
    algebra = Algebra()
    factors = [algebra.leaf(A, 0), algebra.leaf(C, A | B)]
    first, again = algebra.total(A, factors), algebra.total(A, factors)
    assert first[0].formula is again[0].formula


def test_conditionals_that_follow_each_other_join_and_lose_what_is_summed() -> None:
    algebra = Algebra()
    factors = [algebra.leaf(A, D), algebra.leaf(B, A | D)]
    assert algebra.total(A, factors) == [algebra.leaf(B, D)]


def test_common_factors_cancel_in_a_quotient() -> None:
    algebra = Algebra()
    a, b = algebra.leaf(A, 0), algebra.leaf(B, A)
    assert algebra.ratio(B, [a, b], [a]) == b


def test_a_divisor_cancels_against_a_factor_beside_it() -> None:
    algebra = Algebra()
    a, b, c = algebra.leaf(A, 0), algebra.leaf(B, 0), algebra.leaf(C, A | B)
    quotient = algebra.ratio(C, [c], [a, b])
    (left,) = algebra.total(0, [quotient, a])
    assert left.formula == Ratio((Leaf(C, A | B),), (Leaf(B, 0),))
    assert left.scope == A | B | C
    assert [f.formula for f in algebra.total(0, [quotient, a, b])] == [c.formula]


def test_scopes_of_sums_are_known_after_cancelling() -> None:
    algebra = Algebra()
    (divisor,) = algebra.total(A, [algebra.leaf(A, 0), algebra.leaf(B, A | D)])
    (above,) = algebra.total(A, [algebra.leaf(A, 0), algebra.leaf(C, A | D)])
    (left,) = algebra.total(0, [algebra.ratio(C, [above], [divisor]), divisor])
    assert left.formula is above.formula
    assert left.scope == C | D
