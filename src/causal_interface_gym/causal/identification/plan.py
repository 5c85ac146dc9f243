"""Plans: actions that look at what happened before them, P(y | do(X := plan(Z))).

A plan gives each action a distribution over its states for every state of what it looks at. In the
graph in which the actions read that instead of their causes, let D = An(Y). Then P(y | plan) is the
sum over D without Y of Q[D without the actions] times the plan's own tables, and every district of
it comes from the data as for a plain effect. If one does not, no formula serves all plans
[shpitser2006b], [tian2008].
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from causal_interface_gym.causal.expression import Expression, Probability
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identification.derivation import (
    Derivation,
    Step,
    expression_of,
)
from causal_interface_gym.causal.identification.estimand import Estimand, Evaluated
from causal_interface_gym.causal.identification.evaluation import Joint
from causal_interface_gym.causal.identification.evidence.extraction import district_from
from causal_interface_gym.causal.identification.evidence.source import (
    OBSERVATION,
    Source,
    Sources,
)
from causal_interface_gym.causal.identification.evidence.thicket import Thicket
from causal_interface_gym.causal.identification.formula import Algebra, Factor, Leaf
from causal_interface_gym.causal.identification.pairs.pair import find_plan_pair
from causal_interface_gym.causal.identification.pairs.witness import Witness
from causal_interface_gym.causal.identification.transport import same_differences
from causal_interface_gym.causal.query import Query
from causal_interface_gym.causal.syntax import quoted
from causal_interface_gym.errors import QueryError

__all__ = ["IdentifiedPlan", "NotIdentifiedPlan", "Plan", "identify_plan"]

PLAN = "plan"
"""The domain under which the plan's own tables stand in a formula."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked, and for each action what it looks at.

    >>> print(Plan(("Y",), (("X", ("Z",)),)))
    P(Y | do(X := plan(Z)))
    """

    outcome: tuple[str, ...]
    actions: tuple[tuple[str, tuple[str, ...]], ...]

    def __str__(self) -> str:
        """Write as a query."""
        rules = (f"{quoted(x)} := plan({', '.join(map(quoted, z))})" for x, z in self.actions)
        return f"P({', '.join(map(quoted, self.outcome))} | do({', '.join(rules)}))"


@dataclass(frozen=True)
class _Answer:
    graph: ADMG
    plan: Plan
    inputs: tuple[Source, ...]
    derivation: Derivation = field(repr=False, compare=False)

    @property
    def input(self) -> str:
        """What the answer is computed from."""
        return ", ".join(map(str, self.inputs))


@dataclass(frozen=True)
class IdentifiedPlan(_Answer):
    """Every plan that looks at these variables has a value that the input fixes."""

    expression: Expression = field(compare=False)

    def __str__(self) -> str:
        """State the equation; the plan's own tables are written P_plan."""
        return f"{self.plan} = {self.expression}"

    def evaluate(
        self,
        model: Joint | Mapping[str, Joint],
        policy: Mapping[str, ArrayLike],
        values: Mapping[str, str] | None = None,
    ) -> float | Evaluated:
        """Compute the outcome's distribution under one plan, exactly.

        Args:
            model: Data as for ``Estimand.evaluate``.
            policy: For each action a table of shape (states of what it looks at, in order, then
                its own states) whose last axis sums to 1.
            values: States of outcomes; those left out stay open.

        Raises:
            QueryError: An action has no table, or one of another shape.
            PositivityViolation: A stratum that the formula conditions on has probability 0.
        """
        domains = dict(model) if isinstance(model, Mapping) else {"": model}
        states = {name: tuple(next(iter(domains.values())).states[name]) for name in self._named()}
        tables = {x: _checked(x, z, policy.get(x), states) for x, z in self.plan.actions}
        domains[PLAN] = _Policy(states, tables, dict(self.plan.actions))
        query = Query.of(outcome=self.plan.outcome)
        return Estimand(self.expression, query).evaluate(domains, values)

    def _named(self) -> set[str]:
        return {name for x, z in self.plan.actions for name in (x, *z)}


@dataclass(frozen=True)
class NotIdentifiedPlan(_Answer):
    """For some plan, models that agree on the input give different values."""

    obstruction: Thicket

    def __str__(self) -> str:
        """Say what stands in the way."""
        return f"{self.plan} is not identified: {self.obstruction}"

    @property
    def witness(self) -> Witness:
        """Two models that agree on the input and differ under one plan.

        The plan is in its ``policy``.

        Raises:
            InferenceError: The search for a pair found none; the obstruction stands without it.
        """
        plan = self.plan

        def is_open(smaller: ADMG) -> bool:
            answer = identify_plan(smaller, plan.outcome, dict(plan.actions), sources=self.inputs)
            return isinstance(answer, NotIdentifiedPlan)

        return find_plan_pair(self.graph, plan.outcome, dict(plan.actions), self.inputs, is_open)


def identify_plan(
    graph: ADMG,
    outcome: str | Sequence[str],
    plan: Mapping[str, Iterable[str]],
    *,
    sources: Iterable[Source] = (OBSERVATION,),
) -> IdentifiedPlan | NotIdentifiedPlan:
    """Decide whether the outcome of every plan follows from the sources.

    ``plan`` maps each action to what it looks at, which must not be an effect of it.

    >>> print(identify_plan(ADMG([("Z", "X"), ("Z", "Y"), ("X", "Y")]), "Y", {"X": ["Z"]}))
    P(Y | do(X := plan(Z))) = sum_{Z, X} P_plan(X | Z) P(Y | Z, X) P(Z)

    Raises:
        UnknownVariableError: A variable is not in the graph.
        CycleError: An action looks at its own effect.
        QueryError: There is no action, an action is an outcome, or a population is called "plan".

    Source: [tian2008], [shpitser2006b].
    """
    names = (outcome,) if isinstance(outcome, str) else tuple(outcome)
    asked = Plan(names, tuple((x, tuple(z)) for x, z in plan.items()))
    acted, y = graph.mask(plan), graph.mask(names)
    if not acted or not y or acted & y:
        message = f"{asked} needs an outcome and an action, and no variable may be both"
        raise QueryError(message)
    inputs = same_differences(sources)
    if any(source.domain == PLAN for source in inputs):
        message = f"a population cannot be called {PLAN!r}: so the plan's own tables are; rename it"
        raise QueryError(message)
    planned = _planned(graph, asked)
    needed = graph.mask(planned.ancestors(names))
    return _solve(graph, asked, inputs, needed, acted)


def _planned(graph: ADMG, plan: Plan) -> ADMG:
    """Give the graph in which each action reads what it looks at."""
    cut = graph.do([x for x, _ in plan.actions])
    for _, looked in plan.actions:
        graph.mask(looked)
    arrows = [(z, x) for x, looked in plan.actions for z in looked]
    return ADMG([*cut.directed, *arrows], cut.bidirected, graph.nodes)


def _solve(
    graph: ADMG, plan: Plan, inputs: tuple[Source, ...], needed: int, acted: int
) -> IdentifiedPlan | NotIdentifiedPlan:
    sources, algebra = Sources(graph, inputs), Algebra()
    own = len(sources.listed)
    parts = graph.bits.districts(needed & ~acted)
    steps, factors = [_opening(graph, plan, needed, parts)], list[Factor]()
    for part in parts:
        found = district_from(graph.bits, part, sources, algebra)
        if isinstance(found, Thicket):
            reference = "[lee2020]" if found.is_selective else "[lee2019]"
            district = ", ".join(sorted(found.district))
            statement = f"Q[{district}] cannot be computed"
            reasons = "; ".join(map(str, found.blocked))
            steps.append(Step(found.name, statement, reasons, reference))
            derivation = Derivation(graph, steps, spell=sources.spell)
            return NotIdentifiedPlan(graph, plan, inputs, derivation, found)
        steps += Derivation(graph, found.trace, spell=sources.spell)
        factors += found.factors
    for place, (x, looked) in enumerate(plan.actions):
        if graph.mask(x) & needed:
            factors.append(algebra.leaf(graph.mask(x), graph.mask(looked), own + place))

    def spell(leaf: Leaf) -> Probability:
        if leaf.source >= own:
            return Probability(graph.names(leaf.outs), graph.names(leaf.given), domain=PLAN)
        return sources.spell(leaf)

    answer = algebra.total(needed & ~graph.mask(plan.outcome), factors)
    expression = expression_of(graph.names, [f.formula for f in answer], spell)
    steps.append(Step("result", f"{plan} = {expression}", "put together", "[tian2008]"))
    derivation = Derivation(graph, steps, spell=sources.spell)
    return IdentifiedPlan(graph, plan, inputs, derivation, expression)


def _opening(graph: ADMG, plan: Plan, needed: int, parts: Sequence[int]) -> Step:
    over = ", ".join(quoted(v) for v in graph.names(needed & ~graph.mask(plan.outcome)))
    product = " ".join(f"Q[{', '.join(graph.names(part))}]" for part in parts)
    tables = " ".join(
        f"P_{PLAN}({x} | {', '.join(z)})" if z else f"P_{PLAN}({x})"
        for x, z in plan.actions
        if graph.mask(x) & needed
    )
    total = f"sum_{{{over}}} " if over else ""
    why = (
        f"{{{', '.join(graph.names(needed))}}} = An({', '.join(plan.outcome)}) in the graph in "
        "which the actions read what they look at; the rest splits into districts"
    )
    statement = f"{plan} = {total}{product} {tables}".rstrip()
    return Step("plan", statement, why, "[tian2008]")


@dataclass(frozen=True)
class _Policy:
    """The plan's tables in the shape of data."""

    states: Mapping[str, Sequence[str]]
    tables: Mapping[str, NDArray[np.float64]]
    looked: Mapping[str, tuple[str, ...]]

    def table(self, names: Sequence[str]) -> NDArray[np.float64]:
        """Give P(action | what it looks at), the action first in ``names``."""
        action = names[0]
        axes = (*self.looked[action], action)
        return self.tables[action].transpose([axes.index(n) for n in names])


def _checked(
    action: str,
    looked: tuple[str, ...],
    table: ArrayLike | None,
    states: Mapping[str, tuple[str, ...]],
) -> NDArray[np.float64]:
    """Check the shape and the sums of a plan's table."""
    shape = tuple(len(states[v]) for v in (*looked, action))
    found = np.asarray([] if table is None else table, dtype=np.float64)
    if found.shape != shape:
        message = f"the plan for {action!r} needs a table of shape {shape}; got {found.shape}"
        raise QueryError(message)
    if not np.allclose(found.sum(axis=-1), 1) or (found < 0).any():
        message = f"every row of the plan for {action!r} must be a distribution"
        raise QueryError(message)
    return found
