"""From statements to linear demands on a distribution over response functions."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.query import Query, Settings, Stochastic, Term
from causal_interface_gym.causal.separation import m_separated
from causal_interface_gym.questions.spelling import canonical
from causal_interface_gym.scoring.coherence.beliefs import Beliefs, Statement
from causal_interface_gym.scoring.coherence.response import terms_in_worlds

__all__ = ["Demand", "demands", "exchanged", "has_draw"]

_REMEMBERED: Final = 1 << 10
"""Queries whose reading is kept: participants who share a graph answer the same questions."""


@dataclass(frozen=True, slots=True)
class Demand:
    """P(event | within) = ``target``, with both sides linear.

    ``weight`` is the stated probability of a condition that was multiplied out, else 1; ``within``
    is a condition whose probability was not stated, else empty.
    """

    statement: Statement
    event: tuple[Term, ...]
    within: tuple[Term, ...]
    target: float
    weight: float


def demands(beliefs: Beliefs, graph: ADMG) -> Iterator[Demand]:
    """Write every statement as a linear demand.

    Observations that the graph allows to be read as actions are read so, and need no condition.
    """
    for statement in beliefs.stated:
        query = exchanged(statement.query, graph)
        outcome = terms_in_worlds(query, query.outcome)
        given = terms_in_worlds(query, query.given)
        weight = beliefs.joint(query.given, query.do) if given else (1.0,)
        if weight:
            target = statement.p * weight[0]
            yield Demand(statement, (*outcome, *given), (), target, weight[0])
        else:
            yield Demand(statement, outcome, given, statement.p, 1.0)


@lru_cache(maxsize=_REMEMBERED)
def exchanged(query: Query, graph: ADMG) -> Query:
    """Turn observations into actions where rule 2 of the do-calculus allows it.

    A condition z becomes do(z) where outcome and z are separated, given the other conditions, once
    the arrows into what is done and those out of z are cut; the largest set of such z is unique.

    >>> str(exchanged(Query.parse("y=1 | x=1"), ADMG([("x", "y")])))
    'P(y=1 | do(x=1))'
    >>> str(exchanged(Query.parse("x=1 | y=1"), ADMG([("x", "y")])))
    'P(x=1 | y=1)'

    Source: [pearl2009, theorem 3.4.1], [shpitser2006b].
    """
    if query.is_counterfactual:
        return query
    for term in query.given:
        if _is_exchangeable(query, term, graph):
            given = tuple(t for t in query.given if t != term)
            do: Settings = (*query.do, (term.variable, term.value))
            return exchanged(canonical(Query(query.outcome, given, do)), graph)
    return query


def _is_exchangeable(query: Query, term: Term, graph: ADMG) -> bool:
    done = {name for name, _ in query.do}
    y = {t.variable for t in query.outcome} - done
    z = {t.variable for t in query.given if t.variable != term.variable} - done
    if term.variable in done | y or not y or y & z:
        return False
    cut = graph.do(done).without_outgoing(term.variable)
    return bool(m_separated(cut, y, term.variable, given=z | done))


def has_draw(query: Query) -> bool:
    """Tell whether an intervention in the query is stochastic."""
    worlds = [query.do, *(t.do for t in query.walk())]
    return any(isinstance(setting, Stochastic) for world in worlds for _, setting in world)
