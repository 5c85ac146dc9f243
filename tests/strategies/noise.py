"""Random models whose noise is written out, and every query answered by visiting all of it.

Shares nothing with the package but the values it reads: a unit is one joint state of the noise, a
response for every variable, and a world is a recursive evaluation of the structural equations.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from math import prod

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from causal_interface_gym.causal.mechanism import Deterministic, Mechanism, NoisyOr, Table
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query, Setting, Settings, Stochastic, Term

Response = tuple[int, ...]
"""The number of the variable's state for each flat parent setting."""

MOST_UNITS = 3000


@dataclass(frozen=True, slots=True)
class Unit:
    """One joint state of the noise, and its chance."""

    chance: float
    responses: Mapping[str, Response]


def units(model: SCM) -> list[Unit]:
    """List every joint state of the noise that can happen."""
    each = [[(v, *case) for case in responses(model.mechanisms[v])] for v in model.nodes]
    return [
        Unit(prod(chance for _, chance, _ in row), {v: response for v, _, response in row})
        for row in product(*each)
    ]


def responses(mechanism: Mechanism) -> list[tuple[float, Response]]:
    """List the response functions of one mechanism with their chances."""
    match mechanism:
        case Deterministic():
            return [(1.0, tuple(int(s) for s in mechanism.states.ravel()))]
        case NoisyOr():
            return list(_inhibited(mechanism))
        case Table(coupling="independent"):
            rows = mechanism.cpt.reshape(-1, mechanism.cpt.shape[-1])
            found: list[tuple[float, Response]] = [(1.0, ())]
            for row in rows:
                found = [(c * p, (*r, s)) for c, r in found for s, p in enumerate(row) if p > 0]
            return found
        case _:
            return list(_inverted(mechanism.cpt.reshape(-1, mechanism.cpt.shape[-1])))


def _inverted(rows: NDArray[np.float64]) -> Iterator[tuple[float, Response]]:
    steps = np.cumsum(rows, axis=1)[:, :-1]
    cuts = sorted({round(float(c), 13) for c in steps.ravel() if 1e-13 < c < 1 - 1e-13})
    for low, high in pairwise([0.0, *cuts, 1.0]):
        middle = (low + high) / 2
        yield high - low, tuple(int((step < middle).sum()) for step in steps)


def _inhibited(mechanism: NoisyOr) -> Iterator[tuple[float, Response]]:
    chances = (*mechanism.strengths, mechanism.leak)
    for acts in product((0, 1), repeat=len(chances)):
        chance = prod(p if act else 1 - p for act, p in zip(acts, chances, strict=True))
        if chance > 0:
            settings = product((0, 1), repeat=len(mechanism.parents))
            yield chance, tuple(int(any(map(min, (*s, 1), acts))) for s in settings)


def brute_force(model: SCM, query: str | Query) -> float | None:
    """Sum the chances of the units where the query holds; None if its condition cannot happen."""
    asked = Query.parse(query) if isinstance(query, str) else query
    draws = sorted(_draws(asked), key=str)
    holds = total = 0.0
    for unit in units(model):
        for drawn in product(*(d.probabilities for _, _, d in draws)):
            chance = unit.chance * prod(p for _, p in drawn)
            values = {d[:2]: label for d, (label, _) in zip(draws, drawn, strict=True)}
            one = _World(model, asked, unit, values)
            if all(one.label(t) == t.value for t in asked.given):
                total += chance
                holds += chance * all(one.label(t) == t.value for t in asked.outcome)
    return holds / total if total > 0 else None


_QUERY = "by the query itself"


def _draws(query: Query) -> set[tuple[str, object, Stochastic]]:
    """Each draw once: those of the query are shared, those of a term belong to its world."""
    found: set[tuple[str, object, Stochastic]] = {
        (v, _QUERY, s) for v, s in query.do if isinstance(s, Stochastic)
    }
    for term in query.walk():
        found |= {(v, term.do, s) for v, s in term.do if isinstance(s, Stochastic)}
    return found


@dataclass(frozen=True, slots=True)
class _World:
    model: SCM
    query: Query
    unit: Unit
    drawn: Mapping[tuple[str, object], str]

    def label(self, term: Term, *, inside: bool = True) -> str:
        """Give the value of a term, inside the query's own intervention or outside of it."""
        return self.value(term.variable, term.do, inside=inside)

    def value(self, v: str, own: Settings, *, inside: bool) -> str:
        """Evaluate the structural equations backwards from one variable."""
        if v in dict(own):
            return self.setting(v, dict(own)[v], own, inside=inside)
        if inside and v in dict(self.query.do):
            return self.setting(v, dict(self.query.do)[v], _QUERY, inside=False)
        states, flat = self.model.states, 0
        for parent in self.model.mechanisms[v].parents:
            label = self.value(parent, own, inside=inside)
            flat = flat * len(states[parent]) + states[parent].index(label)
        return states[v][self.unit.responses[v][flat]]

    def setting(self, v: str, setting: Setting, origin: object, *, inside: bool) -> str:
        """Give what a variable is set to."""
        match setting:
            case str():
                return setting
            case Term():
                return self.label(setting, inside=inside)
            case _:
                return self.drawn[v, origin]


NAMES = ("A", "B", "C", "D")


@st.composite
def models(
    draw: st.DrawFn,
    *,
    couplings: Sequence[str] = ("comonotone", "independent"),
    n_nodes: int = 4,
) -> SCM:
    """Draw a model of up to four variables, its noise small enough to write out."""
    names = NAMES[: draw(st.integers(2, n_nodes))]
    states: dict[str, tuple[str, ...]] = {}
    mechanisms: dict[str, Mechanism] = {}
    n_units = 1
    for i, name in enumerate(names):
        parents = tuple(draw(st.lists(st.sampled_from(names[:i]), unique=True, max_size=2))
                        if i else [])  # fmt: skip
        sizes = [len(states[p]) for p in parents]
        kinds = ["table", "table", "function"] + ["or"] * (set(sizes) == {2})
        size = 2 if (kind := draw(st.sampled_from(kinds))) == "or" else draw(st.integers(1, 3))
        coupling = draw(st.sampled_from(couplings))
        made = draw(_mechanism(kind, parents, (*sizes, size), coupling))
        if n_units * len(responses(made)) > MOST_UNITS:
            made = draw(_mechanism("function", parents, (*sizes, size), coupling))
        n_units *= len(responses(made))
        states[name] = tuple(str(s) for s in range(size))
        mechanisms[name] = made
    return SCM(states, mechanisms)


@st.composite
def _mechanism(
    draw: st.DrawFn, kind: str, parents: tuple[str, ...], shape: tuple[int, ...], coupling: str
) -> Mechanism:
    n_rows = prod(shape[:-1])
    if kind == "or":
        chances = st.sampled_from((0.0, 0.25, 0.5, 0.8, 1.0))
        return NoisyOr(parents, tuple(draw(chances) for _ in parents), draw(chances))
    if kind == "function":
        cells = draw(st.lists(st.integers(0, shape[-1] - 1), min_size=n_rows, max_size=n_rows))
        return Deterministic(parents, np.array(cells).reshape(shape[:-1]), shape[-1])
    # Weights with zeros, so that strata of probability 0 are common.
    weights = np.array(
        draw(st.lists(st.integers(0, 4), min_size=prod(shape), max_size=prod(shape)))
    ).reshape(n_rows, shape[-1])
    weights[:, 0] += weights.sum(axis=1) == 0
    rows = weights / weights.sum(axis=1, keepdims=True)
    return Table(parents, rows.reshape(shape), coupling)  # type: ignore[arg-type]  # one of two


@st.composite
def terms(draw: st.DrawFn, model: SCM, *, depth: int = 0) -> Term:
    """Draw a variable with a value, in a world whose settings may borrow from other worlds."""
    v = draw(st.sampled_from(model.nodes))
    return Term(v, draw(st.sampled_from(model.states[v])), draw(settings_of(model, depth=depth)))


@st.composite
def settings_of(draw: st.DrawFn, model: SCM, *, depth: int) -> Settings:
    """Draw an intervention: labels, draws, and variables of other worlds while depth lasts."""
    if not depth:
        return ()
    chosen = draw(st.lists(st.sampled_from(model.nodes), unique=True, max_size=2))
    return tuple((v, draw(_setting(model, v, depth))) for v in sorted(chosen))


@st.composite
def _setting(draw: st.DrawFn, model: SCM, v: str, depth: int) -> Setting:
    labels = model.states[v]
    kind = draw(st.sampled_from(["label", "label", "draw"] + ["world"] * (depth > 1)))
    if kind == "world" and (inner := draw(settings_of(model, depth=depth - 1))):
        return Term(v, None, inner)
    if kind == "draw":
        weights = [draw(st.integers(1, 3)) for _ in labels]
        chances = [w / sum(weights) for w in weights]
        return Stochastic(tuple(zip(labels, chances, strict=True)))
    return draw(st.sampled_from(labels))


@st.composite
def queries(draw: st.DrawFn, model: SCM, *, depth: int = 0, act: bool = True) -> Query:
    """Draw a query of one or two outcomes and up to two conditions, ``depth`` worlds deep."""
    outcome = draw(st.lists(terms(model, depth=depth), min_size=1, max_size=2))
    given = draw(st.lists(terms(model, depth=depth), max_size=2))
    do = draw(settings_of(model, depth=max(depth, 1))) if act else ()
    return Query(tuple(outcome), tuple(given), do)
