"""Draw rows from a model: one column at a time, in topological order, all rows at once.

The stream depends on the seed, the model and the number of rows only.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.errors import QueryError

__all__ = ["sample"]


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
    columns: dict[str, NDArray[np.int16]] = {}
    for name in model.nodes:
        if name in held:
            columns[name] = np.full(n_rows, held[name], dtype=np.int16)
        else:
            columns[name] = _draw(model, name, columns, rng.random(n_rows))
    return {name: columns[name] for name in model.observed}


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
