"""An estimand: the formula that answers a query, with the query's values put in.

A formula may mention a variable that is neither summed nor asked about, as R in the napkin graph:
the formula then has the same number whatever state that variable is set to. Such a parameter is
set to the first of its states for which the number is defined.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.expression import (
    Expression,
    Symbol,
    free_variables,
    render_latex,
    render_text,
)
from causal_interface_gym.causal.identification.evaluation import (
    Evidence,
    Joint,
    Numbers,
    Partial,
    undefined_stratum,
)
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import (
    PositivityViolation,
    QueryError,
    UnknownStateError,
    UnknownVariableError,
)

__all__ = ["Estimand", "Evaluated"]


@dataclass(frozen=True, slots=True, eq=False)
class Evaluated:
    """The numbers of an estimand whose query leaves values open: one axis a variable."""

    variables: tuple[str, ...]
    states: tuple[tuple[str, ...], ...]
    values: NDArray[np.float64]

    def __getitem__(self, setting: Mapping[str, str]) -> float:
        """Give the number for one state of every variable.

        Raises:
            QueryError: A variable is missing.
            UnknownVariableError: A variable is not one of these.
            UnknownStateError: A label is not one of its states.
        """
        for name in setting:
            if name not in self.variables:
                raise UnknownVariableError(name, self.variables)
        place = []
        for name, labels in zip(self.variables, self.states, strict=True):
            if name not in setting:
                message = f"{name!r} needs a state: one of {', '.join(labels)}"
                raise QueryError(message)
            place.append(_state(name, setting[name], labels))
        return float(self.values[tuple(place)])


@dataclass(frozen=True, slots=True)
class Estimand:
    """The ``expression`` over observed variables that equals ``query``.

    ``str`` writes text, ``latex`` LaTeX; both put in the values that the query gives.
    """

    expression: Expression
    query: Query
    symbols: tuple[tuple[str, Symbol], ...] | None = None

    @property
    def values(self) -> dict[str, str]:
        """The values that the query gives its variables, where one variable has one value."""
        if self.symbols is not None:
            return {}
        terms = [(t.variable, t.value) for t in (*self.query.outcome, *self.query.given)]
        return {k: v for k, v in [*terms, *self.query.do] if isinstance(v, str)}

    @property
    def parameters(self) -> frozenset[str]:
        """Variables that may be set to any state: the number does not depend on it."""
        asked = frozenset(dict(self.symbols or ())) | frozenset(self._asked())
        return free_variables(self.expression) - asked

    def __str__(self) -> str:
        """Write as text."""
        return render_text(
            self.expression,
            self.values,
            reserved=self.query.variables,
            symbols=dict(self.symbols or ()),
        )

    def latex(self) -> str:
        """Write as LaTeX, without dollar signs."""
        return render_latex(
            self.expression,
            self.values,
            reserved=self.query.variables,
            symbols=dict(self.symbols or ()),
        )

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"

    def evaluate(
        self, model: Joint | Mapping[str, Joint], values: Mapping[str, str] | None = None
    ) -> float | Evaluated:
        """Compute the number in the observational distribution of ``model``, exactly.

        ``model`` is an ``SCM`` or anything with ``states`` and ``table(names)``, and with
        ``table(names, do={...})`` where the formula uses experiments; for several domains it is a
        mapping of their names to such. ``values`` give states to variables that the query leaves
        open; while some stay open the answer is a table.

        Raises:
            PositivityViolation: A stratum that the formula conditions on has probability 0.
            QueryError: A value contradicts the query's, or names an unknown variable or state; or
                the formula needs experiments or a domain that the data lack.
            WidthError: A table on the way would be too large.
        """
        numbers, found = self._found(model, values or {})
        if found.undefined.any():
            raise PositivityViolation(self._culprit(numbers, found))
        if not found.axes:
            return float(found.values)
        evidence = numbers.evidence
        labels = tuple(evidence.labels(v) for v in found.axes)
        shape = tuple(len(known) for known in labels)
        names = tuple(evidence.variable(v) for v in found.axes)
        return Evaluated(names, labels, np.broadcast_to(found.values, shape).copy())

    def where_defined(
        self, model: Joint | Mapping[str, Joint], values: Mapping[str, str] | None = None
    ) -> Partial:
        """Compute as ``evaluate`` does, and mark what an empty stratum leaves undefined.

        Raises:
            QueryError: As for ``evaluate``.
        """
        return self._found(model, values or {})[1]

    def _found(
        self, model: Joint | Mapping[str, Joint], values: Mapping[str, str]
    ) -> tuple[Numbers, Partial]:
        """Evaluate with one axis for each variable that stays open."""
        domains = model if isinstance(model, Mapping) else {"": model}
        evidence = Evidence(domains, dict(self.symbols or ()))
        fixed = self._fixed(evidence, self._merged(values))
        numbers = Numbers(evidence, fixed)
        asked = tuple(v for v in self._asked() if v not in fixed)
        return numbers, _settled(numbers.of(self.expression), asked)

    def _asked(self) -> tuple[str, ...]:
        """The variables of the query: outcome, do, given; or the symbols of those left open."""
        if self.symbols is not None:
            return tuple(name for name, symbol in self.symbols if symbol.label is None)
        outcome, given = ([t.variable for t in ts] for ts in (self.query.outcome, self.query.given))
        return (*outcome, *(name for name, _ in self.query.do), *given)

    def _merged(self, values: Mapping[str, str]) -> dict[str, str]:
        merged = self.values
        for name, label in values.items():
            if merged.setdefault(name, label) != label:
                message = f"{name!r} is {merged[name]!r} in {self.query}; it cannot be {label!r}"
                raise QueryError(message)
        return merged

    def _fixed(self, evidence: Evidence, values: Mapping[str, str]) -> dict[str, int]:
        known = {evidence.variable(name): name for name in (*self._asked(), *self.parameters)}
        for name in (*values, *known):
            if name not in known or not evidence.has(name):
                raise UnknownVariableError(name, sorted(v for v in known if evidence.has(v)))
        every = [(known[name], label) for name, label in values.items()]
        every += [(name, s.label) for name, s in self.symbols or () if s.label is not None]
        return {n: _state(evidence.variable(n), k, evidence.labels(n)) for n, k in every}

    def _culprit(self, numbers: Numbers, found: Partial) -> str:
        """Name the stratum behind the first undefined number."""
        place = np.unravel_index(int(np.argmax(found.undefined)), found.undefined.shape)
        cell = {name: int(i) for name, i in zip(found.axes, place, strict=True)}
        every = dict.fromkeys(self.parameters, 0) | cell | dict(numbers.fixed)
        return undefined_stratum(self.expression, Numbers(numbers.evidence, every, numbers.tables))


def _settled(found: Partial, asked: tuple[str, ...]) -> Partial:
    """Set each parameter to the first of its states that gives a defined number."""
    loose = tuple(a for a in found.axes if a not in asked)
    table = found.spread((*asked, *loose))
    shape = table.values.shape[: len(asked)]
    values, undefined = table.values.reshape(*shape, -1), table.undefined.reshape(*shape, -1)
    first = np.argmin(undefined, axis=-1, keepdims=True)
    return Partial(
        asked,
        np.take_along_axis(values, first, axis=-1)[..., 0],
        np.take_along_axis(undefined, first, axis=-1)[..., 0],
    )


def _state(name: str, label: str, labels: Sequence[str]) -> int:
    known = tuple(labels)
    if label not in known:
        raise UnknownStateError(name, label, known)
    return known.index(label)
