"""Formulas as text and LaTeX: scopes, primes, brackets, values."""

from causal_interface_gym.causal.expression import (
    Constant,
    Fraction,
    Probability,
    Product,
    Sum,
    Symbol,
    free_variables,
    render_latex,
    render_text,
)

Y_GIVEN_XZ = Probability(("Y",), ("X", "Z"))
FRONT_DOOR = Sum(
    ("M",),
    Product(
        (
            Probability(("M",), ("X",)),
            Sum(("X",), Product((Probability(("Y",), ("X", "M")), Probability(("X",))))),
        )
    ),
)


def test_a_conditional_writes_outcome_and_given() -> None:
    assert str(Probability(("Y", "W"))) == "P(Y, W)"
    assert str(Y_GIVEN_XZ) == "P(Y | X, Z)"


def test_a_summed_variable_that_is_also_free_gets_a_prime() -> None:
    assert str(FRONT_DOOR) == "sum_{M} P(M | X) sum_{X'} P(Y | X', M) P(X')"


def test_nested_sums_over_one_variable_get_more_primes() -> None:
    inner = Sum(("X",), Probability(("X",)))
    outer = Sum(("X",), Product((Probability(("Y",), ("X",)), inner)))
    assert str(Product((Probability(("X",)), outer))) == "P(X) sum_{X'} P(Y | X') sum_{X''} P(X'')"


def test_values_stand_where_a_variable_is_free_and_nowhere_else() -> None:
    text = render_text(FRONT_DOOR, {"X": "1", "Y": "0", "unused": "2"})
    assert text == "sum_{M} P(M | X=1) sum_{X'} P(Y=0 | X', M) P(X')"


def test_reserved_names_are_primed_where_they_are_summed() -> None:
    assert render_text(Sum(("X",), Probability(("X",))), reserved=["X"]) == "sum_{X'} P(X')"
    assert render_latex(Sum(("X",), Probability(("X",))), reserved=["X"]) == "\\sum_{X'} P(X')"


def test_a_sum_that_is_not_last_and_a_fraction_beside_others_stand_in_brackets() -> None:
    total = Sum(("Z",), Probability(("Z",)))
    ratio = Fraction(Probability(("Y", "X")), Probability(("X",)))
    assert str(Product((total, Probability(("Y",))))) == "(sum_{Z} P(Z)) P(Y)"
    assert str(Product((Probability(("Y",)), total))) == "P(Y) sum_{Z} P(Z)"
    assert str(ratio) == "(P(Y, X)) / (P(X))"
    assert str(Product((ratio, Probability(("X",))))) == "((P(Y, X)) / (P(X))) P(X)"
    nested = Product((Product((Y_GIVEN_XZ, total)), total))
    assert str(nested) == "(P(Y | X, Z) sum_{Z'} P(Z')) sum_{Z'} P(Z')"


def test_latex_needs_brackets_for_sums_only() -> None:
    total = Sum(("Z",), Probability(("Z",)))
    ratio = Fraction(Probability(("Y", "X")), Probability(("X",)))
    latex = Product((total, ratio)).latex()
    assert latex == r"\left( \sum_{Z'} P(Z') \right) \frac{P(Y, X)}{P(X)}".replace("Z'", "Z")


def test_a_product_of_nothing_is_one() -> None:
    assert str(Product(())) == "1"


def test_latex_sets_single_letters_as_symbols_and_words_upright() -> None:
    leaf = Probability(("Y_1", "X2", "smoking_now"), ("Z",))
    assert leaf.latex() == r"P(Y_{1}, X_{2}, \mathrm{smoking\_now} \mid Z)"
    text = render_latex(leaf, {"Z": "yes & no", "X2": "1"})
    assert text == r"P(Y_{1}, X_{2}{=}1, \mathrm{smoking\_now} \mid Z{=}\mathrm{yes\ \&\ no})"


def test_latex_escapes_what_would_be_a_command() -> None:
    assert Probability((r"a\b^~",)).latex() == r"P(\mathrm{a\backslash\ b\hat{}\tilde{}})"


def test_notebooks_show_latex() -> None:
    assert Probability(("Y",))._repr_latex_() == "$P(Y)$"


def test_names_outside_the_notation_are_quoted() -> None:
    assert str(Sum(("a b",), Probability(("Y",), ("a b",)))) == 'sum_{"a b"} P(Y | "a b")'


def test_free_variables_are_those_no_sum_binds() -> None:
    assert free_variables(FRONT_DOOR) == {"X", "Y"}
    assert free_variables(Fraction(Y_GIVEN_XZ, Probability(("W",)))) == {"W", "X", "Y", "Z"}


def test_shared_parts_are_looked_at_once() -> None:
    part: Sum | Fraction = Sum(("Z",), Y_GIVEN_XZ)
    for _ in range(60):
        part = Fraction(part, part)
    assert free_variables(part) == {"X", "Y"}


def test_experiments_and_other_populations_are_written_at_the_p() -> None:
    leaf = Probability(("Y",), ("W",), do=("Z",), domain="a")
    assert str(leaf) == "P_a(Y | do(Z), W)"
    assert leaf.latex() == r"P_{a}(Y \mid \mathrm{do}(Z), W)"
    assert free_variables(leaf) == {"Y", "W", "Z"}


def test_a_number_is_a_formula() -> None:
    assert str(Constant(0)) == "0"
    assert Constant(0.5).latex() == "0.5"
    assert free_variables(Constant(1)) == frozenset()


def test_a_symbol_prints_as_its_variable_and_primes_what_is_summed() -> None:
    leaf = Probability(("Y",), ("X#0", "X"))
    total = Sum(("X",), leaf)
    symbols = {"X#0": Symbol("X", "1"), "Y": Symbol("Y")}
    assert render_text(total, symbols=symbols) == "sum_{X'} P(Y | X=1, X')"
