"""Linear-Gaussian structural models, exact on all three rungs.

Each variable is a linear function of its parents plus normal noise. In every world, that is, under
every intervention, all variables are linear in the same noises, so any set of variables over any
set of worlds is one normal distribution: x = (I - B)^-1 (c + D e). Conditioning that distribution
is seeing, doing and imagining in one formula. Exact up to float64 rounding.

Source: [wright1928] for path coefficients, [pearl2009, section 5.3 and theorem 7.2.2].
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.continuous.gaussian import Gaussian
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.errors import ModelError, QueryError, UnknownVariableError

__all__ = ["Linear", "LinearGaussian", "Potential", "Shift"]

Floats = NDArray[np.float64]

_PSD = -1e-12


@dataclass(frozen=True, slots=True)
class Linear:
    """An equation: intercept + sum of coefficient x parent + normal noise of some variance.

    As an intervention it replaces the variable's own equation, noise included: a constant with
    noise is a stochastic intervention, one with parents a conditional one.
    """

    coefficients: Mapping[str, float] = field(default_factory=dict)
    intercept: float = 0.0
    variance: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is no number, and negative variances."""
        numbers = [*self.coefficients.values(), self.intercept, self.variance]
        if not np.isfinite(np.array(numbers, dtype=np.float64)).all() or self.variance < 0:
            message = f"coefficients are finite numbers and a variance is not negative; got {self}"
            raise ModelError(message)


@dataclass(frozen=True, slots=True)
class Shift:
    """An intervention that keeps the variable's own equation and adds a constant to it."""

    by: float


@dataclass(frozen=True, slots=True, eq=False)
class Potential:
    """A variable in the world of an intervention, written Y[X=1]; without one, as it is.

    A setting is a number, a ``Linear`` or ``Shift``, or the ``Potential`` of the same variable in
    another world: ``Potential("Y", {"X": 1.0, "M": Potential("M", {"X": 0.0})})``.
    """

    variable: str
    do: Mapping[str, "Setting"] = field(default_factory=dict)

    def __str__(self) -> str:
        """Show as in the notation."""
        inside = ", ".join(f"{k}={v}" for k, v in self.do.items())
        return f"{self.variable}[{inside}]" if inside else self.variable

    @property
    def key(self) -> tuple[str, tuple[object, ...]]:
        """The same for equal terms."""
        return self.variable, _world_key(self.do)


Setting = float | Linear | Shift | Potential


class LinearGaussian:
    """A linear structural model with normal noise, immutable.

    Args:
        equations: One for each variable; the parents are the keys of its coefficients.
        covariances: Of the noises of pairs of variables, which then share a hidden cause.
        latent: Variables that are never observed.

    >>> model = LinearGaussian(
    ...     {"X": Linear(variance=1.0), "Y": Linear({"X": 2.0}, variance=1.0)}
    ... )
    >>> round(model.distribution(["X"], given={"Y": 5.0}).mean_of("X"), 9)
    2.0
    >>> model.distribution(["X"], do={"Y": 5.0}).mean_of("X")
    0.0

    Raises:
        CycleError: The parents run in a circle.
        ModelError: A covariance of unknown pairs, or covariances that no noises can have.
        UnknownVariableError: A parent without an equation.
    """

    def __init__(
        self,
        equations: Mapping[str, Linear],
        *,
        covariances: Mapping[tuple[str, str], float] | None = None,
        latent: Iterable[str] = (),
    ) -> None:
        """Check that the parts fit together."""
        self.equations: dict[str, Linear] = dict(equations)
        pairs = dict(covariances or {})
        for name in [p for e in self.equations.values() for p in e.coefficients] + [
            v for pair in pairs for v in pair
        ]:
            if name not in self.equations:
                raise UnknownVariableError(name, self.equations)
        self.dag: ADMG = ADMG(_arrows(self.equations), list(pairs), self.equations)
        self.latent: frozenset[str] = frozenset(self.dag.names(self.dag.mask(latent)))
        self.noise: Floats = _noise(self.dag.order, self.equations, pairs)

    @property
    def nodes(self) -> tuple[str, ...]:
        """All variables in topological order, latent ones included."""
        return self.dag.order

    @property
    def graph(self) -> ADMG:
        """What the observed variables show of the graph: the latent projection."""
        return self.dag.latent_projection(self.latent) if self.latent else self.dag

    def change(self, equations: Mapping[str, Linear]) -> "LinearGaussian":
        """Give the model with other equations for some variables; their noises are new."""
        self.dag.mask(equations)
        pairs = {
            (a, b): float(self.noise[self.dag.index[a], self.dag.index[b]])
            for a, b in self.dag.bidirected
            if a not in equations and b not in equations
        }
        changed = {**self.equations, **equations}
        return LinearGaussian(changed, covariances=pairs, latent=self.latent)

    def distribution(
        self,
        names: Sequence[str],
        *,
        do: Mapping[str, Setting] | None = None,
        given: Mapping[str, float] | None = None,
    ) -> Gaussian[str]:
        """Give P(names | do, given), where ``given`` is seen after the action.

        Raises:
            ImpossibleEventError: What is given cannot happen.
        """
        act = dict(do or {})
        seen = [(Potential(v, act), x) for v, x in (given or {}).items()]
        found = self.joint([Potential(v, act) for v in names], given=seen)
        return Gaussian(tuple(names), found.mean, found.covariance)

    def counterfactual(
        self, names: Sequence[str], *, do: Mapping[str, Setting], given: Mapping[str, float]
    ) -> Gaussian[str]:
        """Give the distribution that ``names`` would have under ``do``, given what was seen.

        ``given`` holds in the world as it is: abduction, action, prediction
        [pearl2009, theorem 7.1.7].

        Raises:
            ImpossibleEventError: What is given cannot happen.
        """
        seen = [(Potential(v), x) for v, x in given.items()]
        found = self.joint([Potential(v, do) for v in names], given=seen)
        return Gaussian(tuple(names), found.mean, found.covariance)

    def joint(
        self, terms: Sequence[Potential], *, given: Sequence[tuple[Potential, float]] = ()
    ) -> Gaussian[int]:
        """Give the joint distribution of terms of any worlds, given terms of any worlds.

        The names of the result are the places of the terms, 0, 1, ...
        """
        worlds = _Worlds(self)
        rows = [worlds.row(term) for term in [*terms, *(t for t, _ in given)]]
        mean = np.array([constant for constant, _ in rows])
        spread = np.zeros((len(rows), worlds.n_noises))
        for i, (_, row) in enumerate(rows):
            spread[i, : len(row)] = row
        covariance = spread @ worlds.covariance @ spread.T
        every = Gaussian(tuple(range(len(rows))), mean, covariance)
        return every.given({len(terms) + i: float(x) for i, (_, x) in enumerate(given)})

    def total_effect(self, treatment: str, outcome: str) -> float:
        """Give the change of the outcome per unit of the treatment set: all directed paths."""
        ends = [self.distribution([outcome], do={treatment: x}).mean[0] for x in (0.0, 1.0)]
        return float(ends[1] - ends[0])

    def sample(
        self,
        n_rows: int,
        *,
        rng: np.random.Generator,
        do: Mapping[str, Setting] | None = None,
    ) -> dict[str, Floats]:
        """Draw independent rows of the observed variables.

        Returns:
            For each observed variable an array of shape (n_rows,).
        """
        names = [v for v in self.nodes if v not in self.latent]
        found = self.distribution(names, do=do)
        rows = rng.multivariate_normal(found.mean, found.covariance, n_rows, method="svd")
        return dict(zip(names, rows.T.copy(), strict=True))

    def __repr__(self) -> str:
        """Show the graph."""
        return f"LinearGaussian({self.dag!r})"


class _Worlds:
    """The worlds of one question, each a linear function of the noises that they share."""

    def __init__(self, model: LinearGaussian) -> None:
        self.model = model
        self.extra: list[float] = []
        """Variances of the noises that interventions bring along."""
        self.found: dict[object, tuple[dict[str, int], Floats, Floats]] = {}

    @property
    def n_noises(self) -> int:
        """How many noises there are so far."""
        return len(self.model.nodes) + len(self.extra)

    @property
    def covariance(self) -> Floats:
        """Of all noises."""
        own = len(self.model.nodes)
        full = np.zeros((self.n_noises, self.n_noises))
        full[:own, :own] = self.model.noise
        full[range(own, self.n_noises), range(own, self.n_noises)] = self.extra
        return full

    def row(self, term: Potential) -> tuple[float, Floats]:
        """Give a term as a constant and coefficients of the noises."""
        self.model.dag.mask(term.variable)
        place, constants, rows = self.world(term.do)
        i = place[term.variable]
        return float(constants[i]), rows[i]

    def world(self, do: Mapping[str, Setting]) -> tuple[dict[str, int], Floats, Floats]:
        """Solve the equations of one world."""
        key = _world_key(do)
        if key not in self.found:
            self.model.dag.mask(do)
            self.found[key] = self._solved(do)
        return self.found[key]

    def _solved(self, do: Mapping[str, Setting]) -> tuple[dict[str, int], Floats, Floats]:
        order = self.model.nodes
        place = {v: i for i, v in enumerate(order)}
        direct: dict[str, Mapping[str, float]] = {}
        constants: list[float] = []
        parts: list[Floats] = []
        for v in order:
            coefficients, constant, row = self._equation(v, do)
            direct[v] = coefficients
            constants.append(constant)
            parts.append(row)
        ADMG([(p, v) for v, c in direct.items() for p in c])  # a changed equation may make a circle
        matrix = np.eye(len(order))
        for v, coefficients in direct.items():
            for p, coefficient in coefficients.items():
                matrix[place[v], place[p]] -= coefficient
        noises = np.zeros((len(order), self.n_noises))
        for i, row in enumerate(parts):
            noises[i, : len(row)] = row
        solved = np.linalg.solve(matrix, np.column_stack([constants, noises]))
        return place, solved[:, 0], solved[:, 1:]

    def _equation(
        self, v: str, do: Mapping[str, Setting]
    ) -> tuple[Mapping[str, float], float, Floats]:
        """Give coefficients, constant and noises of one variable in one world."""
        own = self.model.equations[v]
        noise = np.eye(len(self.model.nodes))[self.model.dag.index[v]]
        match do.get(v):
            case None:
                return own.coefficients, own.intercept, noise
            case Shift(by):
                return own.coefficients, own.intercept + by, noise
            case Linear() as other:
                self.model.dag.mask(other.coefficients)
                self.extra.append(other.variance)
                return other.coefficients, other.intercept, np.eye(self.n_noises)[-1]
            case Potential() as other if other.variable != v:
                message = f"{v!r} can be set to its own value in another world; got {other}"
                raise QueryError(message)
            case Potential() as other:
                constant, row = self.row(other)
                return {}, constant, row
            case number:
                return {}, _number(v, number), np.zeros(0)


def _number(v: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.floating, np.integer)):
        message = f"{v!r} is set to a number, a Linear, a Shift or a Potential; got {value!r}"
        raise QueryError(message)
    return float(value)


def _world_key(do: Mapping[str, Setting]) -> tuple[object, ...]:
    keys: list[object] = []
    for name, setting in sorted(do.items()):
        match setting:
            case Potential():
                keys.append((name, setting.key))
            case Linear():  # two worlds that draw do so separately, unless it is one intervention
                keys.append((name, ("linear", id(setting))))
            case _:
                keys.append((name, (setting,)))
    return tuple(keys)


def _arrows(equations: Mapping[str, Linear]) -> list[tuple[str, str]]:
    return [(p, v) for v, equation in equations.items() for p in equation.coefficients]


def _noise(
    order: Sequence[str], equations: Mapping[str, Linear], pairs: Mapping[tuple[str, str], float]
) -> Floats:
    """Give the covariance of the noises, in topological order.

    Raises:
        ModelError: It has a negative eigenvalue.
    """
    place = {v: i for i, v in enumerate(order)}
    noise = np.diag([equations[v].variance for v in order])
    for (a, b), covariance in pairs.items():
        noise[place[a], place[b]] = noise[place[b], place[a]] = covariance
    scale = max(float(np.abs(noise).max(initial=0.0)), 1e-300)
    if float(np.linalg.eigvalsh(noise / scale).min(initial=0.0)) < _PSD:
        message = "the noises cannot have these covariances: the matrix has a negative eigenvalue"
        raise ModelError(message)
    noise.setflags(write=False)
    return noise
