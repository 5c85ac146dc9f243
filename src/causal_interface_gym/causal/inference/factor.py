"""Sums of products of small tables: plans of elimination carried out on numbers."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.inference.planning import Plan, plan

__all__ = ["Plan", "contract", "contract_scaled", "einsum", "plan"]

Floats = NDArray[np.float64]

einsum: Callable[..., Floats] = getattr(np.einsum, "__wrapped__", np.einsum)
"""Without the search for arrays of other libraries, which costs as much as a small product."""


def contract(steps: Plan, factors: Sequence[Floats]) -> Floats:
    """Carry out a plan on numbers."""
    tables = list(factors) if steps.shape is None else [f.squeeze() for f in factors]
    for step in steps.steps:
        tables.append(einsum(step.subscripts, *[tables[i] for i in step.operands]))
    return tables[-1] if steps.shape is None else tables[-1].reshape(steps.shape)


def contract_scaled(steps: Plan, factors: Sequence[Floats]) -> Floats:
    """Carry out a plan in logarithms up to a positive constant, so that nothing vanishes.

    The result sums to 1, or to 0 where the product is zero everywhere.
    """
    with np.errstate(divide="ignore"):
        tables = [np.log(f if steps.shape is None else f.squeeze()) for f in factors]
        for step in steps.steps:
            tables.append(_log_einsum(step.subscripts, [tables[i] for i in step.operands]))
    peak = tables[-1].max()
    result = np.exp(tables[-1] - peak) if peak > -np.inf else np.zeros(tables[-1].shape)
    result = result / max(float(result.sum()), 1.0)
    return result if steps.shape is None else result.reshape(steps.shape)


def _log_einsum(subscripts: str, tables: Sequence[Floats]) -> Floats:
    """Add logarithms, then sum what they stand for."""
    inputs, out = subscripts.split("->")
    letters = out + "".join(sorted(set(inputs) - {",", *out}))
    total = np.zeros((1,) * len(letters))
    for scope, table in zip(inputs.split(","), tables, strict=True):
        inner = table.transpose(sorted(range(len(scope)), key=lambda i: letters.index(scope[i])))
        sizes = dict(zip(scope, table.shape, strict=True))
        total = total + inner.reshape([sizes.get(letter, 1) for letter in letters])
    axes = tuple(range(len(out), len(letters)))
    peak = np.maximum(total.max(axis=axes, keepdims=True), -np.finfo(np.float64).max)
    return np.asarray(np.log(np.exp(total - peak).sum(axis=axes)) + peak.squeeze(axis=axes))
