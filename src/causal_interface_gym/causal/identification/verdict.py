"""Whether a causal question can be answered from what is known, and the proof either way.

``identify`` is sound and complete for P(y | do(x)) and P(y | do(x), z) from observation; with other
experiments or several worlds it follows ``general``. ``Identified`` carries the formula and its
derivation, ``NotIdentified`` what forbids one and two models that agree on everything that is known
and differ on the question.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, assert_never

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identification.derivation import Derivation
from causal_interface_gym.causal.identification.estimand import Estimand
from causal_interface_gym.causal.identification.evidence.source import (
    OBSERVATION,
    Experiments,
    Source,
    read_sources,
)
from causal_interface_gym.causal.identification.hedge import Hedge
from causal_interface_gym.causal.identification.pairs.witness import Witness
from causal_interface_gym.causal.identification.proof import (
    General,
    Hedged,
    Negative,
    Observed,
    Obstructed,
    Obstruction,
    Positive,
    prove,
    prove_from,
)
from causal_interface_gym.causal.query import Query, Stochastic
from causal_interface_gym.causal.separation import disjoint_masks
from causal_interface_gym.errors import InferenceError, QueryError

__all__ = ["Identified", "NotIdentified", "Obstruction", "identify", "identify_from"]

Inputs = tuple[Source, ...] | Literal["all"]


@dataclass(frozen=True)
class _Verdict:
    """What both answers know: the question, the input, and the steps taken."""

    graph: ADMG
    query: Query
    inputs: Inputs
    _proof: Positive | Negative = field(repr=False, compare=False)

    @property
    def derivation(self) -> Derivation:
        """The steps, each with its licence; written when they are read."""
        return self._proof.derivation

    @property
    def references(self) -> tuple[str, ...]:
        """Bibliography keys of what the answer rests on."""
        return self.derivation.references

    @property
    def input(self) -> str:
        """What the answer is computed from: P(v), some experiments or all experiments."""
        return "all experiments" if self.inputs == "all" else ", ".join(map(str, self.inputs))


@dataclass(frozen=True)
class Identified(_Verdict):
    """The query has the same value in every model of the graph with the same input."""

    _proof: Positive = field(repr=False, compare=False)

    @property
    def estimand(self) -> Estimand:
        """The formula over the input that gives the value."""
        return self._proof.estimand

    def __str__(self) -> str:
        """State the equation, and which variables may be set to any state in it."""
        loose = ", ".join(sorted(self.estimand.parameters))
        return f"{self.query} = {self.estimand}{f' for any {loose}' if loose else ''}"


@dataclass(frozen=True)
class NotIdentified(_Verdict):
    """Models of the graph exist that agree on all of the input and differ on the query."""

    _proof: Negative = field(repr=False, compare=False)

    @property
    def obstruction(self) -> Obstruction:
        """What forbids a formula: a hedge, conflicting worlds, or a thicket."""
        return self._proof.obstruction

    @property
    def hedge(self) -> Hedge:
        """The two forests that prove it, as small as removing single nodes makes them.

        Raises:
            InferenceError: What forbids a formula is no hedge; read ``obstruction``.
        """
        found = self.obstruction
        if isinstance(found, Hedge):
            return found
        message = f"no hedge forbids {self.query}; read obstruction: {found}"
        raise InferenceError(message)

    @property
    def witness(self) -> Witness:
        """Two models that agree on every probability of the input and differ on the query.

        Raises:
            WidthError: A mechanism's table would be too large.
            InferenceError: The search for a pair found none; the obstruction stands without it.
        """
        return self._proof.witness

    def __str__(self) -> str:
        """Say what stands in the way."""
        return f"{self.query} is not identified: {self.obstruction}"


def identify(
    graph: ADMG, query: str | Query, *, experiments: Experiments | None = None
) -> Identified | NotIdentified:
    """Decide whether ``query`` follows from the graph and what is known.

    Args:
        graph: The graph; a hidden common cause is a bidirected edge.
        query: An effect or a counterfactual, with or without values.
        experiments: What is known: nothing given is the observational distribution P(v);
            ``[(), ("Z",)]`` is P(v) and P(v | do(Z)); ``"all"`` is every experiment.

    >>> front_door = ADMG([("X", "M"), ("M", "Y")], [("X", "Y")])
    >>> print(identify(front_door, "P(Y | do(X))"))
    P(Y | do(X)) = sum_{M} P(M | X) sum_{X'} P(Y | X', M) P(X')
    >>> print(identify(ADMG([("X", "Y")], [("X", "Y")]), "P(Y=1 | do(X=1))").hedge)
    forest {X, Y} over subforest {Y}, both with root {Y}
    >>> print(identify(ADMG([("X", "Y")]), "P(Y[X=0]=1 | X=1)"))
    P(Y[X=0]=1 | X=1) = P(Y=1 | X=0)

    Raises:
        QuerySyntaxError: The text is not in the notation.
        UnknownVariableError: A variable is not in the graph.
        QueryError: An action is drawn at random, or a variable is named twice.
        ImpossibleEventError: The conditions contradict each other in every model.

    Source: [tian2002], [shpitser2006], [shpitser2006b], [huang2006], [shpitser2008], [lee2019],
    [correa2021].
    """
    asked = Query.parse(query) if isinstance(query, str) else query
    if asked.is_counterfactual or experiments is not None:
        return identify_from(graph, asked, read_sources(experiments))
    _refuse(asked)
    x, y, z = disjoint_masks(
        graph,
        do=[name for name, _ in asked.do],
        outcome=[t.variable for t in asked.outcome],
        given=[t.variable for t in asked.given],
    )
    return _verdict(graph, asked, (OBSERVATION,), prove(graph, asked, x=x, y=y, z=z))


def identify_from(
    graph: ADMG, query: Query, sources: Sequence[Source] | Literal["all"]
) -> Identified | NotIdentified:
    """Decide whether ``query`` follows from some sources of data."""
    inputs: Inputs = "all" if isinstance(sources, str) else tuple(sources)
    return _verdict(graph, query, inputs, prove_from(graph, query, inputs))


def _verdict(
    graph: ADMG, query: Query, inputs: Inputs, proof: Positive | Negative
) -> Identified | NotIdentified:
    match proof:
        case Observed() | General():
            return Identified(graph, query, inputs, proof)
        case Hedged() | Obstructed():
            return NotIdentified(graph, query, inputs, proof)
        case _:
            assert_never(proof)


def _refuse(query: Query) -> None:
    """Refuse what ID and IDC do not speak about."""
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
