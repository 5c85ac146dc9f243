"""The Tian-Pearl bounds on the probabilities of causation, from a participant's own numbers.

For a binary treatment (x, x') and outcome (y, y'), with y_x the outcome under do(x):

    PNS = P(y_x, y'_x')          max(0, P(y_x) - P(y_x'), P(y) - P(y_x'), P(y_x) - P(y))
                              to min(P(y_x), P(y'_x'), P(x, y) + P(x', y'),
                                     P(y_x) - P(y_x') + P(x, y') + P(x', y))
    PN = P(y'_x' | x, y)         max(0, (P(y) - P(y_x')) / P(x, y))
                              to min(1, (P(y'_x') - P(x', y')) / P(x, y))
    PS = P(y_x | x', y')         max(0, (P(y_x) - P(y)) / P(x', y'))
                              to min(1, (P(y_x) - P(x, y)) / P(x', y'))

PS is PN with both states exchanged. A bound whose ingredients were not stated is left out.

Source: [tian2000, section 4].
"""

from collections.abc import Iterator
from dataclasses import dataclass

from causal_interface_gym.causal.query import Query, Term
from causal_interface_gym.scoring.coherence.beliefs import Beliefs, Found
from causal_interface_gym.scoring.coherence.finding import Finding, distance

__all__ = ["causation_bounds"]

_BINARY = 2


def causation_bounds(beliefs: Beliefs) -> Iterator[Finding]:
    """Check every stated PN, PS and PNS of a binary treatment and outcome."""
    for statement in beliefs.stated:
        for kind, case in _cases(beliefs, statement.query):
            lows, highs = case.pns() if kind == "PNS" else case.pn()
            if len(lows) + len(highs) > _BINARY:  # more than the trivial 0 and 1
                low, high = max(lows), min(highs)
                text = (
                    f"{statement.query} was stated as {statement.p:.4g}; the other statements put "
                    f"it in [{low:.4g}, {high:.4g}]"
                )
                name = "probability of causation"
                yield Finding(name, distance(statement.p, low, high), text)


@dataclass(frozen=True, slots=True)
class _Case:
    """A binary treatment and outcome; ``x`` and ``y`` are the states that go together."""

    beliefs: Beliefs
    x: Term
    other_x: Term
    y: Term
    other_y: Term

    def pns(self) -> tuple[list[float], list[float]]:
        """Give the lower and the upper bounds of P(y_x, y'_x')."""
        treated, control = self.done(self.y, self.x), self.done(self.y, self.other_x)
        y = self.y_alone()
        lows, highs = [0.0], [1.0]
        lows += [t - c for t in treated for c in control]
        lows += [p - c for p in y for c in control] + [t - p for t in treated for p in y]
        highs += [*treated, *(1 - c for c in control)]
        highs += self.both(self.y, self.other_y)
        cross = self.both(self.other_y, self.y)
        highs += [t - c + d for t in treated for c in control for d in cross]
        return lows, highs

    def pn(self) -> tuple[list[float], list[float]]:
        """Give the lower and the upper bounds of P(y'_x' | x, y)."""
        lows, highs = [0.0], [1.0]
        for base in self.seen(self.x, self.y):
            if base > 0:
                control = self.done(self.y, self.other_x)
                neither = self.seen(self.other_x, self.other_y)
                lows += [(p - c) / base for p in self.y_alone() for c in control]
                highs += [(1 - c - n) / base for c in control for n in neither]
        return lows, highs

    def both(self, y: Term, other_y: Term) -> Found:
        """Look up P(x, y) + P(x', other y)."""
        parts = [self.seen(self.x, y), self.seen(self.other_x, other_y)]
        return (sum(part[0] for part in parts),) if all(parts) else ()

    def done(self, y: Term, x: Term) -> Found:
        """Look up P(y | do(x))."""
        return self.beliefs.find(Query((y,), (), ((x.variable, x.value),)))

    def seen(self, x: Term, y: Term) -> Found:
        """Look up P(x, y)."""
        return self.beliefs.joint((x, y))

    def y_alone(self) -> Found:
        """Look up P(y), or add it up."""
        parts = [self.seen(x, self.y) for x in (self.x, self.other_x)]
        summed = (sum(part[0] for part in parts),) if all(parts) else ()
        return self.beliefs.find(Query((self.y,))) or summed


def _cases(beliefs: Beliefs, query: Query) -> Iterator[tuple[str, _Case]]:
    """Recognise y_x, y'_x' as PNS and y'_x' | x, y as PN; PS has the form of PN."""
    single = [_single(t) for t in query.outcome]
    if query.do or not all(single) or not _is_binary(beliefs, query):
        return
    if len(query.outcome) == _BINARY and not query.given:
        a, b = query.outcome
        (first,), (second,) = single
        if _opposed(a, b) and _opposed(first, second):
            y, other_y = (Term(t.variable, t.value) for t in (a, b))
            yield "PNS", _Case(beliefs, first, second, y, other_y)
    if len(query.outcome) == 1 and len(query.given) == _BINARY:
        (other_x,) = single[0]
        other_y = Term(query.outcome[0].variable, query.outcome[0].value)
        facts = {t.variable: t for t in query.given if not t.do}
        held, had = facts.get(other_x.variable), facts.get(other_y.variable)
        if held and had and _opposed(held, other_x) and _opposed(had, other_y):
            yield "PN", _Case(beliefs, held, other_x, had, other_y)


def _single(term: Term) -> tuple[Term, ...]:
    """Give the one setting of a term's world as an observation; empty if it has another form."""
    if len(term.do) == 1 and isinstance(term.do[0][1], str):
        return (Term(term.do[0][0], term.do[0][1]),)
    return ()


def _opposed(a: Term, b: Term) -> bool:
    return a.variable == b.variable and a.value != b.value


def _is_binary(beliefs: Beliefs, query: Query) -> bool:
    return all(len(beliefs.states[name]) == _BINARY for name in query.variables)
