"""The question as numbers: its value for each choice of response functions, one axis a block.

Each hidden cause gets equal chances for all its columns and becomes an outcome of the question;
what elimination then gives is, up to that constant, the probability of the event for each column.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.bounds.block import Block
from causal_interface_gym.causal.bounds.frame import Frame
from causal_interface_gym.causal.bounds.question import Event, Question
from causal_interface_gym.causal.inference.counterfactual import counterfactual_table
from causal_interface_gym.causal.inference.elimination import interventional_table
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query, Settings, Term
from causal_interface_gym.errors import InferenceError

__all__ = ["Objective", "along", "objective_of"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Objective:
    """A ratio of two multilinear functions of the blocks' distributions.

    ``numerator`` and ``denominator`` have one axis a block, of length n_columns, or 1 where the
    block does not matter.
    """

    blocks: tuple[Block, ...]
    numerator: Floats
    denominator: Floats

    def value(self, weights: Mapping[int, Floats]) -> tuple[Floats, Floats]:
        """Give both where some blocks have a distribution; their axes get length 1."""
        return along(self.numerator, weights), along(self.denominator, weights)


def along(tensor: Floats, weights: Mapping[int, Floats]) -> Floats:
    """Average a tensor over some of its axes, which keep the length 1."""
    for axis, q in weights.items():
        if tensor.shape[axis] > 1:
            mean = np.tensordot(tensor, q, axes=(axis, 0))
            tensor = np.expand_dims(mean, axis)
    return tensor


def objective_of(frame: Frame, question: Question, *, limit: int) -> Objective:
    """Compute the coefficients.

    Raises:
        UndeclaredCouplingError: A table's coupling matters; it must become a block first.
        WidthError: There are too many coefficients.
    """
    model = frame.filled()
    ones = np.ones((1,) * len(frame.blocks))
    above: Floats = 0.0 * ones
    for weight, event in question.numerator:
        above = above + weight * _coefficients(model, frame, event, question.do, limit)
    below = ones
    if question.denominator:
        parts = [_coefficients(model, frame, e, question.do, limit) for e in question.denominator]
        below = 0.0 * ones
        for part in parts:
            below = below + part
    return Objective(frame.blocks, above, below)


def _coefficients(model: SCM, frame: Frame, event: Event, do: Settings, limit: int) -> Floats:
    """Give the probability of an event for each choice of columns."""
    ancestors = model.dag.ancestors(Query(event, (), do).variables)
    shape = [b.n_columns if c in ancestors else 1
             for b, c in zip(frame.blocks, frame.causes, strict=True)]  # fmt: skip
    outcome = tuple(Term(c) for c in frame.causes if c in ancestors)
    if not outcome:
        return np.full(shape, Question("", ((1.0, event),), (), do).value(model))
    query = Query(outcome, event, do)
    has_worlds = query.is_counterfactual or any(isinstance(s, Term) for _, s in do)
    table = (counterfactual_table if has_worlds else interventional_table)(model, query, limit)
    if table.is_tiny:
        message = f"{', '.join(map(str, event))} is too rare for a float"
        raise InferenceError(message)
    values = np.transpose(table.table, table.axes) * table.p_given * prod(shape)
    return values.reshape(shape)
