"""Linear and linear-fractional programmes over one block, each with a certificate.

A programme is solved by HiGHS; the weights it gives are then computed anew from the equations that
are tight, and the value is held against the dual: weights that meet all equations attain it, and
the dual proves that none do better. Where the two ends do not meet there is no answer.

Source: [charnes1962] for fractions.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.bounds.block import Block
from causal_interface_gym.errors import IncompatibleDataError, InferenceError

__all__ = ["Optimum", "certified", "feasible", "is_fixed", "maximise", "polished", "solve"]

Floats = NDArray[np.float64]

TOLERANCE = 1e-8
"""By how much a value and its proof may differ, and weights may miss an equation."""

_INFEASIBLE = 2
_FINEST = 1e-10
_SUPPORT = 1e-11
_FIXED = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Optimum:
    """The largest value, weights that attain it, and what the dual proves it cannot pass."""

    value: float
    weights: Floats
    proof: float


def maximise(block: Block, numerator: Floats, denominator: Floats | None = None) -> Optimum:
    """Maximise ``numerator @ q``, over ``denominator @ q`` if there is one.

    The denominator is nonnegative, and positive for some q.

    Raises:
        IncompatibleDataError: No q meets the equations.
        InferenceError: The solver and the proof do not meet.
    """
    if denominator is None:
        found = solve(-numerator, block.rows, block.values)
        q = polished(block, found.x)
        dual = -np.asarray(found.eqlin.marginals)
        excess = float((numerator - block.rows.T @ dual).max())
        return certified(float(numerator @ q), q, float(block.values @ dual) + max(excess, 0.0))
    # With t = 1 / (d @ q) and y = t q the ratio is linear: rows @ y = t values, d @ y = 1.
    wide = np.hstack([block.rows, -block.values[:, np.newaxis]])
    rows = np.vstack([wide, [*denominator, 0.0]])
    found = solve(-np.append(numerator, 0.0), rows, np.eye(len(rows))[-1])
    q = polished(block, found.x[:-1] / found.x[:-1].sum())
    dual = -np.asarray(found.eqlin.marginals)
    below = float(denominator @ q)
    excess = float((np.append(numerator, 0.0) - rows.T @ dual).max())
    value = float(numerator @ q) / below
    return certified(value, q, float(dual[-1]) + max(excess, 0.0) / below)


def feasible(block: Block) -> Floats:
    """Give some weights that meet the equations.

    Raises:
        IncompatibleDataError: There are none.
    """
    found = solve(np.zeros(block.n_columns), block.rows, block.values)
    return polished(block, found.x)


def is_fixed(block: Block, coefficients: Floats) -> bool:
    """Say whether ``q @ coefficients`` is the same for all q that meet the equations.

    ``coefficients`` has shape (n_columns, m): it is, where each lies in the span of the rows.
    """
    if (coefficients == coefficients[:1]).all():
        return True
    rows = block.rows
    answer = np.linalg.pinv(rows @ rows.T, rcond=_FIXED, hermitian=True) @ (rows @ coefficients)
    missed = np.abs(rows.T @ answer - coefficients).max(initial=0.0)
    return bool(missed <= _FIXED * max(1.0, float(np.abs(coefficients).max(initial=0.0))))


def solve(costs: Floats, rows: Floats, values: Floats) -> Any:  # noqa: ANN401 - scipy has no types
    """Minimise ``costs @ q`` over q >= 0 with ``rows @ q == values``.

    Raises:
        IncompatibleDataError: There is no such q.
        InferenceError: There is no optimum.
    """
    from scipy.optimize import linprog  # noqa: PLC0415 - loaded on use

    scale = float(np.abs(costs).max()) or 1.0
    found = linprog(
        costs / scale,
        A_eq=rows,
        b_eq=values,
        bounds=(0, None),
        method="highs-ds",
        options={"primal_feasibility_tolerance": _FINEST, "dual_feasibility_tolerance": _FINEST},
    )
    if found.status == _INFEASIBLE:
        raise IncompatibleDataError("the probabilities leave room for no response functions")
    if found.status:
        message = f"the linear programme has no solution: {found.message}"
        raise InferenceError(message)
    found.eqlin.marginals = np.asarray(found.eqlin.marginals) * scale
    return found


def polished(block: Block, q: Floats) -> Floats:
    """Solve the equations again on the columns that are used, to the last digits."""
    used = np.flatnonzero(q > _SUPPORT)
    exact = np.linalg.lstsq(block.rows[:, used], block.values, rcond=None)[0]
    polished = np.zeros_like(q)
    polished[used] = np.maximum(exact if exact.min() > -_SUPPORT else q[used], 0.0)
    missed = float(np.abs(block.rows @ polished - block.values).max())
    if missed > TOLERANCE:
        raise IncompatibleDataError(f"the probabilities miss each other by {missed:.2g}")
    result: Floats = polished / polished.sum()
    return result


def certified(value: float, weights: Floats, proof: float) -> Optimum:
    """Give an optimum whose value and proof meet.

    Raises:
        InferenceError: They do not.
    """
    if not abs(proof - value) <= TOLERANCE * max(1.0, abs(value)):
        message = f"the linear programme gives {value} and its proof {proof}"
        raise InferenceError(message)
    return Optimum(value, weights, proof)
