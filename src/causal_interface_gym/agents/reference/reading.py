"""Readings of a question that several reference rules share."""

from causal_interface_gym.causal.query import Query, Term

__all__ = ["actions", "plain_outcome"]


def actions(query: Query) -> dict[str, str]:
    """Give what the question sets to a fixed state, in ``do`` or in its outcome's world.

    >>> actions(Query.parse("y[x=1, m[x=0]]=1"))
    {'x': '1'}
    """
    settings = [*query.do, *(pair for term in query.outcome for pair in term.do)]
    return {name: value for name, value in settings if isinstance(value, str)}


def plain_outcome(query: Query) -> dict[str, str]:
    """Give the outcome without the world it is asked in.

    >>> plain_outcome(Query.parse("y[x=1]=1 | x=0"))
    {'y': '1'}
    """
    return {t.variable: _value(t) for t in query.outcome}


def _value(term: Term) -> str:
    return term.value or ""
