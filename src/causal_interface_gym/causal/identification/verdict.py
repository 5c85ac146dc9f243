"""Whether a causal question can be answered by observation alone, and the proof either way.

``identify`` is sound and complete for P(y | do(x)) and P(y | do(x), z): ``Identified`` carries the
formula and its derivation, ``NotIdentified`` the hedge and two models that agree on everything
observable and differ on the question.
"""

from dataclasses import dataclass, field
from functools import cached_property

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identification.algorithm import Obstacle
from causal_interface_gym.causal.identification.conditional import Solution, solve
from causal_interface_gym.causal.identification.derivation import Derivation, expression_of
from causal_interface_gym.causal.identification.estimand import Estimand
from causal_interface_gym.causal.identification.hedge import Hedge, find_hedge
from causal_interface_gym.causal.identification.witness import Witness, find_witness
from causal_interface_gym.causal.query import Query, Stochastic
from causal_interface_gym.causal.separation import disjoint_masks
from causal_interface_gym.errors import QueryError

__all__ = ["Identified", "NotIdentified", "identify"]


@dataclass(frozen=True)
class _Verdict:
    """What both answers know: the question, and the steps taken."""

    graph: ADMG
    query: Query
    _solution: Solution = field(repr=False, compare=False)

    @cached_property
    def derivation(self) -> Derivation:
        """The steps, each with its licence; written when they are read."""
        actions = self.graph.mask(name for name, _ in self.query.do)
        return Derivation(self.graph, self._solution.trace, treatment=actions)

    @property
    def references(self) -> tuple[str, ...]:
        """Bibliography keys of what the answer rests on."""
        return self.derivation.references


@dataclass(frozen=True)
class Identified(_Verdict):
    """The query has the same value in every model of the graph with the same observations."""

    @cached_property
    def estimand(self) -> Estimand:
        """The formula over observed variables that gives the value."""
        answer = self._solution.answer
        formulas = [] if isinstance(answer, Obstacle) else [f.formula for f in answer]
        actions = self.graph.mask(name for name, _ in self.query.do)
        return Estimand(expression_of(self.graph, formulas, actions), self.query)

    def __str__(self) -> str:
        """State the equation, and which variables may be set to any state in it."""
        loose = ", ".join(sorted(self.estimand.parameters))
        return f"{self.query} = {self.estimand}{f' for any {loose}' if loose else ''}"


@dataclass(frozen=True)
class NotIdentified(_Verdict):
    """Models of the graph exist that agree on all observations and differ on the query."""

    obstacle: Obstacle = field(repr=False, compare=False)

    @cached_property
    def hedge(self) -> Hedge:
        """The two forests that prove it, as small as removing single nodes makes them."""
        return find_hedge(self.graph, self.obstacle, actions=self._solution.actions)

    @cached_property
    def witness(self) -> Witness:
        """Two models that agree on every observational probability and differ on the query.

        Raises:
            WidthError: The hedge is so wide that a mechanism's table would be too large.
        """
        return find_witness(
            self.graph,
            self.query,
            self.hedge,
            actions=self._solution.actions,
            givens=self._solution.givens,
        )

    def __str__(self) -> str:
        """Say what stands in the way."""
        return f"{self.query} is not identified: {self.hedge}"


def identify(graph: ADMG, query: str | Query) -> Identified | NotIdentified:
    """Decide whether ``query`` follows from the graph and the observational distribution P(v).

    >>> front_door = ADMG([("X", "M"), ("M", "Y")], [("X", "Y")])
    >>> print(identify(front_door, "P(Y | do(X))"))
    P(Y | do(X)) = sum_{M} P(M | X) sum_{X'} P(Y | X', M) P(X')
    >>> print(identify(ADMG([("X", "Y")], [("X", "Y")]), "P(Y=1 | do(X=1))").hedge)
    forest {X, Y} over subforest {Y}, both with root {Y}

    Raises:
        QuerySyntaxError: The text is not in the notation.
        UnknownVariableError: A variable is not in the graph.
        QueryError: The query is counterfactual or stochastic, or names a variable twice.

    Source: [tian2002], [shpitser2006], [shpitser2006b], [huang2006].
    """
    asked = Query.parse(query) if isinstance(query, str) else query
    _refuse(asked)
    x, y, z = disjoint_masks(
        graph,
        do=[name for name, _ in asked.do],
        outcome=[t.variable for t in asked.outcome],
        given=[t.variable for t in asked.given],
    )
    solution = solve(graph.bits, x=x, y=y, z=z)
    if isinstance(solution.answer, Obstacle):
        return NotIdentified(graph, asked, solution, solution.answer)
    return Identified(graph, asked, solution)


def _refuse(query: Query) -> None:
    """Refuse what ID and IDC do not speak about."""
    if query.is_counterfactual:
        message = (
            f"{query} is a counterfactual; identifying those (ID*) is not in this version: "
            "ask for P(y | do(x), z), or compute it in a model with model.p(...)"
        )
        raise QueryError(message)
    for name, value in query.do:
        if isinstance(value, Stochastic):
            message = (
                f"{query} draws {name!r} at random; identify do({name}) and average the answers "
                "over the draw"
            )
            raise QueryError(message)
    for terms in (query.outcome, query.given):
        names = [t.variable for t in terms]
        for name in names:
            if names.count(name) > 1:
                message = f"{name!r} stands twice in {query}; name it once"
                raise QueryError(message)
