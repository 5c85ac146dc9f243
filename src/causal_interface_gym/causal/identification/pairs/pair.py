r"""Two models that agree on all of the input and answer a query differently, by linear algebra.

Draw a positive model of the smallest graph in which the question is open, and give one hidden cause
many states. Everything that the input shows is linear in the distribution p of that cause, and so
are P(events, conditions) and P(conditions) of the query. Take r, their quotient at the uniform p,
and project the vector (events) - r (conditions) on what is orthogonal to all rows of the input. If
the projection is not zero, moving p along it and against it gives two models that agree on the
input, keep every probability positive, and differ on the query. That one cause may be enough is the
argument of [kivva2022] for effects; here it is tried for each cause and each noise, and every pair
is checked before it is handed out.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations, product
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identification.evidence.source import Source, Sources
from causal_interface_gym.causal.identification.general import Refusal, solve_in_general
from causal_interface_gym.causal.identification.pairs.agreement import shown_rows
from causal_interface_gym.causal.identification.pairs.minimal import smallest_graph
from causal_interface_gym.causal.identification.pairs.parameters import (
    Parameters,
    draw_parameters,
)
from causal_interface_gym.causal.identification.pairs.witness import Witness, require_agreement
from causal_interface_gym.causal.mechanism import Table
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query, Setting, Settings, Term
from causal_interface_gym.errors import ImpossibleEventError, InferenceError, QueryError

__all__ = ["MAX_CHECKED_EXPERIMENTS", "find_pair", "find_plan_pair"]

MAX_CHECKED_EXPERIMENTS = 400
"""Settings of experiments up to which the models of a pair are compared one by one."""

Floats = NDArray[np.float64]
Inputs = Sequence[Source] | Literal["all"]
States = Mapping[str, tuple[str, ...]]

_SIZES = ((2, 40, 3), (3, 120, 4), (2, 90, 4), (2, 160, 5), (2, 400, 8))
"""States of a variable, of the wide cause and of other hidden causes, to try in this order.

What several populations show can span all states of a narrow cause, as each adds its own numbers,
and a wide cause needs more states than the rank of what is shown: so the last three are larger.
"""
_NULL = 1e-10
_DIFFERENT = 1e-6
_SHARE = 0.9


class _Question(Protocol):
    """What is asked of a model."""

    @property
    def query(self) -> Query:
        """The query, with values."""
        ...

    def asked(self, model: SCM) -> SCM:
        """Give the model in which the query is a plain question."""
        ...

    def policy(self) -> Mapping[str, Floats]:
        """Give the tables of a plan that is part of the question."""
        ...


@dataclass(frozen=True, slots=True)
class _Plain:
    query: Query

    def asked(self, model: SCM) -> SCM:
        return model

    def policy(self) -> Mapping[str, Floats]:
        return {}


@dataclass(frozen=True, slots=True)
class _Planned:
    query: Query
    looked: Mapping[str, tuple[str, ...]]
    tables: Mapping[str, Floats]

    def asked(self, model: SCM) -> SCM:
        return model.change({x: Table(self.looked[x], t) for x, t in self.tables.items()})

    def policy(self) -> Mapping[str, Floats]:
        return self.tables


def find_pair(graph: ADMG, query: Query, inputs: Inputs) -> Witness:
    """Search for two models that differ on a query.

    Raises:
        WidthError: The question is open only in a graph whose tables would be too large.
        InferenceError: No cause that was tried gives one.
    """

    def is_open(smaller: ADMG) -> bool:
        try:
            answer = solve_in_general(smaller, query, Sources(smaller, inputs))
        except (ImpossibleEventError, QueryError):  # with fewer edges events may contradict
            return False
        return isinstance(answer, Refusal)

    small = smallest_graph(graph, is_open)
    return _search(small, inputs, query, lambda concrete, _states, _rng: _Plain(concrete))


def find_plan_pair(
    graph: ADMG,
    outcome: Sequence[str],
    looked: Mapping[str, tuple[str, ...]],
    inputs: Sequence[Source],
    is_open: Callable[[ADMG], bool],
) -> Witness:
    """Search for two models and one plan under which they differ.

    Raises:
        WidthError: The question is open only in a graph whose tables would be too large.
        InferenceError: No cause that was tried gives one.
    """

    def planned(query: Query, states: States, rng: np.random.Generator) -> _Planned:
        tables: dict[str, Floats] = {}
        for x, names in looked.items():
            rows = rng.uniform(0.05, 1.0, [len(states[v]) for v in (*names, x)])
            tables[x] = rows / rows.sum(axis=-1, keepdims=True)
        return _Planned(query, looked, tables)

    small = smallest_graph(graph, is_open)
    return _search(small, inputs, Query.of(outcome=outcome), planned)


def _search(
    small: ADMG,
    inputs: Inputs,
    query: Query,
    make: Callable[[Query, States, np.random.Generator], _Question],
) -> Witness:
    """Try one cause after the other."""
    differing = {} if isinstance(inputs, str) else {
        s.domain: tuple(sorted(s.differs)) for s in inputs if s.domain
    }  # fmt: skip
    rng = np.random.default_rng(0)
    for n_states, n_wide, n_hidden in _SIZES:
        states, concrete = _concrete(small, query, n_states)
        for wide in _causes(small):
            parameters = draw_parameters(
                small, states, wide, differing, n_wide=n_wide, n_hidden=n_hidden, rng=rng
            )
            found = _try(parameters, make(concrete, states, rng), inputs)
            if found is not None:
                return found
    message = f"no pair of models was found for {query}; the obstruction stands without one"
    raise InferenceError(message)


def _causes(graph: ADMG) -> Iterator[tuple[str, ...]]:
    """Yield what may read the wide cause: two variables that share one, or one alone."""
    yield from graph.bidirected
    yield from ((v,) for v in graph.order)


def _try(parameters: Parameters, question: _Question, inputs: Inputs) -> Witness | None:
    """Look for a direction that the input does not show and the query does."""
    uniform = np.full(parameters.n_wide, 1 / parameters.n_wide)
    model = parameters.model(uniform)
    query = question.query
    events, conditions = _vectors(question.asked(model), parameters, query)
    wanted = events - conditions * float(events.sum() / conditions.sum())
    hidden = _orthogonal(wanted, shown_rows(parameters, inputs))
    size = float(np.abs(hidden).max())
    if size < _NULL:
        return None
    step = hidden * (_SHARE * float(uniform[0]) / size)
    pair = [parameters.model(_shares(uniform + sign * step)) for sign in (1, -1)]
    first, second = (question.asked(m).p(query) for m in pair)
    if abs(first - second) < _DIFFERENT:
        return None
    elsewhere = {
        domain: tuple(parameters.model(_shares(uniform + s * step), domain) for s in (1, -1))
        for domain in parameters.variants
    }
    found = Witness(
        pair[0],
        pair[1],
        query,
        first,
        second,
        is_checked=False,
        elsewhere={d: (a, b) for d, (a, b) in elsewhere.items()},
        policy=question.policy(),
    )
    return replace(found, is_checked=_check(parameters, found, inputs))


def _vectors(model: SCM, parameters: Parameters, query: Query) -> tuple[Floats, Floats]:
    """Give P(events, conditions) and P(conditions) for each state of the wide cause."""
    found = np.ones((2, parameters.n_wide))
    for state in range(parameters.n_wide):
        cause = (Term(parameters.name, str(state)),)
        found[0, state] = model.p(Query(query.outcome + query.given, cause, query.do))
        if query.given:
            found[1, state] = model.p(Query(query.given, cause, query.do))
    return found[0], found[1]


def _orthogonal(wanted: Floats, rows: Floats) -> Floats:
    """Take away from a vector what the rows span."""
    _, sizes, span = np.linalg.svd(rows, full_matrices=False)
    basis = span[sizes > sizes[0] * _NULL]
    left = wanted - basis.T @ (basis @ wanted)
    found: Floats = left - basis.T @ (basis @ left)
    return found


def _shares(p: Floats) -> Floats:
    found: Floats = p / p.sum()
    return found


def _concrete(graph: ADMG, query: Query, n_states: int) -> tuple[dict[str, tuple[str, ...]], Query]:
    """Give every variable states, those that the query names first, and the query values."""
    named: dict[str, list[str]] = {v: [] for v in graph.order}
    for variable, label in _labels(query):
        if label not in named[variable]:
            named[variable].append(label)
    states, chosen = {}, {}
    for v, labels in named.items():
        spare = [str(i) for i in range(n_states + len(labels)) if str(i) not in labels]
        chosen[v] = spare[0]
        states[v] = tuple(labels + spare[: max(1, n_states - len(labels))])

    def settings(given: Settings) -> Settings:
        return tuple((name, setting(name, value)) for name, value in given)

    def setting(name: str, value: Setting) -> Setting:
        if isinstance(value, Term):
            return Term(value.variable, None, settings(value.do))
        return chosen[name] if value is None else value

    def terms(listed: tuple[Term, ...]) -> tuple[Term, ...]:
        return tuple(
            Term(t.variable, t.value or chosen[t.variable], settings(t.do)) for t in listed
        )

    return states, Query(terms(query.outcome), terms(query.given), settings(query.do))


def _labels(query: Query) -> Iterator[tuple[str, str]]:
    """Yield every value that a query gives a variable."""
    for term in query.walk():
        if term.value is not None:
            yield term.variable, term.value
    for settings in (query.do, *(term.do for term in query.walk())):
        yield from ((name, value) for name, value in settings if isinstance(value, str))


def _check(parameters: Parameters, pair: Witness, inputs: Inputs) -> bool:
    """Compare both models on the whole input, if it is small; fail if they disagree."""
    names = [v for edge in parameters.graph.directed + parameters.graph.bidirected for v in edge]
    involved = sorted({*names, *pair.query.variables})
    experiments = list(_experiments(involved, inputs))
    sizes = {v: len(parameters.states[v]) for v in involved}
    n_settings = sum(int(np.prod([sizes[v] for v in do if v in sizes])) for do, _ in experiments)
    if n_settings > MAX_CHECKED_EXPERIMENTS:
        return False
    for do, domain in experiments:
        left = [v for v in involved if v not in do]
        set_names = [v for v in involved if v in do]
        models = pair.elsewhere[domain] if domain else (pair.first, pair.second)
        for labels in product(*(parameters.states[v] for v in set_names)):
            setting = dict(zip(set_names, labels, strict=True))
            tables = [model.table(left, do=setting) for model in models] if left else []
            if tables:
                require_agreement(*tables)
    return True


def _experiments(involved: list[str], inputs: Inputs) -> Iterator[tuple[frozenset[str], str]]:
    if not isinstance(inputs, str):
        yield from ((source.do, source.domain) for source in inputs)
        return
    sizes = range(len(involved) + 1)
    for do in chain.from_iterable(combinations(involved, n) for n in sizes):
        yield frozenset(do), ""
