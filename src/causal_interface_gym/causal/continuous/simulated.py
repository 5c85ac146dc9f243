"""Mixed and non-linear structural models, answered by vectorised Monte Carlo.

Every answer is an ``Estimate`` with its standard error and never exact. All worlds of one question
share their noise, so contrasts are far more precise than their parts. Evidence is used by abduction
where an equation allows it: the noise of an ``Additive`` equation or of a ``Choice`` is drawn from
what the evidence leaves of it and the draw is weighted by the chance of that (likelihood
weighting). Any other event is used by keeping the draws in which it holds.

Source: [fung1990] for the weights, [pearl2009, theorem 7.1.7] for abduction.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, pi
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from causal_interface_gym.causal.continuous.estimate import Estimate, weighted_mean
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.errors import ModelError, QueryError, UnknownVariableError

__all__ = ["Additive", "Choice", "Draws", "Equation", "Free", "Modified", "Normal", "SimulatedSCM",
           "Uniform"]  # fmt: skip

Floats = NDArray[np.float64]
Function = Callable[..., ArrayLike]
Rng = np.random.Generator


class Equation(Protocol):
    """How a variable follows from its parents and its own noise, for all draws at once."""

    @property
    def parents(self) -> tuple[str, ...]:
        """The direct causes, in the order of the function's arguments."""
        ...

    def draw(self, n: int, rng: Rng) -> Floats:
        """Draw the noise, shape (n,)."""
        ...

    def value(self, parents: Sequence[Floats], noise: Floats) -> Floats:
        """Compute the variable, shape (n,)."""
        ...

    def abduct(
        self, variable: str, parents: Sequence[Floats], value: float, noise: Floats, rng: Rng
    ) -> tuple[Floats, Floats]:
        """Give noise that makes the variable have a value, and the logarithm of its chance.

        Raises:
            QueryError: The equation cannot be turned round.
        """
        ...


@dataclass(frozen=True, slots=True)
class Normal:
    """Normal noise with mean 0."""

    deviation: float = 1.0

    def draw(self, n: int, rng: Rng) -> Floats:
        """Draw n values."""
        return rng.normal(0.0, self.deviation, n)

    def log_density(self, noise: Floats) -> Floats:
        """Give the logarithm of the density at each value."""
        scaled = noise / self.deviation
        return np.asarray(-0.5 * scaled**2 - log(self.deviation) - 0.5 * log(2 * pi))


@dataclass(frozen=True, slots=True)
class Uniform:
    """Noise that is uniform on an interval."""

    low: float = -1.0
    high: float = 1.0

    def draw(self, n: int, rng: Rng) -> Floats:
        """Draw n values."""
        return rng.uniform(self.low, self.high, n)

    def log_density(self, noise: Floats) -> Floats:
        """Give the logarithm of the density at each value, -inf outside."""
        inside = (noise >= self.low) & (noise <= self.high)
        return np.where(inside, -log(self.high - self.low), -np.inf)


@dataclass(frozen=True, slots=True)
class Additive:
    """value = function(parents) + noise; evidence gives the noise back."""

    parents: tuple[str, ...]
    function: Function
    noise: Normal | Uniform = Normal()

    def draw(self, n: int, rng: Rng) -> Floats:
        """See ``Equation.draw``."""
        return self.noise.draw(n, rng)

    def value(self, parents: Sequence[Floats], noise: Floats) -> Floats:
        """See ``Equation.value``."""
        return np.asarray(self.function(*parents), dtype=np.float64) + noise

    def abduct(
        self, variable: str, parents: Sequence[Floats], value: float, noise: Floats, rng: Rng
    ) -> tuple[Floats, Floats]:
        """See ``Equation.abduct``."""
        del variable, rng
        residual = np.broadcast_to(value - np.asarray(self.function(*parents)), noise.shape)
        return residual.astype(np.float64), self.noise.log_density(residual)


@dataclass(frozen=True, slots=True)
class Choice:
    """A state 0, 1, ... drawn with chances that depend on the parents.

    ``chances(parents)`` gives shape (n_states, n) or (n_states,). One uniform draw is read through
    the distribution function in the order of the states: the comonotone coupling.
    """

    parents: tuple[str, ...]
    chances: Function

    def draw(self, n: int, rng: Rng) -> Floats:
        """See ``Equation.draw``."""
        return rng.random(n)

    def value(self, parents: Sequence[Floats], noise: Floats) -> Floats:
        """See ``Equation.value``."""
        ends = self._ends(parents, noise)[1:-1]
        return np.asarray((noise >= ends).sum(axis=0), dtype=np.float64)

    def abduct(
        self, variable: str, parents: Sequence[Floats], value: float, noise: Floats, rng: Rng
    ) -> tuple[Floats, Floats]:
        """See ``Equation.abduct``; the noise is uniform on what the state leaves of it."""
        del rng
        ends = self._ends(parents, noise)
        if value != int(value) or not 0 <= value < len(ends) - 1:
            message = f"{variable!r} has the states 0 to {len(ends) - 2}; got {value:g}"
            raise QueryError(message)
        low, high = ends[int(value)], ends[int(value) + 1]
        with np.errstate(divide="ignore"):
            return low + noise * (high - low), np.log(high - low)

    def _ends(self, parents: Sequence[Floats], noise: Floats) -> Floats:
        """Cut [0, 1] into an interval a state, shape (n_states + 1, n)."""
        chances = np.asarray(self.chances(*parents), dtype=np.float64)
        if chances.ndim == 1:
            chances = np.broadcast_to(chances[:, np.newaxis], (len(chances), len(noise)))
        totals = chances.sum(axis=0)
        if not (chances >= 0).all() or not (np.abs(totals - 1) <= _SUM).all():
            message = "the chances of a choice are numbers >= 0 that sum to 1 for every draw"
            raise ModelError(message)
        ends = np.cumsum(chances, axis=0)
        ends[-1] = 1.0
        return np.vstack([np.zeros((1, len(noise))), ends])


_SUM = 1e-9


def standard_normal(rng: Rng, n: int) -> Floats:
    """Draw n standard normal values."""
    return rng.normal(size=n)


@dataclass(frozen=True, slots=True)
class Free:
    """Any function of the parents and of noise from any sampler; evidence on it needs an event."""

    parents: tuple[str, ...]
    function: Function
    sampler: Callable[[Rng, int], Floats] = standard_normal

    def draw(self, n: int, rng: Rng) -> Floats:
        """See ``Equation.draw``."""
        return np.asarray(self.sampler(rng, n), dtype=np.float64)

    def value(self, parents: Sequence[Floats], noise: Floats) -> Floats:
        """See ``Equation.value``."""
        return np.asarray(self.function(*parents, noise), dtype=np.float64)

    def abduct(
        self, variable: str, parents: Sequence[Floats], value: float, noise: Floats, rng: Rng
    ) -> tuple[Floats, Floats]:
        """See ``Equation.abduct``."""
        del parents, noise, rng
        message = (
            f"{variable!r} = {value:g} has no abduction: its equation cannot be turned round; "
            "condition on an event with where=, or give the equation as Additive or Choice"
        )
        raise QueryError(message)


@dataclass(frozen=True, slots=True)
class Modified:
    """An intervention that changes what the variable would have been: value = function(natural)."""

    function: Callable[[Floats], Floats]


Setting = float | Floats | Equation | Modified
Do = Mapping[str, Setting]


class SimulatedSCM:
    """A structural model with any equations, asked by sampling; immutable.

    Args:
        equations: One for each variable.
        latent: Variables that are never observed.

    >>> import numpy as np
    >>> model = SimulatedSCM({
    ...     "X": Additive((), lambda: 0.0),
    ...     "Y": Additive(("X",), lambda x: np.exp(x)),
    ... })
    >>> answer = model.mean("Y", do={"X": 1.0}, n=20_000, rng=np.random.default_rng(0))
    >>> answer.within(np.exp(1.0))
    True

    Raises:
        CycleError: The parents run in a circle.
        UnknownVariableError: A parent without an equation.
    """

    def __init__(self, equations: Mapping[str, Equation], *, latent: Iterable[str] = ()) -> None:
        """Check that the parts fit together."""
        self.equations: dict[str, Equation] = dict(equations)
        arrows = [(p, v) for v, e in self.equations.items() for p in e.parents]
        for parent, _ in arrows:
            if parent not in self.equations:
                raise UnknownVariableError(parent, self.equations)
        self.dag: ADMG = ADMG(arrows, nodes=self.equations)
        self.latent: frozenset[str] = frozenset(self.dag.names(self.dag.mask(latent)))

    @property
    def graph(self) -> ADMG:
        """What the observed variables show of the graph: the latent projection."""
        return self.dag.latent_projection(self.latent) if self.latent else self.dag

    def draws(self, n: int, *, rng: Rng, given: Mapping[str, float] | None = None) -> "Draws":
        """Draw the noise of n units, weighted so that they have been seen as ``given``."""
        if type(n) is not int or n < 1:
            message = f"n is a whole number of draws, 1 or more; got {n!r}"
            raise QueryError(message)
        return Draws(self, n, rng, dict(given or {}))

    def mean(
        self,
        value: "str | Callable[[Draws], Floats]",
        *,
        do: Do | None = None,
        given: Mapping[str, float] | None = None,
        where: "Callable[[Draws], NDArray[np.bool_]] | None" = None,
        n: int = 100_000,
        rng: Rng,
    ) -> Estimate:
        """Estimate an expectation, over units seen as ``given`` and ``where``.

        Args:
            value: A variable, taken in the world of ``do``; or a function of the draws, such as
                ``lambda d: d.of("Y", do={"X": 1}) > d.of("Y", do={"X": 0})``.
            do: The world of a variable that is named.
            given: Exact values seen in the world as it is, before any action.
            where: An event of any worlds, as a function of the draws.
            n: How many draws.
            rng: Where chance comes from.

        Raises:
            ImpossibleEventError: The condition held in no draw.
            InferenceError: It held in too few for an honest error.
            QueryError: An equation cannot be turned round for ``given``.
        """
        draws = self.draws(n, rng=rng, given=given)
        sampled = draws.of(value, do=do) if isinstance(value, str) else value(draws)
        weights = draws.weights
        if where is not None:
            weights = weights * np.asarray(where(draws), dtype=bool)
        text = ", ".join(f"{v}={x:g}" for v, x in (given or {}).items())
        parts = [text] if given else []
        parts += [] if where is None else ["where(...)"]
        event = " and ".join(parts) or "anything"
        return weighted_mean(np.asarray(sampled, dtype=np.float64), weights, event=event)


class Draws:
    """The noise of n units, and any variable of any world computed from it on demand."""

    def __init__(self, model: SimulatedSCM, n: int, rng: Rng, given: dict[str, float]) -> None:
        """Draw; where evidence stands, draw what it leaves."""
        self.model: SimulatedSCM = model
        self.n: int = n
        self.rng: Rng = rng
        self.noise: dict[str, Floats] = {}
        self._worlds: dict[tuple[object, ...], dict[str, Floats]] = {(): {}}
        self._kept: list[object] = []
        """Interventions by whose identity worlds are told apart; kept, so that it stays theirs."""
        model.dag.mask(given)
        factual = self._worlds[()]
        log_weights = np.zeros(n)
        for v in model.dag.order:
            equation = model.equations[v]
            parents = [factual[p] for p in equation.parents]
            noise = equation.draw(n, rng)
            if v in given:
                noise, chance = equation.abduct(v, parents, float(given[v]), noise, rng)
                log_weights = log_weights + chance
                factual[v] = np.full(n, float(given[v]))
            else:
                factual[v] = _checked(v, equation.value(parents, noise), n)
            self.noise[v] = noise
        peak = float(log_weights.max())
        self.weights: Floats = np.exp(log_weights - peak) if peak > -np.inf else np.zeros(n)

    def of(self, variable: str, *, do: Do | None = None) -> Floats:
        """Give a variable in the world of an intervention, shape (n,).

        A setting is a number, an array with one value a unit (another world's variable, say), a
        ``Modified``, or another equation, whose noise is drawn afresh.
        """
        self.model.dag.mask([variable, *(do or {})])
        key = tuple((v, _identity(s)) for v, s in sorted((do or {}).items()))
        if key not in self._worlds:
            self._kept.append(dict(do or {}))
            self._worlds[key] = self._world(do or {})
        return self._worlds[key][variable]

    def _world(self, do: Do) -> dict[str, Floats]:
        """Compute all variables under an intervention, with the noise that all worlds share."""
        equations = {v: do[v] if _is_equation(do.get(v)) else e
                     for v, e in self.model.equations.items()}  # fmt: skip
        arrows = [(p, v) for v, e in equations.items() for p in e.parents]  # type: ignore[union-attr]  # an Equation
        values: dict[str, Floats] = {}
        for v in ADMG(arrows, nodes=equations).order:
            values[v] = _checked(v, self._value(v, do.get(v), values), self.n)
        return values

    def _value(self, v: str, setting: Setting | None, values: Mapping[str, Floats]) -> Floats:
        own = self.model.equations[v]
        match setting:
            case None:
                return own.value([values[p] for p in own.parents], self.noise[v])
            case Modified(function):
                natural = own.value([values[p] for p in own.parents], self.noise[v])
                return function(natural)
            case int() | float() | np.ndarray():
                return np.asarray(setting, dtype=np.float64)
            case equation if _is_equation(equation):
                noise = equation.draw(self.n, self.rng)
                return equation.value([values[p] for p in equation.parents], noise)
            case _:
                message = (
                    f"{v!r} is set to a number, one number a unit, a Modified or an equation; "
                    f"got {setting!r}"
                )
                raise QueryError(message)


def _is_equation(setting: object) -> bool:
    return callable(getattr(setting, "abduct", None))


def _identity(setting: object) -> object:
    return float(setting) if isinstance(setting, (int, float)) else id(setting)


def _checked(v: str, values: Floats, n: int) -> Floats:
    """Refuse values that are not one finite number a unit."""
    wide = (
        np.broadcast_to(np.asarray(values, dtype=np.float64), (n,))
        if np.ndim(values) < 1
        else (np.asarray(values, dtype=np.float64))
    )
    if wide.shape != (n,) or not np.isfinite(wide).all():
        message = f"the equation of {v!r} gives {wide.shape} numbers, not all finite; ({n},) needed"
        raise ModelError(message)
    return wide
