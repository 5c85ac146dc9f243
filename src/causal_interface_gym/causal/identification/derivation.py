"""The steps of an identification in words: what was done, and what licensed it.

Q[C] stands for P(c | do(everything else)). Steps are written only when they are read.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never, overload

from causal_interface_gym.causal.expression import (
    Expression,
    Fraction,
    Probability,
    Product,
    Sum,
    render_text,
)
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identification.algorithm import Record, Rule
from causal_interface_gym.causal.identification.formula import Formula, Leaf, Ratio, Total
from causal_interface_gym.causal.syntax import quoted

__all__ = ["Derivation", "Spelling", "Step", "expression_of", "seen"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the rule's name, what it states, why it may be taken, and where that is proved."""

    rule: str
    statement: str
    licence: str
    reference: str

    def __str__(self) -> str:
        """Write on one line."""
        return f"{self.statement}  ({self.rule}: {self.licence}; {self.reference})"


Spelling = Callable[[Leaf], Probability]


class Derivation(Sequence[Step]):
    """All steps in order; ``str`` numbers them, one a line."""

    __slots__ = ("_graph", "_records", "_spell")

    def __init__(self, graph: ADMG, records: Sequence[Record | Step], *, spell: Spelling) -> None:
        """Keep steps that are written and records of others; ``spell`` writes a leaf."""
        self._graph = graph
        self._records = tuple(records)
        self._spell = spell

    def __len__(self) -> int:
        """Count the steps."""
        return len(self._records)

    @overload
    def __getitem__(self, place: int) -> Step: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Step, ...]: ...
    def __getitem__(self, place: int | slice) -> Step | tuple[Step, ...]:
        """Write one step, or several."""
        if isinstance(place, slice):
            return tuple(self._written(record) for record in self._records[place])
        return self._written(self._records[place])

    def __str__(self) -> str:
        """Number the steps, one a line."""
        return "\n".join(f"{number}. {step}" for number, step in enumerate(self, start=1))

    @property
    def references(self) -> tuple[str, ...]:
        """The bibliography keys behind the steps, each once, in order of use."""
        cited = (
            r.reference if isinstance(r, Step) else _WORDS[r.rule].reference for r in self._records
        )
        return tuple(dict.fromkeys(text.split(",")[0].strip("[]") for text in cited))

    def _written(self, record: Record | Step) -> Step:
        if isinstance(record, Step):
            return record
        words = _WORDS[record.rule]
        names = [_Names(self._graph.names(mask)) for mask in record.sets]
        formula = ""
        if record.factors:
            formulas = [f.formula for f in record.factors]
            whole = expression_of(self._graph.names, formulas, self._spell)
            reserved = [n for group in names for n in group] if record.rule in _FINAL else []
            formula = render_text(whole, reserved=reserved)
        statement, licence = words.write(names, formula)
        return Step(words.rule, statement, licence, words.reference)


def seen(graph: ADMG, treatment: int = 0) -> Spelling:
    """Write leaves of the observational distribution, what is treated first after the bar."""
    known: dict[tuple[int, int], Probability] = {}

    def spell(leaf: Leaf) -> Probability:
        """Steps repeat each other's leaves, so each is written once."""
        key = (leaf.outs, leaf.given)
        found = known.get(key)
        if found is None:
            first, rest = leaf.given & treatment, leaf.given & ~treatment
            given = graph.names(first) + graph.names(rest)
            found = known[key] = Probability(graph.names(leaf.outs), given)
        return found

    return spell


def expression_of(
    names: Callable[[int], tuple[str, ...]], formulas: Iterable[Formula], spell: Spelling
) -> Expression:
    """Name the variables of a product of formulas; shared parts stay shared."""
    top = tuple(formulas)
    leaves = [formula for formula in reversed(top) if isinstance(formula, Leaf)]
    if len(leaves) == len(top):  # most steps have nothing else
        spelled = tuple([spell(leaf) for leaf in leaves])
        return spelled[0] if len(spelled) == 1 else Product(spelled)
    made: dict[int, Expression] = {}
    todo: list[Formula] = list(top)
    while todo:
        formula = todo[-1]
        missing = [part for part in _parts(formula) if id(part) not in made]
        todo += missing
        if not missing:
            todo.pop()
            if id(formula) not in made:
                made[id(formula)] = _named(names, formula, spell, made)
    return _product(top, made)


def _parts(formula: Formula) -> tuple[Formula, ...]:
    match formula:
        case Leaf():
            return ()
        case Total():
            return formula.of
        case Ratio():
            return formula.above + formula.below
        case _:
            assert_never(formula)


def _named(
    names: Callable[[int], tuple[str, ...]],
    formula: Formula,
    spell: Spelling,
    made: dict[int, Expression],
) -> Expression:
    match formula:
        case Leaf():
            return spell(formula)
        case Total():
            return Sum(names(formula.over), _product(formula.of, made))
        case Ratio():
            above = _product(formula.above, made)
            return Fraction(above, _product(formula.below, made)) if formula.below else above
        case _:
            assert_never(formula)


def _product(formulas: Sequence[Formula], made: dict[int, Expression]) -> Expression:
    """Write effects before causes and sums last."""
    backwards = formulas[::-1]
    ordered = sorted(backwards, key=lambda formula: isinstance(formula, Total))
    if len(ordered) == 1:
        return made[id(ordered[0])]
    return Product(tuple([made[id(formula)] for formula in ordered]))


class _Names(tuple[str, ...]):
    """Some variables, as they are written in a sentence."""

    __slots__ = ()

    def __str__(self) -> str:
        return ", ".join(map(quoted, self))

    def __format__(self, spec: str) -> str:
        return f"{{{self}}}" if spec == "set" else str(self)


def _p(outcome: object, *, do: Sequence[str] = (), given: Sequence[str] = ()) -> str:
    conditions = ([f"do({_Names(do)})"] if do else []) + ([str(_Names(given))] if given else [])
    return f"P({outcome}{' | ' if conditions else ''}{', '.join(conditions)})"


def _without(names: _Names, others: _Names) -> _Names:
    return _Names(n for n in names if n not in others)


def _given(*names: _Names) -> str:
    listed = [str(n) for n in names if n]
    return f" given {', '.join(listed)}" if listed else ""


_Words = tuple[str, str]


def _observe(names: list[_Names], formula: str) -> _Words:
    x, y, z = names
    return f"{_p(y, do=x, given=z)} = {formula}", "no action is left, so it is a matter of seeing"


def _drop(names: list[_Names], _: str) -> _Words:
    dropped, kept, y, z = names
    both = _Names(dropped + kept)
    why = f"no directed path leads from {dropped} to {_Names(y + z)}"
    after = f" once {kept} is set" if kept else ""
    return f"{_p(y, do=both, given=z)} = {_p(y, do=kept, given=z)}", why + after


def _see(names: list[_Names], formula: str) -> _Words:
    x, y, z = names
    why = f"{y} and {x} are m-separated{_given(z)} in the graph without the arrows out of {x}"
    return f"{_p(y, do=x, given=z)} = {formula}", why


def _exchange(names: list[_Names], _: str) -> _Words:
    z, y, x, others = names
    left = _p(y, do=x, given=_Names(z + others))
    why = f"{y} and {z} are m-separated{_given(x, others)} in the graph without "
    heads = f"the arrowheads at {x} and " if x else ""
    right = _p(y, do=_Names(x + z), given=others)
    return f"{left} = {right}", f"{why}{heads}the arrows out of {z}"


def _condition(names: list[_Names], _: str) -> _Words:
    x, y, z = names
    joint = _p(_Names(y + z), do=x)
    statement = f"{_p(y, do=x, given=z)} = ({joint}) / (sum_{{{y}}} {joint})"
    return statement, f"no action may take the place of seeing {z}, so the joint effect is needed"


def _truncate(names: list[_Names], _: str) -> _Words:
    x, y, _relevant, needed = names
    summed = _without(needed, y)
    total = f"sum_{{{summed}}} " if summed else ""
    why = f"{needed:set} = An({y}) in the graph without {x}; nothing else matters once {x} is set"
    return f"{_p(y, do=x)} = {total}Q[{needed}]", why


def _split(names: list[_Names], _: str) -> _Words:
    whole, *parts = names
    product = " ".join(f"Q[{part}]" for part in parts)
    return f"Q[{whole}] = {product}", f"these are the districts of the graph over {whole:set}"


def _district(names: list[_Names], formula: str) -> _Words:
    part = names[0]
    why = f"{part:set} is a district of An({part}); each variable is given its Markov pillow"
    return f"Q[{part}] = {formula}", why


def _factorise(names: list[_Names], formula: str) -> _Words:
    part, whole = names
    why = f"{whole:set} is the district of An({part}) that holds {part:set}; "
    return f"Q[{whole}] = {formula}", why + "each variable is given its Markov pillow"


def _ancestral(names: list[_Names], formula: str) -> _Words:
    part, whole, ancestral = names
    summed = _without(whole, ancestral)
    equals = f" = {formula}" if formula else ""
    why = f"{ancestral:set} = An({part}) in the graph over {whole:set}"
    return f"Q[{ancestral}] = sum_{{{summed}}} Q[{whole}]{equals}", why


def _component(names: list[_Names], formula: str) -> _Words:
    part, whole, ancestral = names
    why = f"{whole:set} is the district of the graph over {ancestral:set} that holds {part:set}; "
    return f"Q[{whole}] = {formula}", f"{why}each variable is conditioned on its past in Q"


def _hedge(names: list[_Names], _: str) -> _Words:
    part, whole = names
    why = f"both are districts, and {whole:set} = An({part}) in the graph over {whole:set}"
    return f"Q[{part}] cannot be computed from Q[{whole}]", why


def _divide(names: list[_Names], formula: str) -> _Words:
    x, y, z = names
    return f"{_p(y, do=x, given=z)} = {formula}", "what stands above and below cancels"


def _result(names: list[_Names], formula: str) -> _Words:
    x, y, z = names
    return f"{_p(y, do=x, given=z)} = {formula}", "put together"


@dataclass(frozen=True, slots=True)
class _Wording:
    """How a rule is called, written and cited."""

    rule: str
    write: Callable[[list[_Names], str], _Words]
    reference: str


_FINAL = {Rule.DIVIDE, Rule.RESULT}
_LINES = "[shpitser2006, Fig. 3, {}]"
_RULE = "[pearl2009, Theorem 3.4.1, rule {}]"
_WORDS = {
    Rule.OBSERVE: _Wording("seeing", _observe, "[pearl2009]"),
    Rule.DROP: _Wording("actions without effect", _drop, _RULE.format(3)),
    Rule.SEE: _Wording("doing is seeing", _see, _RULE.format(2)),
    Rule.EXCHANGE: _Wording("seeing becomes doing", _exchange, _RULE.format(2)),
    Rule.CONDITION: _Wording("conditional effect", _condition, "[shpitser2006b]"),
    Rule.TRUNCATE: _Wording("relevant part", _truncate, _LINES.format("lines 2 and 3")),
    Rule.SPLIT: _Wording("districts", _split, _LINES.format("line 4")),
    Rule.DISTRICT: _Wording("district of the past", _district, _LINES.format("line 6")),
    Rule.FACTORISE: _Wording("factorise", _factorise, "[tian2002]"),
    Rule.ANCESTRAL: _Wording("sum out", _ancestral, "[tian2002]"),
    Rule.COMPONENT: _Wording("district within", _component, _LINES.format("line 7")),
    Rule.HEDGE: _Wording("hedge", _hedge, _LINES.format("line 5")),
    Rule.DIVIDE: _Wording("normalise", _divide, "[shpitser2006b]"),
    Rule.RESULT: _Wording("result", _result, _LINES.format("line 4")),
}
