"""Brute force: every joint state of the noise, every world evaluated by its structural equations.

Shares no code with elimination, counterfactuals, identification or adjustment; it reads only the
declared parts of a model. Each mechanism becomes a finite noise variable and a table of responses,
value = responses[noise, parent setting]: the breakpoints of all rows for a comonotone table, one
draw a row for an independent one, one bit an inhibitor for a noisy-or, nothing for a function.
A world is then a loop over the variables; a probability is a sum of weights. Slow and plain, so
that the fast ways can be compared with it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Literal, Self, assert_never

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.mechanism import Coupling, Deterministic, NoisyOr, Table
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query, Setting, Settings, Stochastic, Term
from causal_interface_gym.errors import (
    ImpossibleEventError,
    QueryError,
    UndeclaredCouplingError,
    UnknownStateError,
    UnknownVariableError,
    WidthError,
)

__all__ = ["MAX_NOISE_STATES", "Enumeration", "enumerate_joint", "enumerate_probability"]

MAX_NOISE_STATES = 200_000

_SAME_PLACE = 1e-12
"""Breakpoints that differ by rounding only are one."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Undeclared = Coupling | Literal["refuse"]


def enumerate_probability(
    model: SCM, query: str | Query, *, limit: int = MAX_NOISE_STATES
) -> float:
    """Compute a probability by visiting every joint state of the noise.

    >>> model = SCM.from_tables(
    ...     states={"X": ("0", "1"), "Y": ("0", "1")}, parents={"Y": ("X",)},
    ...     tables={"X": [0.5, 0.5], "Y": [[0.9, 0.1], [0.2, 0.8]]}, coupling="comonotone",
    ... )
    >>> round(enumerate_probability(model, "Y[X=1]=1 | X=0, Y=0"), 12)
    0.777777777778
    """
    return Enumeration(model, limit=limit).probability(query)


def enumerate_joint(
    model: SCM, *, do: Mapping[str, str] | Collection[str] = (), limit: int = MAX_NOISE_STATES
) -> Floats:
    """Multiply all tables into the joint distribution, one axis a variable as in ``model.nodes``.

    The tables of what is set are left out (truncated factorisation). With ``do`` as names only, the
    axes of those variables are settings, so the array holds a distribution for each of them; with
    labels, every other setting gets 0.

    Raises:
        WidthError: The joint has more than ``limit`` cells.
    """
    shape = [len(model.states[v]) for v in model.nodes]
    if prod(shape) > limit:
        raise WidthError(prod(shape), limit)
    axis = {v: i for i, v in enumerate(model.nodes)}
    labels = do if isinstance(do, Mapping) else {}
    joint = np.ones(shape)
    for v in model.nodes:
        names, table = (*model.mechanisms[v].parents, v), _table(model, v)
        if v in do:
            names, table = (v,), np.ones(len(model.states[v]))
        if v in labels:
            table = np.eye(len(table))[_state(model, v, labels[v])]
        order = sorted(range(len(names)), key=lambda i: axis[names[i]])
        spread = [n if u in names else 1 for u, n in zip(model.nodes, shape, strict=True)]
        joint = joint * table.transpose(order).reshape(spread)
    return joint


class Enumeration:
    """A model spread out over its noise, to ask several queries of.

    Queries about one world have the same answer under every coupling, so tables are spread
    comonotonely for them. ``undeclared`` says what several worlds get for a table without a
    coupling: a refusal, or the coupling named.
    """

    def __init__(
        self,
        model: SCM,
        *,
        undeclared: Undeclared = "refuse",
        limit: int = MAX_NOISE_STATES,
    ) -> None:
        """Keep the model; noise is spread when it is first needed."""
        self.model = model
        self.limit = limit
        self.undeclared = undeclared
        self._spreads: dict[bool, _Spread] = {}

    def probability(self, query: str | Query) -> float:
        """Compute one probability.

        Raises:
            ImpossibleEventError: The condition has probability 0.
            QueryError: A value is left open.
        """
        asked = Query.parse(query) if isinstance(query, str) else query
        if asked.is_symbolic:
            message = f"{asked} leaves a value open"
            raise QueryError(message)
        _check(self.model, asked)
        run = _Run(self.model, asked, self._spread(_is_one_world(asked)), self.limit)
        given = run.holds(asked.given)
        p_given = float(run.weights[given].sum())
        if p_given <= 0:
            raise ImpossibleEventError(", ".join(map(str, asked.given)))
        return float(run.weights[given & run.holds(asked.outcome)].sum()) / p_given

    def _spread(self, one_world: bool) -> "_Spread":
        if one_world not in self._spreads:
            rule = "comonotone" if one_world else self.undeclared
            noises = {
                v: _noise(self.model, v, rule, one_world=one_world, limit=self.limit)
                for v in self.model.nodes
            }
            self._spreads[one_world] = _Spread.of(noises, limit=self.limit)
        return self._spreads[one_world]


@dataclass(frozen=True, slots=True)
class _Noise:
    """A finite noise variable: its chances, and the value it gives for each parent setting."""

    chances: Floats
    responses: Ints


@dataclass(frozen=True, slots=True)
class _Spread:
    """All joint states of the noise: the noise state of each variable, and the weight."""

    noises: dict[str, _Noise]
    states: dict[str, Ints]
    weights: Floats

    @classmethod
    def of(cls, noises: dict[str, _Noise], *, limit: int) -> Self:
        """Spread the product of all noises.

        Raises:
            WidthError: There are more than ``limit`` joint states.
        """
        sizes = {v: len(noise.chances) for v, noise in noises.items()}
        total = prod(sizes.values())
        if total > limit:
            raise WidthError(total, limit)
        counter = np.arange(total)
        states: dict[str, Ints] = {}
        weights = np.ones(total)
        for v, size in sizes.items():
            states[v] = counter % size
            counter = counter // size
            weights = weights * noises[v].chances[states[v]]
        return cls(noises, states, weights)


@dataclass(slots=True)
class _World:
    """The effective intervention of a world, and where each of its draws was declared."""

    settings: dict[str, Setting]
    origins: dict[str, object]
    inherits: bool
    values: dict[str, Ints] = field(default_factory=dict)


class _Run:
    """One query over one spread: its worlds and, after its draws, the weights."""

    def __init__(self, model: SCM, query: Query, spread: _Spread, limit: int) -> None:
        """Evaluate every world that the query speaks of."""
        self.model = model
        self.spread = spread
        self.query = query
        self.states = spread.states
        self.weights = spread.weights
        self.draws: dict[tuple[str, object], Ints] = {}
        self.worlds: dict[tuple[Settings, bool], _World] = {}
        self._spread_draws(limit)

    def holds(self, terms: Sequence[Term]) -> NDArray[np.bool_]:
        """Say in which joint noise states all terms have their values."""
        found = np.ones(self.weights.shape, dtype=bool)
        for term in terms:
            value = self.world(term.do).values[term.variable]
            found &= value == _state(self.model, term.variable, str(term.value))
        return found

    def world(self, own: Settings, *, inherits: bool = True) -> _World:
        """Give the evaluated world of an intervention inside the query's own one."""
        key = (own, inherits)
        if key not in self.worlds:
            world = _world(self.query, own, inherits=inherits)
            for v in self.model.nodes:
                world.values[v] = self._value(v, world)
            self.worlds[key] = world
        return self.worlds[key]

    def _value(self, v: str, world: _World) -> Ints:
        if v not in world.settings:
            mechanism = self.model.mechanisms[v]
            setting = np.zeros(self.weights.shape, dtype=np.int64)
            for parent in mechanism.parents:
                setting = setting * len(self.model.states[parent]) + world.values[parent]
            return self.spread.noises[v].responses[self.states[v], setting]
        match world.settings[v]:
            case str(label):
                return np.full(self.weights.shape, _state(self.model, v, label))
            case Term() as term:
                # What the query itself borrows comes from outside its own intervention.
                inherits = world.inherits and world.origins[v] is not _BY_QUERY
                return self.world(term.do, inherits=inherits).values[term.variable]
            case _:
                return self.draws[v, world.origins[v]]

    def _spread_draws(self, limit: int) -> None:
        """Multiply the joint states by every draw that some world makes.

        Raises:
            WidthError: There would be more than ``limit`` of them.
        """
        found: dict[tuple[str, object], Stochastic] = {}
        for own, inherits in _all_worlds(self.query):
            world = _world(self.query, own, inherits=inherits)
            for v, setting in world.settings.items():
                if isinstance(setting, Stochastic):
                    found[v, world.origins[v]] = setting
        total = prod(len(d.probabilities) for d in found.values()) * len(self.weights)
        if total > limit:
            raise WidthError(total, limit)
        for (v, origin), draw in found.items():
            chances = np.array([p for _, p in draw.probabilities])
            n = len(self.weights)
            self.states = {u: np.tile(s, len(chances)) for u, s in self.states.items()}
            self.draws = {k: np.tile(s, len(chances)) for k, s in self.draws.items()}
            labels = [_state(self.model, v, label) for label, _ in draw.probabilities]
            self.draws[v, origin] = np.repeat(np.array(labels), n)
            self.weights = np.outer(chances, self.weights).reshape(-1)


_BY_QUERY = object()
"""Origin of a setting that all worlds of a query inherit, so they share its draw."""


def _world(query: Query, own: Settings, *, inherits: bool) -> _World:
    settings: dict[str, Setting] = dict(query.do) if inherits else {}
    origins: dict[str, object] = dict.fromkeys(settings, _BY_QUERY)
    for name, setting in own:
        settings[name] = setting
        origins[name] = own
    return _World(settings, origins, inherits)


def _all_worlds(query: Query) -> Iterator[tuple[Settings, bool]]:
    """Yield the interventions of all worlds, those inside interventions included."""
    todo = [(t, True) for t in (*query.outcome, *query.given)]
    todo += [(v, False) for _, v in query.do if isinstance(v, Term)]
    while todo:
        term, inherits = todo.pop()
        yield term.do, inherits
        todo += [(v, inherits) for _, v in term.do if isinstance(v, Term)]


def _is_one_world(query: Query) -> bool:
    return len(set(_all_worlds(query))) == 1


def _noise(model: SCM, v: str, undeclared: Undeclared, *, one_world: bool, limit: int) -> _Noise:
    mechanism = model.mechanisms[v]
    match mechanism:
        case Deterministic():
            return _Noise(np.ones(1), mechanism.states.reshape(1, -1))
        case NoisyOr():
            return _inhibitors(mechanism, limit)
        case Table():
            rows = mechanism.cpt.reshape(-1, mechanism.cpt.shape[-1])
            coupling = undeclared if one_world else mechanism.coupling or undeclared
            if len(rows) == 1 or (rows == 1.0).any(axis=1).all():
                coupling = "comonotone"  # one row, or no noise: every coupling is the same
            return _table_noise(v, rows, coupling, limit)
        case _:
            message = f"enumeration knows tables, functions and noisy-or, not {mechanism!r}"
            raise QueryError(message)


def _table_noise(v: str, rows: Floats, coupling: Undeclared, limit: int) -> _Noise:
    match coupling:
        case "comonotone":
            return _breakpoints(rows)
        case "independent":
            return _draw_per_row(rows, limit)
        case "refuse":
            raise UndeclaredCouplingError(v)
        case _:
            assert_never(coupling)


def _breakpoints(rows: Floats) -> _Noise:
    """Cut [0, 1] where any row's distribution function has a step; each piece is one state."""
    steps = np.cumsum(rows, axis=1)[:, :-1]
    places = [0.0]
    for place in sorted(steps.ravel().tolist()):
        if place > places[-1] + _SAME_PLACE and place < 1.0 - _SAME_PLACE:
            places.append(place)
    ends = np.array([*places, 1.0])
    middles = (ends[1:] + ends[:-1]) / 2
    responses = (middles[:, None, None] > steps[None, :, :]).sum(axis=2)
    return _Noise(np.diff(ends), responses)


def _draw_per_row(rows: Floats, limit: int) -> _Noise:
    """List every function from parent setting to value that has a positive chance.

    Raises:
        WidthError: There are more than ``limit`` of them.
    """
    chances = np.ones(1)
    responses = np.zeros((1, 0), dtype=np.int64)
    for row in rows:
        possible = np.flatnonzero(row)
        size = len(chances) * len(possible)
        if size > limit:
            raise WidthError(size, limit)
        responses = np.column_stack(
            [np.repeat(responses, len(possible), axis=0), np.tile(possible, len(chances))]
        )
        chances = np.outer(chances, row[possible]).reshape(-1)
    return _Noise(chances, responses)


def _inhibitors(mechanism: NoisyOr, limit: int) -> _Noise:
    """One bit for each cause, whether it gets through, and one for the leak.

    Raises:
        WidthError: There are more than ``limit`` of them.
    """
    n = len(mechanism.parents)
    if 4**n > limit:
        raise WidthError(4**n, limit)
    settings = np.array(list(np.ndindex(*(2,) * n)), dtype=np.int64).reshape(2**n, n)
    bits = np.array(list(np.ndindex(*(2,) * (n + 1))), dtype=np.int64)
    through = np.array([*mechanism.strengths, mechanism.leak])
    chances = np.where(bits == 1, through, 1 - through).prod(axis=1)
    causes = (bits[:, None, :n] & settings[None, :, :]).any(axis=2)
    responses = (causes | (bits[:, None, n] == 1)).astype(np.int64)
    possible = chances > 0
    return _Noise(chances[possible], responses[possible])


def _table(model: SCM, v: str) -> Floats:
    """Give P(v | parents) from the mechanism's declared parameters."""
    mechanism = model.mechanisms[v]
    if isinstance(mechanism, Table):
        return mechanism.cpt
    noise = _noise(model, v, "comonotone", one_world=True, limit=MAX_NOISE_STATES)
    size = len(model.states[v])
    columns = [(noise.chances[:, None] * (noise.responses == s)).sum(axis=0) for s in range(size)]
    shape = [len(model.states[p]) for p in mechanism.parents]
    return np.stack(columns, axis=-1).reshape(*shape, size)


def _state(model: SCM, variable: str, label: str) -> int:
    states = model.states[variable]
    if label not in states:
        raise UnknownStateError(variable, label, states)
    return states.index(label)


def _check(model: SCM, query: Query) -> None:
    for name in query.variables:
        if name not in model.states:
            raise UnknownVariableError(name, model.states)
