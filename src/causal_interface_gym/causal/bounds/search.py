"""The largest and the smallest value of a question over all distributions of the blocks.

Blocks on which the question does not depend, given what is known, get any distribution. One block
left is a linear programme. Several are multilinear: with all others fixed, each attains its best
at a vertex, so the vertices of all but the widest block are visited and a programme is solved for
that one. Where there are too many vertices, the independence of the blocks is relaxed: one joint
distribution whose conditionals meet each block's equations. What it gives is a bound, and it is
sharp only if some product of distributions attains it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from itertools import product
from math import prod
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.bounds.block import Block
from causal_interface_gym.causal.bounds.objective import Objective, along
from causal_interface_gym.causal.bounds.programme import feasible, is_fixed, maximise
from causal_interface_gym.causal.bounds.vertices import vertices
from causal_interface_gym.errors import ImpossibleEventError, WidthError

__all__ = ["MAX_COMBINATIONS", "End", "Method", "Settled", "settle", "upper_end"]

Floats = NDArray[np.float64]
Method = Literal["identified", "linear programme", "vertices", "relaxation"]

MAX_COMBINATIONS = 512
"""Programmes that are solved for one end."""

MAX_BASES = 2000
MAX_RELAXED = 2**20
"""Numbers in the equations of a relaxation."""

_GAIN = 1e-12
_NEVER = 1e-12
"""A condition that is less likely in every model has probability 0."""

_NEEDED = "of the question"


@dataclass(frozen=True, slots=True, eq=False)
class End:
    """One end: the bound, the value that ``weights`` attain, and how it was found."""

    bound: float
    attained: float
    weights: tuple[Floats, ...]
    method: Method


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """An objective without the blocks that do not matter, which have a distribution."""

    objective: Objective
    weights: dict[int, Floats]
    corners: dict[int, Floats | None] = field(default_factory=dict)
    """The vertices of a block that make a difference, where they have been listed."""

    @property
    def free(self) -> tuple[int, ...]:
        """The blocks that matter, the widest last."""
        blocks = self.objective.blocks
        left = [i for i in range(len(blocks)) if i not in self.weights]
        return tuple(sorted(left, key=lambda i: blocks[i].n_columns))


def settle(objective: Objective) -> Settled | None:
    """Give a distribution to each block that does not matter; None if the condition never holds."""
    blocks = objective.blocks
    above, below = objective.numerator, objective.denominator
    weights: dict[int, Floats] = {}
    for i, block in enumerate(blocks):
        q = None
        if all(is_fixed(block, _unfolded(t, i, block)) for t in (above, below)):
            weights[i] = q = feasible(block)
            above = along(above, {i: q})
        if is_fixed(block, _unfolded(below, i, block)):
            below = along(below, {i: feasible(block) if q is None else q})
    if not (below > 0).any():
        return None
    return Settled(Objective(blocks, above, below), weights)


def upper_end(settled: Settled, *, sign: int, limit: int = MAX_COMBINATIONS) -> End:
    """Maximise ``sign`` times the question; the End is in the question's own sign.

    Raises:
        ImpossibleEventError: The condition has probability 0 in every model.
        WidthError: There are too many vertices, and the relaxation is too large.
    """
    raw = settled.objective
    objective = Objective(raw.blocks, sign * raw.numerator, raw.denominator)
    end = _best(settled, objective, limit)
    return End(sign * end.bound, sign * end.attained, end.weights, end.method)


def _best(settled: Settled, objective: Objective, limit: int) -> End:
    if not settled.free:
        value = float((objective.numerator / objective.denominator).item())
        return End(value, value, _all(settled, {}), "identified")
    if len(settled.free) == 1:
        end = _programme(settled, objective, {}, settled.free[0])
        if end is None:
            raise ImpossibleEventError(_NEEDED)
        return end
    return _by_vertices(settled, objective, limit) or _relaxed(settled, objective)


def _unfolded(tensor: Floats, axis: int, block: Block) -> Floats:
    """Write a tensor as a matrix with one row a column of the block; empty where it is constant."""
    if tensor.shape[axis] < block.n_columns:
        return np.zeros((block.n_columns, 0))
    return np.moveaxis(tensor, axis, 0).reshape(tensor.shape[axis], -1)


def _all(settled: Settled, found: Mapping[int, Floats]) -> tuple[Floats, ...]:
    every = {**settled.weights, **found}
    return tuple(every[i] for i in range(len(settled.objective.blocks)))


def _programme(
    settled: Settled, objective: Objective, others: Mapping[int, Floats], last: int
) -> End | None:
    """Solve for one block, all others being fixed; None if the condition then never holds."""
    block = objective.blocks[last]
    n, d = (np.broadcast_to(t.reshape(-1), (block.n_columns,)) for t in objective.value(others))
    if is_fixed(block, d[:, np.newaxis]):
        scale = float(d[0] if np.ptp(d) == 0 else d @ feasible(block))
        if scale <= 0:
            return None
        best = maximise(block, n / scale)
    elif maximise(block, d).value <= _NEVER:
        return None
    else:
        best = maximise(block, n, d)
    weights = _all(settled, {**others, last: best.weights})
    return End(best.value, best.value, weights, "linear programme")


def _by_vertices(settled: Settled, objective: Objective, limit: int) -> End | None:
    """Visit the vertices of all blocks but the widest; None if there are too many."""
    *outer, last = settled.free
    corners = []
    for i in outer:
        if i not in settled.corners:
            settled.corners[i] = _corners(settled.objective, i)
        found = settled.corners[i]
        if found is None:
            return None
        corners.append(found)
    if prod(len(c) for c in corners) > limit:
        return None
    ends = [
        _programme(settled, objective, dict(zip(outer, choice, strict=True)), last)
        for choice in product(*corners)
    ]
    possible = [end for end in ends if end]
    if not possible:
        raise ImpossibleEventError(_NEEDED)
    best = max(possible, key=lambda end: end.bound)
    return End(best.bound, best.attained, best.weights, "vertices")


def _corners(objective: Objective, axis: int) -> Floats | None:
    """List the vertices of a block, one of those that make no difference to the question."""
    block = objective.blocks[axis]
    start = maximise(block, np.arange(block.n_columns, dtype=float)).weights
    points = vertices(block, start, limit=MAX_BASES)
    if points is None:
        return None
    pair = (objective.numerator, objective.denominator)
    images = np.hstack([points @ _unfolded(t, axis, block) for t in pair])
    _, first = np.unique(np.round(images, 11), axis=0, return_index=True)
    kept: Floats = points[np.sort(first)]
    return kept


def _relaxed(settled: Settled, objective: Objective) -> End:
    """Bound by one joint distribution, then look for a product that attains the bound."""
    free = sorted(settled.free)
    shape = [objective.blocks[i].n_columns for i in free]
    joint = reduce(_joined, [objective.blocks[i] for i in free])
    above, below = (
        np.broadcast_to(t.squeeze(tuple(settled.weights)), shape).reshape(-1)
        for t in (objective.numerator, objective.denominator)
    )
    if maximise(joint, below).value <= _NEVER:
        raise ImpossibleEventError(_NEEDED)
    if is_fixed(joint, below[:, np.newaxis]):
        best = maximise(joint, above / float(below @ feasible(joint)))
    else:
        best = maximise(joint, above, below)
    q = best.weights.reshape(shape)
    axes = range(len(free))
    margins = {b: q.sum(axis=tuple(a for a in axes if a != k)) for k, b in enumerate(free)}
    climbed = _climb(settled, objective, margins)
    return End(max(best.proof, climbed.attained), climbed.attained, climbed.weights, "relaxation")


def _climb(settled: Settled, objective: Objective, start: dict[int, Floats]) -> End:
    """Improve one block at a time until nothing gains.

    Where the joint distribution met the condition, the product of its margins does.
    """
    now = dict(start)
    above, below = objective.value(now)
    value = float((above / below).item())
    best = End(value, value, _all(settled, now), "relaxation")
    before = -np.inf
    while best.attained > before + _GAIN:  # each round ends at a vertex of every block
        before = best.attained
        for i in settled.free:
            others = {j: q for j, q in now.items() if j != i}
            best = _programme(settled, objective, others, i) or best
            now[i] = best.weights[i]
    return best


def _joined(first: Block, second: Block) -> Block:
    """Relax a product: whatever one block does, the other meets its equations.

    Raises:
        WidthError: The equations have too many numbers.
    """
    n, m = first.n_columns, second.n_columns
    size = (len(first.rows) * m + len(second.rows) * n + 1) * n * m
    if size > MAX_RELAXED:
        raise WidthError(size, MAX_RELAXED)
    one = first.rows - first.values[:, np.newaxis]
    two = second.rows - second.values[:, np.newaxis]
    rows = np.vstack([np.kron(one, np.eye(m)), np.kron(np.eye(n), two), np.ones(n * m)])
    return Block({}, rows, np.eye(len(rows))[-1])
