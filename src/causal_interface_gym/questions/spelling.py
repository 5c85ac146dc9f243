"""One spelling for all queries that ask the same by notation alone.

``P(y[x=1]=1)`` and ``P(y=1 | do(x=1))`` ask the same, so both become the second; outcome and
conditions are put in order, and what a query sets is written into the worlds of its terms.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from causal_interface_gym.causal.query import Query, Setting, Settings, Term

__all__ = ["canonical"]

_REMEMBERED: Final = 1 << 14
"""Queries whose spelling is kept: looking up what follows from beliefs asks for the same again."""


@lru_cache(maxsize=_REMEMBERED)
def canonical(query: Query) -> Query:
    """Give the one spelling of all queries that ask the same by notation alone.

    >>> str(canonical(Query.parse("P(y[x=1]=1 | z[x=1]=0, a[x=1]=1)")))
    'P(y=1 | do(x=1), a=1, z=0)'
    """
    own = [t.do for t in (*query.outcome, *query.given)]
    if any(own) and not all(isinstance(setting, str) for _, setting in query.do):
        return query  # a draw that worlds share, or what one borrows, must not be copied into each
    outcome = _in_order(_pushed(t, query.do) for t in query.outcome)
    given = _in_order(_pushed(t, query.do) for t in query.given)
    worlds = {t.do for t in (*outcome, *given)}
    world = next(iter(worlds))
    if len(worlds) > 1 or any(isinstance(setting, Term) for _, setting in world):
        return Query(outcome, given)
    return Query(
        tuple(Term(t.variable, t.value) for t in outcome),
        tuple(Term(t.variable, t.value) for t in given),
        world,
    )


def _pushed(term: Term, do: Settings) -> Term:
    """Write the query's own intervention into a term's world, which overrides it."""
    own = {name: _setting(s, do) for name, s in term.do}
    return Term(term.variable, term.value, tuple(sorted({**dict(do), **own}.items(), key=_name)))


def _setting(setting: Setting, do: Settings) -> Setting:
    return _pushed(setting, do) if isinstance(setting, Term) else setting


def _name(pair: tuple[str, Setting]) -> str:
    return pair[0]


def _in_order(terms: Iterable[Term]) -> tuple[Term, ...]:
    return tuple(sorted(set(terms), key=str))
