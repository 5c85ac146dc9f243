"""What an interface may show before the first action: a data table, and associations in data.

Both are samples, drawn from the world's seed: every participant of a world is shown the same. They
cost nothing and are not exact.
"""

from dataclasses import dataclass
from itertools import combinations
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.gym.rows.draw import columns_of, counted, world_rng
from causal_interface_gym.scenarios.world import World

__all__ = ["Correlation", "Table", "correlations_of", "table_of"]

_DIGITS: Final = 3
_BINARY: Final = 2


@dataclass(frozen=True, slots=True)
class Table:
    """Counts of sampled rows, one line for each combination of states that occurred."""

    variables: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], int], ...]


@dataclass(frozen=True, slots=True)
class Correlation:
    """How two variables go together in ``n_rows`` sampled rows, rounded to three digits.

    ``phi`` in [-1, 1] is the correlation of two variables with two states, the later state counting
    as the higher; ``cramers_v`` in [0, 1] serves where there are more states.
    """

    first: str
    second: str
    measure: Literal["phi", "cramers_v"]
    value: float
    n_rows: int


def table_of(world: World, n_rows: int) -> tuple[Table, ...]:
    """Draw the data table of a world; none for 0 rows."""
    if not n_rows:
        return ()
    columns = columns_of(world, n_rows, rng=world_rng(world, 1))
    return (Table(tuple(v.name for v in world.variables), counted(world, columns)),)


def correlations_of(world: World, n_rows: int) -> tuple[Correlation, ...]:
    """Compute the association of every pair in rows of their own; none for 0 rows.

    A pair of which one did not vary in the sample has none and is left out.
    """
    if not n_rows:
        return ()
    columns = columns_of(world, n_rows, rng=world_rng(world, 2))
    found = []
    for first, second in combinations([v.name for v in world.variables], 2):
        n_states = [len(world.model.states[name]) for name in (first, second)]
        counts = np.zeros(n_states)
        np.add.at(counts, (columns[first], columns[second]), 1)
        if min((counts.sum(axis=axis) > 0).sum() for axis in (0, 1)) > 1:
            is_binary = n_states == [_BINARY, _BINARY]
            value = _phi(counts) if is_binary else _cramers_v(counts)
            measure: Literal["phi", "cramers_v"] = "phi" if is_binary else "cramers_v"
            found.append(Correlation(first, second, measure, round(value, _DIGITS), n_rows))
    return tuple(found)


def _phi(counts: NDArray[np.float64]) -> float:
    (a, b), (c, d) = counts.tolist()
    return float((a * d - b * c) / np.sqrt((a + b) * (c + d) * (a + c) * (b + d)))


def _cramers_v(counts: NDArray[np.float64]) -> float:
    """Root of chi-squared over its greatest possible value; states that did not occur are out."""
    seen = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    n = seen.sum()
    expected = np.outer(seen.sum(axis=1), seen.sum(axis=0)) / n
    chi_squared = ((seen - expected) ** 2 / expected).sum()
    return float(np.sqrt(chi_squared / (n * (min(seen.shape) - 1))))
