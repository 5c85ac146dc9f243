"""Formulas over an observational distribution, as values that print as text and LaTeX.

A formula is built of ``P(outcome | given)``, perhaps of an experiment, sums over variables,
products, fractions and plain numbers. Names are variables of a graph; a variable that no sum binds
is free. Text is ASCII, a sum reaches as far to the right as its brackets allow:
``sum_{Z} P(Y | X, Z) P(Z)``. A summed variable that also occurs free is printed with a prime, so
that front-door reads
``sum_{M} P(M | X) sum_{X'} P(Y | X', M) P(X')``; no prime is stored, scopes are.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, assert_never, cast

from causal_interface_gym.causal.syntax import quoted

__all__ = [
    "Constant",
    "Expression",
    "Fraction",
    "Probability",
    "Product",
    "Sum",
    "Symbol",
    "free_variables",
    "render_latex",
    "render_text",
]


class _Printed:
    """What every part of a formula can do: print itself."""

    __slots__ = ()

    def __str__(self) -> str:
        """Write as text."""
        return render_text(cast("Expression", self))

    def latex(self) -> str:
        """Write as LaTeX, without dollar signs."""
        return render_latex(cast("Expression", self))

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"


@dataclass(frozen=True, slots=True)
class Probability(_Printed):
    """A marginal or conditional of the observational distribution, or of an experiment.

    ``do`` are the variables that the experiment sets, ``domain`` is the population that it was
    made in, written below the P.

    >>> print(Probability(("Y",), ("X", "Z")))
    P(Y | X, Z)
    >>> print(Probability(("Y",), ("W",), do=("Z",), domain="a"))
    P_a(Y | do(Z), W)
    """

    outcome: tuple[str, ...]
    given: tuple[str, ...] = ()
    do: tuple[str, ...] = ()
    domain: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """All variables, in the order outcome, given, do."""
        return self.outcome + self.given + self.do


@dataclass(frozen=True, slots=True)
class Sum(_Printed):
    """The sum of ``of`` over all states of the variables ``over``, which it binds."""

    over: tuple[str, ...]
    of: "Expression"


@dataclass(frozen=True, slots=True)
class Product(_Printed):
    """The product of ``factors``; of none it is 1.

    >>> print(Sum(("Z",), Product((Probability(("Y",), ("X", "Z")), Probability(("Z",))))))
    sum_{Z} P(Y | X, Z) P(Z)
    """

    factors: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Fraction(_Printed):
    """The quotient of two formulas."""

    numerator: "Expression"
    denominator: "Expression"


@dataclass(frozen=True, slots=True)
class Constant(_Printed):
    """A number that needs no data, such as the probability of a contradiction.

    >>> print(Constant(0))
    0
    """

    value: float


Expression = Probability | Sum | Product | Fraction | Constant


class Symbol(NamedTuple):
    """What a name in a formula stands for: a variable, and its value where one is fixed."""

    variable: str
    label: str | None = None


_NONE: frozenset[str] = frozenset()


def free_variables(expression: Expression) -> frozenset[str]:
    """Give the variables that no sum binds.

    >>> sorted(free_variables(Sum(("Z",), Probability(("Y", "Z"), ("X",)))))
    ['X', 'Y']
    """
    return _free(expression, {})


def _free(expression: Expression, known: dict[int, frozenset[str]]) -> frozenset[str]:
    """Parts are shared between formulas, so each is looked at once."""
    found = known.get(id(expression))
    if found is None:
        match expression:
            case Probability():
                found = frozenset(expression.names)
            case Sum():
                found = _free(expression.of, known) - frozenset(expression.over)
            case Product():
                found = _NONE.union(*[_free(f, known) for f in expression.factors])
            case Fraction():
                found = _free(expression.numerator, known) | _free(expression.denominator, known)
            case Constant():
                found = frozenset()
            case _:
                assert_never(expression)
        known[id(expression)] = found
    return found


def render_text(
    expression: Expression,
    values: Mapping[str, str] | None = None,
    *,
    reserved: Collection[str] = (),
    symbols: Mapping[str, Symbol] | None = None,
) -> str:
    """Write as text; ``values`` are put in where a variable is free.

    Variables in ``reserved`` get a prime where they are summed, as free ones do. ``symbols`` are
    names that stand for a variable, perhaps with a value.

    >>> render_text(Probability(("Y",), ("X",)), {"X": "1"})
    'P(Y | X=1)'
    """
    return _render(expression, _symbols(values, symbols), reserved, _TEXT)


def render_latex(
    expression: Expression,
    values: Mapping[str, str] | None = None,
    *,
    reserved: Collection[str] = (),
    symbols: Mapping[str, Symbol] | None = None,
) -> str:
    r"""Write as LaTeX; ``values`` are put in where a variable is free, primes as in text.

    >>> print(render_latex(Fraction(Probability(("Y", "X")), Probability(("X",))), {"X": "1"}))
    \frac{P(Y, X{=}1)}{P(X{=}1)}
    """
    return _render(expression, _symbols(values, symbols), reserved, _LATEX)


def _symbols(
    values: Mapping[str, str] | None, symbols: Mapping[str, Symbol] | None
) -> Mapping[str, Symbol]:
    """Treat a variable that has a value as a symbol for itself."""
    named = {name: Symbol(name, label) for name, label in (values or {}).items()}
    return {**named, **(symbols or {})}


@dataclass(frozen=True, slots=True)
class _Notation:
    """How one way of writing spells each part."""

    name: Callable[[str], str]
    setting: Callable[[str, str], str]
    source: Callable[[str], str]
    action: Callable[[str], str]
    bar: str
    total: Callable[[str, str], str]
    fraction: Callable[[str, str], str]
    bracket: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Scope:
    """What each variable is called here; ``taken`` are names that a new sum may not use."""

    notation: _Notation
    shown: Mapping[str, str] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()

    def names(self, names: Sequence[str]) -> str:
        known, name = self.shown, self.notation.name
        return ", ".join([known.get(n) or name(n) for n in names])

    def inside(self, over: Sequence[str]) -> "_Scope":
        """Enter a sum: its variables lose their values and get primes where names would clash."""
        shown, taken = dict(self.shown), set(self.taken)
        for variable in over:
            name = self.notation.name(variable)
            while name in taken:
                name += "'"
            shown[variable] = name
            taken.add(name)
        return _Scope(self.notation, shown, frozenset(taken))


def _render(
    expression: Expression,
    symbols: Mapping[str, Symbol],
    reserved: Collection[str],
    notation: _Notation,
) -> str:
    free = free_variables(expression)
    shown = {v: _shown(symbol, notation) for v, symbol in symbols.items() if v in free}
    variables = {symbols[v].variable if v in symbols else v for v in free}
    taken = frozenset(notation.name(v) for v in variables.union(reserved))
    return _written(expression, _Scope(notation, shown, taken))


def _shown(symbol: Symbol, notation: _Notation) -> str:
    if symbol.label is None:
        return notation.name(symbol.variable)
    return notation.setting(symbol.variable, symbol.label)


def _written(expression: Expression, scope: _Scope) -> str:
    match expression:
        case Probability():
            return _probability(expression, scope)
        case Constant():
            return f"{expression.value:g}"
        case Sum():
            inner = scope.inside(expression.over)
            over = inner.names(expression.over)
            return scope.notation.total(over, _written(expression.of, inner))
        case Product():
            return _product(expression.factors, scope)
        case Fraction():
            above = _written(expression.numerator, scope)
            below = _written(expression.denominator, scope)
            return scope.notation.fraction(above, below)
        case _:
            assert_never(expression)


def _probability(leaf: Probability, scope: _Scope) -> str:
    notation = scope.notation
    conditions = [notation.action(scope.names(leaf.do))] if leaf.do else []
    conditions += [scope.names(leaf.given)] if leaf.given else []
    bar = notation.bar + ", ".join(conditions) if conditions else ""
    return f"P{notation.source(leaf.domain)}({scope.names(leaf.outcome)}{bar})"


def _product(factors: Sequence[Expression], scope: _Scope) -> str:
    """A sum that is not last, and in text a fraction beside others, needs brackets."""
    written = []
    for place, factor in enumerate(factors, start=1):
        text = _written(factor, scope)
        open_sum = isinstance(factor, Sum) and place < len(factors)
        open_fraction = isinstance(factor, Fraction) and scope.notation is _TEXT
        if len(factors) > 1 and (open_sum or open_fraction or isinstance(factor, Product)):
            text = scope.notation.bracket(text)
        written.append(text)
    return " ".join(written) or "1"


def _text_fraction(above: str, below: str) -> str:
    return f"({above}) / ({below})"


_PLAIN = re.compile(r"([A-Za-z])_?(\d*)")
_SPECIAL = re.compile(r"([\\{}$&#^_%~])")
_ESCAPES = {"\\": r"\backslash ", "^": r"\hat{}", "~": r"\tilde{}"}


def _latex_words(text: str) -> str:
    safe = _SPECIAL.sub(lambda m: _ESCAPES.get(m[1], "\\" + m[1]), text)
    return rf"\mathrm{{{safe.replace(' ', chr(92) + ' ')}}}"


def _latex_name(name: str) -> str:
    """One letter, perhaps numbered, is a symbol; anything longer is set upright."""
    plain = _PLAIN.fullmatch(name)
    if not plain:
        return _latex_words(name)
    return f"{plain[1]}_{{{plain[2]}}}" if plain[2] else plain[1]


def _latex_setting(name: str, label: str) -> str:
    return f"{_latex_name(name)}{{=}}{label if label.isdigit() else _latex_words(label)}"


_TEXT = _Notation(
    name=quoted,
    setting=lambda name, label: f"{quoted(name)}={quoted(label)}",
    source=lambda domain: f"_{quoted(domain)}" if domain else "",
    action=lambda names: f"do({names})",
    bar=" | ",
    total=lambda over, of: f"sum_{{{over}}} {of}",
    fraction=_text_fraction,
    bracket=lambda text: f"({text})",
)
_LATEX = _Notation(
    name=_latex_name,
    setting=_latex_setting,
    source=lambda domain: f"_{{{_latex_name(domain)}}}" if domain else "",
    action=lambda names: rf"\mathrm{{do}}({names})",
    bar=r" \mid ",
    total=lambda over, of: rf"\sum_{{{over}}} {of}",
    fraction=lambda above, below: rf"\frac{{{above}}}{{{below}}}",
    bracket=lambda text: rf"\left( {text} \right)",
)
