"""Structural causal models over finite variables, and exact seeing, doing and imagining.

An ``SCM`` is a DAG whose every variable has states and a mechanism; some variables may be latent.
All numbers come from variable elimination over the ancestors, in the mutilated graph, of what is
asked: exact up to float64 rounding.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.inference.counterfactual import counterfactual_table
from causal_interface_gym.causal.inference.elimination import Answer, interventional_table
from causal_interface_gym.causal.inference.marginals import all_marginals
from causal_interface_gym.causal.mechanism import MAX_CELLS, Coupling, Mechanism, Table
from causal_interface_gym.causal.query import Query, Setting, Stochastic, Term
from causal_interface_gym.errors import (
    ImpossibleEventError,
    ModelError,
    QueryError,
    TableError,
    UnknownStateError,
    UnknownVariableError,
)

__all__ = ["SCM"]

Floats = NDArray[np.float64]
Values = str | Iterable[str] | Mapping[str, object]
T = TypeVar("T")

_FEW_CELLS = 4096
"""Several outcomes share a table of so many cells; the rest is asked given those."""


class SCM:
    """A structural causal model with finite variables, immutable.

    Args:
        states: The labels of each variable; their order is the order of table axes.
        mechanisms: One for each variable; its parents make the graph.
        latent: Variables that are never observed; queries may still speak of them.

    >>> model = SCM.from_tables(
    ...     parents={"wet": ("rain",)},
    ...     states={"rain": ("no", "yes"), "wet": ("no", "yes")},
    ...     tables={"rain": [0.8, 0.2], "wet": [[0.9, 0.1], [0.2, 0.8]]},
    ... )
    >>> round(model.p("rain=yes | wet=yes"), 4), round(model.p("rain=yes | do(wet=yes)"), 4)
    (0.6667, 0.2)

    Raises:
        CycleError: The parents run in a circle.
        TableError: A table does not fit its variable.
        ModelError: A variable without states or mechanism, or one given twice.
    """

    def __init__(
        self,
        states: Mapping[str, Sequence[str]],
        mechanisms: Mapping[str, Mechanism],
        latent: Iterable[str] = (),
    ) -> None:
        """Check that the parts fit together."""
        self.states: dict[str, tuple[str, ...]] = _all_labels(states)
        self.mechanisms: dict[str, Mechanism] = dict(_mapping(mechanisms, "mechanisms"))
        _check_names(self.states, self.mechanisms)
        self.dag: ADMG = ADMG(
            [(p, v) for v, m in self.mechanisms.items() for p in m.parents], nodes=self.states
        )
        self.latent: frozenset[str] = frozenset(self.dag.names(self.dag.mask(latent)))
        self._cpts = {v: _checked_cpt(self.states, v, m) for v, m in self.mechanisms.items()}
        self.plans: dict[object, object] = {}

    @classmethod
    def from_tables(
        cls,
        *,
        states: Mapping[str, Sequence[str]],
        tables: Mapping[str, object],
        parents: Mapping[str, Sequence[str]] | None = None,
        latent: Iterable[str] = (),
        coupling: Coupling | Mapping[str, Coupling] | None = None,
    ) -> Self:
        """Build a model from conditional probability tables.

        Args:
            states: The labels of each variable.
            tables: For each variable an array of shape (n_states of each parent, in order, then
                its own n_states); the last axis sums to 1.
            parents: The direct causes; a variable that is absent has none.
            latent: Variables that are never observed.
            coupling: How the noise of a table is shared between worlds: None (counterfactuals
                that need it are refused), "comonotone", "independent", or one for each variable.

        Raises:
            TableError: A table has another shape, a NaN, a negative number, or a row that does
                not sum to 1; the message says which row and by how much.
        """
        states = _all_labels(states)
        parents = _mapping(parents or {}, "parents")
        tables = _mapping(tables, "tables")
        each = coupling if isinstance(coupling, Mapping) else dict.fromkeys(tables, coupling)
        for name in (*tables, *parents, *each):
            if name not in states:
                raise UnknownVariableError(name, states)
        mechanisms = {
            name: _table(states, name, table, parents.get(name, ()), each.get(name))
            for name, table in tables.items()
        }
        return cls(states, mechanisms, latent)

    @property
    def nodes(self) -> tuple[str, ...]:
        """All variables in topological order, latent ones included."""
        return self.dag.order

    @property
    def observed(self) -> tuple[str, ...]:
        """The variables that are not latent, in topological order."""
        return tuple(v for v in self.dag.order if v not in self.latent)

    @cached_property
    def graph(self) -> ADMG:
        """What the observed variables show of the graph: the latent projection."""
        return self.dag.latent_projection(self.latent) if self.latent else self.dag

    def cpt(self, variable: str) -> Floats:
        """Give P(v | parents), shape (n_states of each parent, n_states)."""
        if variable not in self._cpts:
            raise UnknownVariableError(variable, self.states)
        return self._cpts[variable]

    def change(self, mechanisms: Mapping[str, Mechanism]) -> "SCM":
        """Give the model with other mechanisms for some variables: a soft intervention."""
        for name in mechanisms:
            self.dag.mask(name)
        return SCM(self.states, {**self.mechanisms, **mechanisms}, self.latent)

    def p(self, query: str | Query, *, limit: int = MAX_CELLS) -> float:
        """Compute a probability exactly: seeing, doing or imagining.

        Args:
            query: ``"Y=1 | do(X=1), Z=0"``, ``"Y[X=0]=1 | X=1, Y=1"``, or a ``Query``; every
                variable has a value.
            limit: Cells that an intermediate table may have.

        Raises:
            ImpossibleEventError: The condition has probability 0.
            UndeclaredCouplingError: A counterfactual that the tables do not fix.
            WidthError: An intermediate table would pass the limit.
            QueryError: Unknown names or labels, malformed text, or a value left open.
        """
        asked = _query(query)
        if asked.is_symbolic:
            message = f"{asked} leaves a value open; give every variable one, e.g. Y=1"
            raise QueryError(message)
        n_together = self._n_together(asked.outcome)
        if n_together < len(asked.outcome):
            return self._in_parts(asked, n_together, limit)
        answer = self._answer(asked, limit)
        wanted: dict[int, int] = {}
        for axis, term in zip(answer.axes, asked.outcome, strict=True):
            state = self.state(term.variable, term.value or "")
            if wanted.setdefault(axis, state) != state:
                return 0.0
        return min(float(answer.table[tuple([wanted[axis] for axis in sorted(wanted)])]), 1.0)

    def distribution(
        self, outcome: Values, *, do: Values = (), given: Values = (), limit: int = MAX_CELLS
    ) -> dict[str, float] | dict[tuple[str, ...], float]:
        """Give the exact distribution of one outcome, {label: p}, or several, {(label, ...): p}.

        ``do`` and ``given`` map variables to labels; a ``do`` value may be {label: probability}.

        Raises:
            ImpossibleEventError: The condition has probability 0.
        """
        asked = Query.of(outcome=outcome, do=do, given=given)
        table = self._joint(asked, limit)
        if isinstance(outcome, str):
            return dict(zip(self.states[outcome], table.tolist(), strict=True))
        names = [t.variable for t in asked.outcome]
        return {
            tuple(self.states[n][i] for n, i in zip(names, place, strict=True)): float(p)
            for place, p in np.ndenumerate(table)
        }

    def table(
        self,
        names: Sequence[str],
        *,
        do: Values = (),
        given: Values = (),
        limit: int = MAX_CELLS,
    ) -> Floats:
        """Give the joint distribution of ``names`` as an array, one axis a name, in order."""
        return self._joint(Query.of(outcome=names, do=do, given=given), limit)

    def _joint(self, asked: Query, limit: int) -> Floats:
        places = [t.variable for t in asked.outcome]
        if len(set(places)) < len(places):
            message = f"each outcome is named once; got {places}"
            raise QueryError(message)
        answer = self._answer(asked, limit)
        if len(places) == 1:
            return answer.table
        return np.ascontiguousarray(np.transpose(answer.table, answer.axes))

    def marginals(
        self, *, do: Values = (), given: Values = (), limit: int = MAX_CELLS
    ) -> dict[str, Floats]:
        """Give the exact distribution of every variable, in two passes over one plan.

        Raises:
            ImpossibleEventError: The condition has probability 0.
        """
        asked = Query.of(outcome=self.nodes[0], do=do, given=given)
        self._check(asked)
        found, p_given = all_marginals(self, asked, limit=limit)
        if p_given <= 0:
            raise ImpossibleEventError(_condition(asked))
        return found

    def state(self, variable: str, label: str) -> int:
        """Give the number of a label.

        Raises:
            UnknownVariableError: No such variable.
            UnknownStateError: The variable has no such state.
        """
        labels = self.states.get(variable)
        if labels is None:
            raise UnknownVariableError(variable, self.states)
        try:
            return labels.index(label)
        except ValueError:
            raise UnknownStateError(variable, label, labels) from None

    def _n_together(self, outcome: Sequence[Term]) -> int:
        """Count the outcomes, from the first on, whose joint table stays small."""
        cells = 1
        for n, term in enumerate(outcome):
            cells *= len(self.states.get(term.variable, ()))
            if cells > _FEW_CELLS:
                return max(n, 1)
        return len(outcome)

    def _in_parts(self, query: Query, n: int, limit: int) -> float:
        """Multiply P(some | given) P(others | some, given), so that no table holds them all."""
        some, others = query.outcome[:n], query.outcome[n:]
        total = self.p(Query(some, query.given, query.do), limit=limit)
        given = query.given + some
        while others and total > 0:
            n = self._n_together(others)
            total *= self.p(Query(others[:n], given, query.do), limit=limit)
            given, others = given + others[:n], others[n:]
        return total

    def _answer(self, query: Query, limit: int) -> Answer:
        self._check(query)
        if query.is_counterfactual or any(isinstance(s, Term) for _, s in query.do):
            answer = counterfactual_table(self, query, limit)
        else:
            answer = interventional_table(self, query, limit)
        if answer.p_given <= 0:
            raise ImpossibleEventError(_condition(query))
        return answer

    def _check(self, query: Query) -> None:
        """Refuse unknown names and labels, and conditions without a value."""
        for term in query.walk():
            self.dag.mask(term.variable)
            if term.value is not None:
                self.state(term.variable, term.value)
            for name, setting in term.do:
                self._check_setting(name, setting)
        for name, setting in query.do:
            self._check_setting(name, setting)
        for term in query.given:
            if term.value is None:
                message = f"the condition {term} needs a value, e.g. {term.variable}=..."
                raise QueryError(message)

    def _check_setting(self, name: str, setting: Setting) -> None:
        match setting:
            case str():
                self.state(name, setting)
            case Stochastic():
                for label, _ in setting.probabilities:
                    self.state(name, label)
            case Term():
                self.dag.mask(name)
            case _:
                self.dag.mask(name)
                message = f"the intervention on {name!r} needs a value, e.g. do({name}=...)"
                raise QueryError(message)

    def __repr__(self) -> str:
        """Show the graph, marking latent variables."""
        hidden = f", latent={sorted(self.latent)}" if self.latent else ""
        return f"SCM({self.dag!r}{hidden})"


def _query(query: object) -> Query:
    if isinstance(query, str):
        return Query.parse(query)
    if isinstance(query, Query):
        return query
    raise QueryError(f"a query is text such as 'Y=1 | do(X=1)', or a Query; got {query!r}")


def _mapping(parts: Mapping[str, T], what: str) -> Mapping[str, T]:
    if isinstance(parts, Mapping):
        return parts
    raise ModelError(f"{what} map each variable to its own; got {parts!r}")


def _all_labels(states: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {name: _labels(name, labels) for name, labels in _mapping(states, "states").items()}


def _labels(name: str, labels: object) -> tuple[str, ...]:
    # A set has no order, and the order of the states is that of the table.
    if (
        isinstance(labels, str)
        or not isinstance(labels, Sequence)
        or not labels
        or not all(isinstance(label, str) for label in labels)
    ):
        message = f"the states of {name!r} are a list of labels, e.g. ('0', '1'); got {labels!r}"
        raise ModelError(message)
    if len(set(labels)) < len(labels) or "" in labels:
        message = f"the states of {name!r} hold an empty label or a label twice: {labels!r}"
        raise ModelError(message)
    return tuple(labels)


def _check_names(states: Mapping[str, object], mechanisms: Mapping[str, Mechanism]) -> None:
    for name in states:
        if name not in mechanisms:
            message = f"variable {name!r} has states and no table or other mechanism"
            raise ModelError(message)
    for name, mechanism in mechanisms.items():
        if not callable(getattr(mechanism, "joint", None)):
            message = f"{name!r} needs a Table, Deterministic or NoisyOr; got {mechanism!r}"
            raise ModelError(message)
        for known in (name, *mechanism.parents):
            if known not in states:
                raise UnknownVariableError(known, states)
        if len(set(mechanism.parents)) < len(mechanism.parents):
            message = f"variable {name!r} has a parent twice: {list(mechanism.parents)}"
            raise ModelError(message)


def _checked_cpt(states: Mapping[str, Sequence[str]], name: str, mechanism: Mechanism) -> Floats:
    cpt = mechanism.cpt
    wanted = tuple(len(states[v]) for v in (*mechanism.parents, name))
    if cpt.shape != wanted:
        parents = ", ".join(f"{p} ({len(states[p])})" for p in mechanism.parents) or "no parents"
        message = f"shape {cpt.shape} does not fit {parents} and its own {wanted[-1]} states; "
        raise TableError(name, message + f"it must be {wanted}")
    return cpt


def _table(
    states: Mapping[str, Sequence[str]],
    name: str,
    table: object,
    parents: Sequence[str],
    coupling: Coupling | None,
) -> Table:
    if not isinstance(parents, (list, tuple)):
        message = f"the parents of {name!r} are a list, in the order of the axes; got {parents!r}"
        raise ModelError(message)
    for parent in parents:
        if parent not in states:
            raise UnknownVariableError(parent, states)
    try:
        values = np.array(table, dtype=np.float64)
        wanted = tuple(len(states[v]) for v in (*parents, name))
        if values.shape != wanted:
            message = f"shape {values.shape}; with parents {list(parents)} it must be {wanted}"
            raise TableError(name, message)
        return Table(tuple(parents), values, coupling)
    except (ModelError, ValueError, TypeError, OverflowError) as error:
        if isinstance(error, TableError):
            raise
        raise TableError(name, str(error)) from None


def _condition(query: Query) -> str:
    text = str(query)
    return text[text.index("|") + 1 : -1].strip()
