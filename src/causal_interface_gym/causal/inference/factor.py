"""Sums of products of small tables by variable elimination, planned first and then carried out.

A factor is an array and its scope: one variable number an axis. The plan is made from scopes and
sizes alone, so that a computation too large is refused before a cell of it exists, and a plan can
serve many sets of numbers. The order is greedy: the variable whose elimination leaves the smallest
table goes next [koller2009, section 9.4.3].
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from string import ascii_letters

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.bits import each_bit
from causal_interface_gym.causal.mechanism import MAX_CELLS
from causal_interface_gym.errors import WidthError

__all__ = ["Plan", "contract", "contract_scaled", "plan"]

Floats = NDArray[np.float64]
Scope = tuple[int, ...]

_PAIRWISE_CELLS = 2048
"""From here on several factors are multiplied two at a time, smallest first."""

_MOST_OPERANDS = 8
"""So many small factors are multiplied in one call."""


@dataclass(frozen=True, slots=True)
class Step:
    """Multiply some tables and sum: numbers of the operands, and the einsum that does it."""

    operands: tuple[int, ...]
    subscripts: str


@dataclass(frozen=True, slots=True)
class Plan:
    """How to contract: the steps in order, and the cells of the largest table on the way.

    Operands 0, 1, ... are the given factors; each step appends its result. Axes of length 1 take
    no part, so that any number of them fits; ``shape`` gives them back at the end.
    """

    steps: tuple[Step, ...]
    largest: int
    shape: tuple[int, ...] | None = None


def plan(
    scopes: Sequence[Scope], sizes: Mapping[int, int], keep: Scope, *, limit: int = MAX_CELLS
) -> Plan:
    """Order the eliminations of everything that is not kept.

    Args:
        scopes: The variables of each factor, one an axis; none twice in one factor.
        sizes: How many states each variable has.
        keep: The axes of the result, in order.
        limit: Cells that an intermediate table may have.

    Raises:
        WidthError: A table of more than ``limit`` cells would be needed.
    """
    if 1 not in sizes.values():
        return _Planner(scopes, sizes, keep, limit).run()
    wide = [tuple([v for v in scope if sizes[v] > 1]) for scope in scopes]
    steps = _Planner(wide, sizes, tuple([v for v in keep if sizes[v] > 1]), limit).run()
    return Plan(steps.steps, steps.largest, tuple([sizes[v] for v in keep]))


def contract(steps: Plan, factors: Sequence[Floats]) -> Floats:
    """Carry out a plan on numbers."""
    tables = list(factors) if steps.shape is None else [f.squeeze() for f in factors]
    for step in steps.steps:
        tables.append(np.einsum(step.subscripts, *[tables[i] for i in step.operands]))
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


class _Cells:
    """How many cells a table over a set of variables has; sets are ints, one bit a variable."""

    def __init__(self, sizes: Mapping[int, int]) -> None:
        masks: dict[int, int] = {}
        for v, size in sizes.items():
            masks[size] = masks.get(size, 0) | 1 << v
        self._twos = masks.pop(2, 0)
        self._others = tuple(masks.items())

    def __call__(self, mask: int) -> int:
        cells = 1 << (mask & self._twos).bit_count()
        for size, members in self._others:
            if mask & members:
                cells *= size ** (mask & members).bit_count()
        return cells


class _Planner:
    """Greedy planning: the open factors, and for each variable what shares a factor with it."""

    def __init__(
        self, scopes: Sequence[Scope], sizes: Mapping[int, int], keep: Scope, limit: int
    ) -> None:
        self.cells = _Cells(sizes)
        self.keep = keep
        self.limit = limit
        self.largest = 1
        self.steps: list[Step] = []
        self.scopes: list[Scope] = list(scopes)
        self.masks: list[int] = []
        self.near: dict[int, int] = {}
        """For each variable the union of the open factors that hold it."""
        for scope in scopes:
            mask = 0
            for v in scope:
                mask |= 1 << v
            for v in scope:
                self.near[v] = self.near.get(v, 0) | mask
            self.masks.append(mask)
        self.open = dict.fromkeys(range(len(scopes)))

    def run(self) -> Plan:
        costs = {v: self.cells(near ^ 1 << v) for v, near in self.near.items()}
        for v in self.keep:
            costs.pop(v, None)
        heap = [(cost, v) for v, cost in costs.items()]
        heapify(heap)
        while costs:
            cost, v = heappop(heap)
            if costs.get(v) != cost:
                continue
            del costs[v]
            bit, union = 1 << v, self.near[v]
            self._merge([n for n in self.open if self.masks[n] & bit], union, union ^ bit)
            for other in each_bit(union ^ bit):
                self.near[other] = (self.near[other] | union) ^ bit
                if other in costs:
                    costs[other] = self.cells(self.near[other] ^ 1 << other)
                    heappush(heap, (costs[other], other))
        kept = 0
        for v in self.keep:
            kept |= 1 << v
        self._merge(list(self.open), kept, kept, self.keep)
        return Plan(tuple(self.steps), self.largest)

    def _merge(self, numbers: list[int], union: int, left: int, out: Scope | None = None) -> None:
        """Add the step, or several, that multiply these factors and sum down to ``left``."""
        cells = self.cells(union)
        self.largest = max(self.largest, cells)
        if cells > self.limit:
            raise WidthError(cells, self.limit)
        most = 2 if cells > _PAIRWISE_CELLS else _MOST_OPERANDS
        while len(numbers) > most:
            numbers.sort(key=lambda n: self.cells(self.masks[n]))
            pair, numbers = numbers[:2], numbers[2:]
            mask = self.masks[pair[0]] | self.masks[pair[1]]
            numbers.append(self._add(pair, mask, tuple(each_bit(mask))))
        self._add(numbers, left, tuple(each_bit(left)) if out is None else out)

    def _add(self, numbers: list[int], mask: int, out: Scope) -> int:
        letters: dict[int, str] = {}
        inputs = []
        for number in numbers:
            for v in self.scopes[number]:
                if v not in letters:
                    letters[v] = ascii_letters[len(letters)]
            inputs.append("".join([letters[v] for v in self.scopes[number]]))
            self.open.pop(number, None)
        result = "".join([letters[v] for v in out])
        self.steps.append(Step(tuple(numbers), f"{','.join(inputs)}->{result}"))
        place = len(self.scopes)
        self.scopes.append(out)
        self.masks.append(mask)
        self.open[place] = None
        return place
