"""What stands behind a verdict; every part is made when it is first read."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identification.algorithm import Obstacle
from causal_interface_gym.causal.identification.conditional import Solution, solve
from causal_interface_gym.causal.identification.derivation import (
    Derivation,
    Spelling,
    expression_of,
    seen,
)
from causal_interface_gym.causal.identification.estimand import Estimand
from causal_interface_gym.causal.identification.evidence.source import Source, Sources
from causal_interface_gym.causal.identification.evidence.thicket import Thicket
from causal_interface_gym.causal.identification.formula import Factor
from causal_interface_gym.causal.identification.general import Formula, Refusal, solve_in_general
from causal_interface_gym.causal.identification.hedge import Hedge, find_hedge
from causal_interface_gym.causal.identification.pairs.pair import find_pair
from causal_interface_gym.causal.identification.pairs.witness import Witness, find_witness
from causal_interface_gym.causal.identification.worlds.conflict import ConflictingWorlds
from causal_interface_gym.causal.query import Query

__all__ = [
    "General",
    "Hedged",
    "Negative",
    "Observed",
    "Obstructed",
    "Obstruction",
    "Positive",
    "prove",
    "prove_from",
]

Obstruction = Hedge | ConflictingWorlds | Thicket
Inputs = Sequence[Source] | Literal["all"]


def prove(graph: ADMG, query: Query, *, x: int, y: int, z: int) -> "Observed | Hedged":
    """Identify P(y | do(x), z) from observation by ID and IDC."""
    solution = solve(graph.bits, x=x, y=y, z=z)
    if isinstance(solution.answer, Obstacle):
        return Hedged(graph, query, solution, solution.answer)
    return Observed(graph, query, solution, solution.answer)


def prove_from(graph: ADMG, query: Query, inputs: Inputs) -> "General | Obstructed":
    """Identify any query from any sources."""
    sources = Sources(graph, inputs)
    answer = solve_in_general(graph, query, sources)
    if isinstance(answer, Refusal):
        return Obstructed(graph, query, sources, inputs, answer)
    return General(graph, query, sources, answer)


@dataclass(frozen=True)
class _ByObservation:
    graph: ADMG
    query: Query
    solution: Solution

    @cached_property
    def treatment(self) -> int:
        """What is done, as a bitmask."""
        return self.graph.mask(name for name, _ in self.query.do)

    @cached_property
    def spell(self) -> Spelling:
        """How leaves are written."""
        return seen(self.graph, self.treatment)

    @cached_property
    def derivation(self) -> Derivation:
        """The steps."""
        return Derivation(self.graph, self.solution.trace, spell=self.spell)


@dataclass(frozen=True)
class Observed(_ByObservation):
    """A formula of ID or IDC."""

    factors: tuple[Factor, ...]

    @cached_property
    def estimand(self) -> Estimand:
        """The formula."""
        formulas = [factor.formula for factor in self.factors]
        return Estimand(expression_of(self.graph.names, formulas, self.spell), self.query)


@dataclass(frozen=True)
class Hedged(_ByObservation):
    """A refusal of ID or IDC."""

    obstacle: Obstacle

    @cached_property
    def obstruction(self) -> Hedge:
        """What forbids a formula."""
        return find_hedge(self.graph, self.obstacle, actions=self.solution.actions)

    @cached_property
    def witness(self) -> Witness:
        """Two models that differ."""
        return find_witness(
            self.graph,
            self.query,
            self.obstruction,
            actions=self.solution.actions,
            givens=self.solution.givens,
        )


@dataclass(frozen=True)
class General:
    """A formula from any sources."""

    graph: ADMG
    query: Query
    sources: Sources
    answer: Formula

    @cached_property
    def derivation(self) -> Derivation:
        """The steps."""
        return Derivation(self.graph, self.answer.steps, spell=self.sources.spell)

    @cached_property
    def estimand(self) -> Estimand:
        """The formula."""
        return Estimand(self.answer.expression, self.query, self.answer.symbols)


@dataclass(frozen=True)
class Obstructed:
    """A refusal whatever the sources."""

    graph: ADMG
    query: Query
    sources: Sources
    inputs: Inputs
    answer: Refusal

    @cached_property
    def derivation(self) -> Derivation:
        """The steps."""
        return Derivation(self.graph, self.answer.steps, spell=self.sources.spell)

    @cached_property
    def obstruction(self) -> Obstruction:
        """What forbids a formula."""
        return self.answer.obstruction

    @cached_property
    def witness(self) -> Witness:
        """Two models that differ."""
        return find_pair(self.graph, self.query, self.inputs)


Positive = Observed | General
Negative = Hedged | Obstructed
