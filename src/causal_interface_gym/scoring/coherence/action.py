"""Checks of doing against seeing: bounds that always hold, and what the own graph demands.

Source: [tian2000] for the bounds (consistency of action and observation), [pearl2009, section 3.4]
for the exchange of action and observation and for actions that cannot matter.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.query import Query, Term
from causal_interface_gym.causal.separation import m_separated
from causal_interface_gym.scoring.coherence.beliefs import Beliefs, Statement
from causal_interface_gym.scoring.coherence.finding import Finding, distance

__all__ = ["action_bounds", "no_backdoor", "non_descendants"]

_REMEMBERED: Final = 1 << 10
"""Paths that are looked up again: participants who share a graph answer the same questions."""


def action_bounds(beliefs: Beliefs) -> Iterator[Finding]:
    """Check P(x, y) <= P(y | do(x)) <= P(x, y) + 1 - P(x), in any graph."""
    for statement, done in _actions(beliefs):
        query = statement.query
        if query.given:
            continue
        both = beliefs.joint((*query.outcome, *done))
        alone = beliefs.joint(done)
        if both:
            high = both[0] + 1 - alone[0] if alone else 1.0
            text = (
                f"{query} was stated as {statement.p:.4g}; what was said of seeing puts it in "
                f"[{both[0]:.4g}, {min(high, 1.0):.4g}]"
            )
            yield Finding("action bounds", distance(statement.p, both[0], high), text)


def non_descendants(beliefs: Beliefs, graph: ADMG) -> Iterator[Finding]:
    """Check that an action does not move what is no effect of it: P(z | do(x)) = P(z)."""
    for statement, done in _actions(beliefs):
        query = statement.query
        names = {t.variable for t in (*query.outcome, *query.given)}
        effects = graph.descendants(t.variable for t in done)
        seen = beliefs.find(Query(query.outcome, query.given))
        if seen and not names & effects:
            text = (
                f"{query} was stated as {statement.p:.4g} and without the action as {seen[0]:.4g}; "
                "the graph has no directed path that could make a difference"
            )
            yield Finding("non-descendant", abs(statement.p - seen[0]), text)


def no_backdoor(beliefs: Beliefs, graph: ADMG) -> Iterator[Finding]:
    """Check that doing equals seeing where the graph leaves no back-door path open."""
    for statement, done in _actions(beliefs):
        query = statement.query
        x = [t.variable for t in done]
        y = [t.variable for t in query.outcome]
        z = [t.variable for t in query.given]
        seen = beliefs.find(Query(query.outcome, (*query.given, *done)))
        if not seen or {*x} & {*y, *z} or {*y} & {*z}:
            continue
        if _is_unconfounded(graph, tuple(x), tuple(y), tuple(z)):
            text = (
                f"{query} was stated as {statement.p:.4g} and for merely seeing as {seen[0]:.4g}; "
                "the graph leaves no back-door path open"
            )
            yield Finding("no back-door", abs(statement.p - seen[0]), text)


@lru_cache(maxsize=_REMEMBERED)
def _is_unconfounded(
    graph: ADMG, x: tuple[str, ...], y: tuple[str, ...], z: tuple[str, ...]
) -> bool:
    return bool(m_separated(graph.without_outgoing(x), x, y, given=z))


def _actions(beliefs: Beliefs) -> Iterator[tuple[Statement, tuple[Term, ...]]]:
    """Yield the statements about one world under an action, and the action as observations."""
    for statement in beliefs.stated:
        query = statement.query
        done = tuple(Term(name, label) for name, label in query.do if isinstance(label, str))
        if done and len(done) == len(query.do) and not query.is_counterfactual:
            yield statement, done
