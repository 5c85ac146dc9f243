"""Stated probabilities in one spelling, and what follows from them by the rules of probability.

What is looked up is what was stated, else what the complement rule or
the product rule makes of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from causal_interface_gym.causal.query import Query, Settings, Stochastic, Term
from causal_interface_gym.errors import QueryError, UnknownStateError, UnknownVariableError
from causal_interface_gym.questions.spelling import canonical

__all__ = ["Beliefs", "Found", "Statement"]

Found = tuple[float, ...]
"""One number for each thing looked up; empty where something is not known."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A probability ``p`` in [0, 1] that a participant stated for a query.

    Raises:
        QueryError: The number is no probability, or the query leaves a value open.
    """

    query: Query
    p: float

    def __post_init__(self) -> None:
        """Check the range; NaN fails it too."""
        if not 0 <= self.p <= 1:
            message = f"a stated probability lies in [0, 1]; for {self.query} got {self.p!r}"
            raise QueryError(message)
        if self.query.is_symbolic:
            message = f"{self.query} leaves a value open; give every variable one"
            raise QueryError(message)


@dataclass(frozen=True, eq=False)
class Beliefs:
    """Statements of one participant, each query in its canonical spelling.

    ``states`` gives the labels of every variable.

    Raises:
        UnknownVariableError: A statement names a variable without states.
        UnknownStateError: A statement gives a variable a label that it does not have.
    """

    stated: tuple[Statement, ...]
    states: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(
        cls, statements: Iterable[Statement], *, states: Mapping[str, Sequence[str]]
    ) -> "Beliefs":
        """Bring statements into one spelling."""
        made = tuple(Statement(canonical(s.query), s.p) for s in statements)
        return cls(made, {name: tuple(labels) for name, labels in states.items()})

    def __post_init__(self) -> None:
        """Check names and labels."""
        for statement in self.stated:
            for name in statement.query.variables:
                if name not in self.states:
                    raise UnknownVariableError(name, self.states)
            for name, label in _labels(statement.query):
                if label not in self.states[name]:
                    raise UnknownStateError(name, label, self.states[name])

    @cached_property
    def known(self) -> Mapping[Query, float]:
        """What was stated (the first time), and what the complement rule adds to it."""
        stated: dict[Query, float] = {}
        for statement in self.stated:
            stated.setdefault(statement.query, statement.p)
        added: dict[Query, float] = {}
        for query in stated:
            for label in self.states[query.outcome[0].variable] if len(query.outcome) == 1 else ():
                others = [self._with(query, other) for other in self._others(query, label)]
                if all(other in stated for other in others):
                    rest = max(0.0, 1.0 - sum(stated[other] for other in others))
                    added[self._with(query, label)] = rest
        return {**added, **stated}

    def find(self, *queries: Query) -> Found:
        """Look up probabilities; all of them or nothing."""
        found = []
        for query in queries:
            p = self.known.get(canonical(query))
            if p is None:
                return ()
            found.append(p)
        return tuple(found)

    def joint(self, repeated: Sequence[Term], do: Settings = ()) -> Found:
        """Look up P(terms | do): as stated, as a product, or as what the other states leave."""
        terms = list(dict.fromkeys(repeated))
        if len({(t.variable, t.do) for t in terms}) < len(terms):
            return (0.0,)  # one variable cannot have two states
        found = self._product(terms, do)
        if found or len(terms) == 1:
            return found
        for term in terms:
            rest = [t for t in terms if t != term]
            labels = [label for label in self.states[term.variable] if label != term.value]
            whole = self._product(rest, do)
            parts = [
                self._product([*rest, Term(term.variable, label, term.do)], do) for label in labels
            ]
            if whole and all(parts):
                return (max(0.0, whole[0] - sum(part[0] for part in parts)),)
        return ()

    def _product(self, terms: Sequence[Term], do: Settings) -> Found:
        found = self.find(Query(tuple(terms), (), do))
        if found:
            return found
        for term in terms if len(terms) > 1 else ():
            rest = [t for t in terms if t != term]
            factor = self.find(Query((term,), tuple(rest), do))
            base = self._product(rest, do)
            if factor and base:
                return (factor[0] * base[0],)
        return ()

    def _others(self, query: Query, label: str) -> list[str]:
        return [other for other in self.states[query.outcome[0].variable] if other != label]

    @staticmethod
    def _with(query: Query, label: str) -> Query:
        term = query.outcome[0]
        return Query((Term(term.variable, label, term.do),), query.given, query.do)


def _labels(query: Query) -> Iterable[tuple[str, str]]:
    """Yield every (variable, label) that a query names; terms without a value name none."""
    for settings in (query.do, *(t.do for t in query.walk())):
        for name, setting in settings:
            match setting:
                case str():
                    yield name, setting
                case Stochastic():
                    yield from ((name, label) for label, _ in setting.probabilities)
                case _:
                    continue
    for term in query.walk():
        if term.value is not None:
            yield term.variable, term.value
