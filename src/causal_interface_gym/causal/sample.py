"""Draw rows from a model: one column at a time, in topological order, all rows at once.

The stream depends on the seed, the model and the number of rows only. Where a model is too wide to
be answered exactly, the share of rows is an answer with an error.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query, Stochastic, Term
from causal_interface_gym.errors import InferenceError, QueryError

__all__ = ["FEWEST", "SampledProbability", "sample", "sampled_probability"]

Column = NDArray[np.int16]

FEWEST: Final = 50
"""Rows that meet the condition below which a standard error cannot be trusted."""
_ROWS: Final = 1 << 16


def sample(
    model: SCM, n_rows: int, *, rng: np.random.Generator, do: Mapping[str, str] | None = None
) -> dict[str, NDArray[np.int16]]:
    """Draw independent rows of the observed variables, after an intervention if one is given.

    Returns:
        For each observed variable the numbers of its states, shape (n_rows,).

    Raises:
        QueryError: ``n_rows`` is negative, or ``do`` names something unknown.
    """
    if not hasattr(n_rows, "__index__") or n_rows < 0:
        raise QueryError(f"n_rows is a whole number, 0 or more; got {n_rows!r}")
    held = {name: model.state(name, label) for name, label in (do or {}).items()}
    drawn = _columns(model, n_rows, rng, {v: np.int16(place) for v, place in held.items()})
    return {name: drawn[name] for name in model.observed}


@dataclass(frozen=True, slots=True)
class SampledProbability:
    """A share of drawn rows: never exact.

    ``standard_error`` is that of ``value``; of ``n`` rows drawn, ``n_kept`` met the condition.
    """

    value: float
    standard_error: float
    n: int
    n_kept: int

    def __str__(self) -> str:
        """Show the value with its error."""
        return f"{self.value:.6g} ± {self.standard_error:.2g} ({self.n_kept} of {self.n} rows)"


def sampled_probability(
    model: SCM, query: str | Query, *, n: int = 100_000, seed: int = 0
) -> SampledProbability:
    """Estimate a probability of seeing or doing from rows drawn under the action.

    Rows that do not meet the condition are left out. The standard error is that of a share, with
    one success and one failure added so that it is never 0 (Agresti and Coull 1998). Memory does
    not grow with ``n``.

    >>> from causal_interface_gym import scenarios
    >>> model = scenarios.get("sprinkler-v1").model
    >>> print(sampled_probability(model, "P(wet=yes | do(sprinkler=on))", n=10_000))
    0.9456 ± 0.0023 (10000 of 10000 rows)

    Raises:
        QueryError: The query is a counterfactual, or an outcome or an action has no value.
        InferenceError: Fewer than ``FEWEST`` rows meet the condition.
    """
    asked = Query.parse(query) if isinstance(query, str) else query
    if asked.is_counterfactual:
        raise QueryError(f"{asked}: rows answer seeing and doing; a counterfactual needs the noise")
    if not hasattr(n, "__index__") or n < 1:
        raise QueryError(f"n is a whole number, 1 or more; got {n!r}")
    outcome, given = _places(model, asked.outcome), _places(model, asked.given)
    rng = np.random.default_rng(seed)
    n_kept = n_met = 0
    for first in range(0, n, _ROWS):
        n_rows = min(_ROWS, n - first)
        rows = _columns(model, n_rows, rng, _held(model, asked, n_rows, rng))
        kept = _meets(rows, given, n_rows)
        n_kept += int(kept.sum())
        n_met += int((kept & _meets(rows, outcome, n_rows)).sum())
    if n_kept < FEWEST:
        what = ", ".join(map(str, asked.given))
        raise InferenceError(
            f"{what} holds in {n_kept} of {n} rows and {FEWEST} are needed; "
            "draw more rows or condition on less"
        )
    p = (n_met + 1) / (n_kept + 2)
    return SampledProbability(n_met / n_kept, sqrt(p * (1 - p) / n_kept), n, n_kept)


def _columns(
    model: SCM, n_rows: int, rng: np.random.Generator, held: Mapping[str, Column | np.int16]
) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    for name in model.nodes:
        if name in held:
            columns[name] = np.broadcast_to(held[name], n_rows).astype(np.int16)
        else:
            columns[name] = _draw(model, name, columns, rng.random(n_rows))
    return columns


def _held(
    model: SCM, asked: Query, n_rows: int, rng: np.random.Generator
) -> dict[str, Column | np.int16]:
    """Give what is set: one state for all rows, or one drawn for each."""
    held: dict[str, Column | np.int16] = {}
    for name, value in asked.do:
        if isinstance(value, Stochastic):
            places = [model.state(name, label) for label, _ in value.probabilities]
            shares = np.array([p for _, p in value.probabilities])
            drawn = rng.choice(np.array(places, np.int16), size=n_rows, p=shares / shares.sum())
            held[name] = drawn
        elif isinstance(value, str):
            held[name] = np.int16(model.state(name, value))
        else:
            raise QueryError(f"{asked}: say what {name} is set to, e.g. do({name}=...)")
    return held


def _places(model: SCM, terms: Sequence[Term]) -> list[tuple[str, int]]:
    for term in terms:
        if term.value is None:
            raise QueryError(f"{term.variable} has no value; a share of rows needs one")
    return [(term.variable, model.state(term.variable, str(term.value))) for term in terms]


def _meets(
    rows: Mapping[str, Column], places: Sequence[tuple[str, int]], n_rows: int
) -> NDArray[np.bool_]:
    met = np.ones(n_rows, dtype=np.bool_)
    for name, place in places:
        met &= rows[name] == place
    return met


def _draw(
    model: SCM, name: str, columns: Mapping[str, NDArray[np.int16]], u: NDArray[np.float64]
) -> NDArray[np.int16]:
    """Read a uniform draw through the inverse distribution function of each row's setting."""
    rows = model.cpt(name).reshape(-1, len(model.states[name]))
    upper = np.cumsum(rows, axis=-1)[:, :-1]
    above = np.cumsum(rows[:, ::-1], axis=-1)[:, -2::-1]
    upper[above == 0] = 1.0  # rounding below 1 must not let a state of probability 0 through
    setting = np.zeros(len(u), dtype=np.intp)
    for parent in model.mechanisms[name].parents:
        setting = setting * len(model.states[parent]) + columns[parent]
    drawn = np.zeros(len(u), dtype=np.int16)
    for threshold in upper.T:
        drawn += u >= threshold[setting]
    return drawn
