"""Checks by the rules of probability alone: agreement, complement, marginal, total probability."""

from collections.abc import Iterator
from math import fsum

from causal_interface_gym.causal.query import Query, Term
from causal_interface_gym.scoring.coherence.beliefs import Beliefs, Statement
from causal_interface_gym.scoring.coherence.finding import Finding, distance

__all__ = ["agreement", "complement", "total_probability"]


def agreement(beliefs: Beliefs) -> Iterator[Finding]:
    """Check that one question, asked again or in another spelling, has one answer."""
    answers: dict[Query, list[float]] = {}
    for statement in beliefs.stated:
        answers.setdefault(statement.query, []).append(statement.p)
    for query, numbers in answers.items():
        if len(numbers) > 1:
            shown = ", ".join(f"{p:.4g}" for p in numbers)
            text = f"{query} was answered {len(numbers)} times: {shown}"
            yield Finding("agreement", max(numbers) - min(numbers), text)


def complement(beliefs: Beliefs) -> Iterator[Finding]:
    """Check the states of one variable: they sum to 1, or to what they are states of.

    Where only some states are stated, their sum must not be more. With a second outcome in the
    query they sum to the probability of that outcome: a conjunction is not more likely than a part.
    """
    for (query, term), parts in _partitions(beliefs).items():
        rest = tuple(t for t in query.outcome if t.variable != term.variable or t.do != term.do)
        whole = beliefs.find(Query(rest, query.given, query.do)) if rest else (1.0,)
        if not whole or (not rest and len(parts) == 1):
            continue
        total = fsum(parts.values())
        is_complete = len(parts) == len(beliefs.states[term.variable])
        amount = abs(total - whole[0]) if is_complete else max(0.0, total - whole[0])
        shown = " + ".join(f"{p:.4g}" for p in parts.values())
        states = f"all states of {term}" if is_complete else f"{', '.join(parts)} of {term}"
        relation = "must be" if is_complete else "must be at most"
        text = f"{query}: {states} give {shown} = {total:.4g}; it {relation} {whole[0]:.4g}"
        yield Finding("complement", amount, text)


def total_probability(beliefs: Beliefs) -> Iterator[Finding]:
    """Check P(y) against the sum over z of P(y | z) P(z), in the world as it is or under an action.

    Where states of z are missing, what they could add bounds the sum.
    """
    weighed = {q.outcome[0].variable for q in beliefs.known if len(q.outcome) == 1}
    for statement in beliefs.stated:
        query = statement.query
        if not query.is_counterfactual:
            taken = {*query.variables}
            for name in beliefs.states:
                if name in weighed and name not in taken:
                    yield from _total(beliefs, statement, name)


def _total(beliefs: Beliefs, statement: Statement, name: str) -> Iterator[Finding]:
    query = statement.query
    weights, parts = [], []
    for label in beliefs.states[name]:
        z = Term(name, label)
        found = beliefs.find(
            Query(query.outcome, (*query.given, z), query.do), Query((z,), query.given, query.do)
        )
        if found:
            parts.append(found[0] * found[1])
            weights.append(found[1])
    if parts:
        low = fsum(parts)
        high = low + max(0.0, 1.0 - fsum(weights))
        text = (
            f"{query} was stated as {statement.p:.4g}; the parts over {name} put it in "
            f"[{low:.4g}, {high:.4g}]"
        )
        yield Finding("total probability", distance(statement.p, low, high), text)


def _partitions(beliefs: Beliefs) -> dict[tuple[Query, Term], dict[str, float]]:
    """Group what was stated by all of the query but the label of one outcome term."""
    groups: dict[tuple[Query, Term], dict[str, float]] = {}
    for statement in beliefs.stated:
        query = statement.query
        for i, term in enumerate(query.outcome):
            hole = Term(term.variable, None, term.do)
            outcome = (*query.outcome[:i], hole, *query.outcome[i + 1 :])
            key = Query(tuple(sorted(outcome, key=str)), query.given, query.do)
            groups.setdefault((key, hole), {}).setdefault(term.value or "", statement.p)
    return groups
