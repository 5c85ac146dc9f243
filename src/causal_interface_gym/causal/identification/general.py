"""Identification in general: several worlds, and any set of experiments and populations.

1. The events are written over copies of variables, each with its parents set (``worlds.picture``);
   a contradiction has probability 0.
2. P(events | conditions) is a quotient; components that stand above and below cancel.
3. What is left splits into districts. The copies of one district must fit into one world, else
   they conflict (``worlds.conflict``); then it is Q[D] at the values of that world.
4. Q[D] comes from the first source that determines it; if none does, they are a thicket
   (``evidence.thicket``).

Without conditions and with all experiments this is ID*, with conditions IDC* [shpitser2008]; with
one world it is gID [lee2019] or transport [lee2020]; all of it at once is [correa2021].
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from causal_interface_gym.causal.bits import BitGraph, each_bit
from causal_interface_gym.causal.expression import Constant, Expression, Symbol
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identification.algorithm import Record
from causal_interface_gym.causal.identification.derivation import Step, expression_of
from causal_interface_gym.causal.identification.evidence.extraction import Found, district_from
from causal_interface_gym.causal.identification.evidence.source import Sources
from causal_interface_gym.causal.identification.evidence.thicket import Thicket
from causal_interface_gym.causal.identification.formula import Algebra, Factor
from causal_interface_gym.causal.identification.worlds import telling
from causal_interface_gym.causal.identification.worlds.conflict import ConflictingWorlds
from causal_interface_gym.causal.identification.worlds.district import District, districts_of
from causal_interface_gym.causal.identification.worlds.picture import (
    Component,
    Copies,
    Index,
    Picture,
    draw,
)
from causal_interface_gym.causal.identification.worlds.reading import Worlds, read_worlds
from causal_interface_gym.causal.identification.worlds.vocabulary import Vocabulary
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import ImpossibleEventError, QueryError

__all__ = ["Formula", "Refusal", "solve_in_general"]

Steps = tuple[Record | Step, ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """The answer: an expression, what its symbols stand for, and the steps to it."""

    expression: Expression
    symbols: tuple[tuple[str, Symbol], ...]
    steps: Steps


@dataclass(frozen=True, slots=True)
class Refusal:
    """What forbids an answer, and the steps to it."""

    obstruction: ConflictingWorlds | Thicket
    steps: Steps


class _Part(NamedTuple):
    """The factors of some components, and the variables that are summed over."""

    over: int
    factors: list[Factor]


def solve_in_general(graph: ADMG, query: Query, sources: Sources) -> Formula | Refusal:
    """Identify a query from the sources.

    Raises:
        ImpossibleEventError: The conditions contradict each other in every model.
        QueryError: Whether the events contradict each other depends on a value left open.
    """
    worlds, copies = read_worlds(graph, query), Copies()
    joint = draw(graph.bits, worlds, copies, only_given=False)
    given = draw(graph.bits, worlds, copies, only_given=True)
    for picture in (given, joint):
        _refuse_open(graph, query, picture)
    if given.contradiction is not None:
        raise ImpossibleEventError(", ".join(map(str, query.given)))
    if joint.contradiction is not None:
        step = telling.contradiction(graph, query, joint)
        return Formula(Constant(0), _open(graph, worlds), (step,))
    words = Vocabulary(graph, sources)
    for variable, label in worlds.values():
        words.constant(variable, label)
    return _Solver(graph, query, sources, copies, words).solve(joint, given)


def _refuse_open(graph: ADMG, query: Query, picture: Picture) -> None:
    """Refuse events that contradict each other for some values of what is left open."""
    found = picture.contradiction
    if found is not None and None in found.labels:
        message = (
            f"{query} leaves {graph.order[found.variable]!r} open in one place and fixes it in "
            "another where it is the same variable; give both values"
        )
        raise QueryError(message)


def _open(graph: ADMG, worlds: Worlds) -> tuple[tuple[str, Symbol], ...]:
    """Give a symbol to every variable that the query leaves open."""
    variables = [v for v, label in worlds.values() if label is None]
    return tuple((graph.order[v], Symbol(graph.order[v])) for v in dict.fromkeys(variables))


@dataclass(slots=True)
class _Solver:
    """One identification under way."""

    graph: ADMG
    query: Query
    sources: Sources
    copies: Copies
    words: Vocabulary

    def solve(self, joint: Picture, given: Picture) -> Formula | Refusal:
        """Put the quotient together, or find what forbids it."""
        above, below = _uncancelled(joint.components(), given.components())
        steps: list[Record | Step] = [*telling.opening(self.graph, self.query, self.copies, joint)]
        if given.roots:
            steps.append(telling.quotient(self.graph, self.query, self.copies, above, below))
        words, algebra = self.words, Algebra()
        parts: list[_Part] = []
        for components in (above, below):
            part = self._part(components, algebra, steps)
            if not isinstance(part, _Part):
                return Refusal(part, tuple(steps))
            parts.append(part)
        answer = algebra.total(parts[0].over, parts[0].factors)
        if below:
            outs = sum(1 << bit for bit in _values(above, self.copies, words))
            answer = [algebra.ratio(outs, answer, algebra.total(parts[1].over, parts[1].factors))]
        expression = expression_of(words.names, [f.formula for f in answer], words.spell)
        symbols = tuple(words.symbols())
        steps.append(telling.result(self.query, expression, dict(symbols)))
        return Formula(expression, symbols, tuple(steps))

    def _part(
        self,
        components: Sequence[Component],
        algebra: Algebra,
        steps: list[Record | Step],
    ) -> _Part | ConflictingWorlds | Thicket:
        """Multiply the districts of some components."""
        over, factors = 0, list[Factor]()
        districts = districts_of(self.graph, self.copies, components)
        if isinstance(districts, ConflictingWorlds):
            steps.append(telling.conflict(districts))
            return districts
        if districts:
            steps.append(telling.districts(self.graph, self.copies, components, districts))
        for district in districts:
            over |= sum(1 << v for v, value in district.own if isinstance(value, Index))
            found = district_from(self.graph.bits, district.mask, self.sources, algebra)
            if isinstance(found, Thicket):
                steps.append(telling.thicket(found))
                return found
            steps += found.trace
            factors += _placed(self.graph.bits, district, found, algebra, self.words)
        return _Part(over, factors)


def _uncancelled(
    above: list[Component], below: list[Component]
) -> tuple[list[Component], list[Component]]:
    """Leave out the components that both hold."""
    left = [part for part in above if part not in below]
    return left, [part for part in below if part not in above]


def _values(components: list[Component], copies: Copies, words: Vocabulary) -> Iterator[int]:
    """Yield the bits of the events among the copies."""
    for component in components:
        for number, value in component.copies:
            if not isinstance(value, Index):
                yield words.constant(copies.made[number].variable, value.label)


def _placed(
    bits: BitGraph, district: District, found: Found, algebra: Algebra, words: Vocabulary
) -> Iterator[Factor]:
    """Put the values of the district's world into its factors."""
    names = {
        v: words.constant(v, value.label)
        for v, value in district.values
        if not isinstance(value, Index)
    }
    known = {v for v, _ in district.values}
    for factor in found.factors:
        loose = {v: words.some_constant(v) for v in each_bit(factor.scope & bits.all)}
        spare = {v: c for v, c in loose.items() if v not in known and c is not None}
        yield algebra.renamed(factor, {**spare, **names})
