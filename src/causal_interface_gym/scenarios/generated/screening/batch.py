"""Answer questions in many candidate worlds at once, by tables with a leading candidate axis.

This screens candidates only; an accepted world is derived again by the engine and by enumeration.
Seeing and doing are sums over the truncated factorisation. A nested question lets the treatment
have another value for the mediators than for the outcome. A counterfactual of a binary outcome
with comonotone noise, where nothing but the outcome depends on the treatment, needs only the
overlap of two intervals of one uniform draw.

Source: [pearl2009], [pearl2001], [tian2000].
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.query import Query, Term
from causal_interface_gym.scenarios.generated.screening.draw import Tables
from causal_interface_gym.scenarios.generated.structure.blueprint import Blueprint, Node, labels_of

__all__ = ["Adjusted", "Batch"]

Floats = NDArray[np.float64]
Levels = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Adjusted:
    """The number that adjusting for ``names`` gives, in the rows with ``selected``."""

    treatment: Term
    outcome: Term
    names: tuple[str, ...]
    selected: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Candidates that share a blueprint; every answer has shape (n_candidates,)."""

    blueprint: Blueprint
    tables: Tables
    _marginals: dict[object, Floats] = field(default_factory=dict)

    def p(self, query: Query) -> Floats:
        """Answer a question about seeing, doing, a nested world or one other world."""
        outcome = query.outcome[0]
        if not outcome.do:
            return self._one_world(query)
        if any(isinstance(setting, Term) for _, setting in outcome.do):
            return self._nested(outcome)
        if not query.given:
            return self._one_world(Query((Term(outcome.variable, outcome.value),), (), outcome.do))
        return self._other_world(query)

    def adjusted(self, asked: Adjusted) -> Floats:
        """Compute sum over z of P(y | x, z) P(z); strata without the level are left out."""
        selected = tuple((v, self._state(v, label)) for v, label in asked.selected)
        outside = {asked.treatment.variable, asked.outcome.variable, *dict(selected)}
        names = tuple(v for v in asked.names if v not in outside)
        ends = (asked.outcome.variable, asked.treatment.variable)
        joint = self.marginal((*ends, *names, *dict(selected)))
        for _, state in reversed(selected):
            joint = joint[..., state]
        joint = joint.reshape(*joint.shape[:3], -1)
        level = self._state(asked.treatment.variable, str(asked.treatment.value))
        state = self._state(asked.outcome.variable, str(asked.outcome.value))
        weights = joint.sum(axis=(1, 2))
        totals = joint[:, :, level].sum(axis=1)
        known = totals > 0
        rates = joint[:, state, level] / np.where(known, totals, 1.0)
        weights = np.where(known, weights, 0.0)
        return _ratio((rates * weights).sum(axis=1), weights.sum(axis=1))

    def marginal(self, names: tuple[str, ...], do: Levels = ()) -> Floats:
        """Give the joint of some variables under an intervention, shape (n, *n_states)."""
        key = (names, do)
        if key not in self._marginals:
            self._marginals[key] = self._sum(self.tables, names, dict(do))
        return self._marginals[key]

    def _sum(self, tables: Tables, names: tuple[str, ...], do: dict[str, int]) -> Floats:
        needed = self._ancestors(names, do)
        places = {node.name: 1 + i for i, node in enumerate(needed)}
        joint = np.ones([1] * (1 + len(needed)))
        for node in needed:
            axes = (*node.parents, node.name)
            table = tables[node.name]
            if node.name in do:
                axes, table = (node.name,), np.eye(node.n_states)[None, do[node.name]]
            order = sorted(range(len(axes)), key=lambda i: places[axes[i]])
            spread = [1] * (1 + len(needed))
            spread[0] = table.shape[0]
            for i, axis in enumerate(axes):
                spread[places[axis]] = table.shape[1 + i]
            joint = joint * table.transpose(0, *(1 + i for i in order)).reshape(spread)
        gone = tuple(places[node.name] for node in needed if node.name not in names)
        left = [node.name for node in needed if node.name in names]
        order = [left.index(name) for name in names]
        return np.asarray(joint.sum(axis=gone).transpose(0, *(1 + i for i in order)))

    def _ancestors(self, names: tuple[str, ...], do: dict[str, int]) -> list[Node]:
        wanted = set(names)
        for node in reversed(self.blueprint.nodes):
            if node.name in wanted and node.name not in do:
                wanted.update(node.parents)
        return [node for node in self.blueprint.nodes if node.name in wanted]

    def _one_world(self, query: Query) -> Floats:
        given = {t.variable: self._state(t.variable, str(t.value)) for t in query.given}
        outcome = query.outcome[0]
        do = tuple((v, self._state(v, str(label))) for v, label in query.do)
        joint = self.marginal((outcome.variable, *given), do)
        for state in reversed(given.values()):
            joint = joint[..., state]
        joint = np.broadcast_to(joint, (len(self), joint.shape[1]))
        state = self._state(outcome.variable, str(outcome.value))
        return _ratio(joint[:, state], joint.sum(axis=1))

    def _nested(self, outcome: Term) -> Floats:
        """Let each mediator read the treatment of its own world, and the outcome that of hers."""
        settings = dict(outcome.do)
        levels = {name: dict(value.do) for name, value in outcome.do if isinstance(value, Term)}
        own = {name: str(value) for name, value in settings.items() if name not in levels}
        (treatment, level), *_ = own.items()
        tables = dict(self.tables)
        for child in (*levels, outcome.variable):
            parents = self.blueprint.node(child).parents
            if treatment in parents:
                read = self._state(treatment, str(levels.get(child, own)[treatment]))
                axis = 1 + parents.index(treatment)
                shape = tables[child].shape
                fixed = tables[child].take([read], axis=axis)
                tables[child] = np.broadcast_to(fixed, shape)
        do = {treatment: self._state(treatment, level)}
        joint = self._sum(tables, (outcome.variable,), do)
        return joint[:, self._state(outcome.variable, str(outcome.value))]

    def _other_world(self, query: Query) -> Floats:
        y = query.outcome[0]
        ((treatment, wanted),) = y.do
        parents = self.blueprint.node(y.variable).parents
        seen = {t.variable: self._state(t.variable, str(t.value)) for t in query.given}
        factual = seen.pop(y.variable, None)
        others = tuple(v for v in parents if v != treatment)
        more = tuple(v for v in seen if v not in others)
        joint = self.marginal((*others, *more))
        for place, name in enumerate((*others, *more)):
            if name in seen:
                chosen = np.zeros(joint.shape[1 + place])
                chosen[seen[name]] = 1.0
                joint = joint * chosen.reshape(
                    [-1 if i == place else 1 for i in range(len(joint.shape) - 1)]
                )
        weights = joint.sum(axis=tuple(range(1 + len(others), joint.ndim)))
        table = np.moveaxis(self.tables[y.variable], 1 + parents.index(treatment), 1)
        would = table[:, self._state(treatment, str(wanted)), ..., 1]
        did = table[:, seen[treatment], ..., 1]
        both, total = _overlap(would, did, factual)
        if self._state(y.variable, str(y.value)) == 0:
            both = total - both
        axes = tuple(range(1, weights.ndim))
        return _ratio((weights * both).sum(axis=axes), (weights * total).sum(axis=axes))

    def _state(self, variable: str, label: str) -> int:
        return labels_of(self.blueprint.node(variable)).index(label)

    def __len__(self) -> int:
        """Count the candidates."""
        return len(next(iter(self.tables.values())))


def _overlap(would: Floats, did: Floats, factual: int | None) -> tuple[Floats, Floats]:
    """Give P(yes there and the factual state here) and P(the factual state here)."""
    if factual is None:
        return would, np.ones_like(would)
    if factual == 1:
        return np.minimum(would, did), did
    return would - np.minimum(would, did), 1 - did


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Divide; what conditions on the impossible is NaN, which no rule of admission accepts."""
    quotient: Floats = np.full(part.shape, np.nan)
    np.divide(part, whole, out=quotient, where=whole > 0)
    return quotient
