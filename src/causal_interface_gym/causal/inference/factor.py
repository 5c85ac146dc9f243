"""Sums of products of small tables by variable elimination, planned first and then carried out.

A factor is an array and its scope: one variable number an axis. The plan is made from scopes and
sizes alone, so that a computation too large is refused before a cell of it exists, and a plan can
serve many sets of numbers. The order is greedy: the variable whose elimination leaves the smallest
table goes next [koller2009, section 9.4.3].
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from math import prod
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


class _Planner:
    """The state of greedy planning: which factors are open, and what each variable would cost."""

    def __init__(
        self, scopes: Sequence[Scope], sizes: Mapping[int, int], keep: Scope, limit: int
    ) -> None:
        self.sizes = sizes
        self.keep = keep
        self.limit = limit
        self.steps: list[Step] = []
        self.masks = [sum(1 << v for v in scope) for scope in scopes]
        self.scopes = list(scopes)
        self.open = set(range(len(scopes)))
        self.largest = max((self._cells(m) for m in self.masks), default=1)
        self.users: dict[int, set[int]] = {}
        for number, scope in enumerate(scopes):
            for v in scope:
                self.users.setdefault(v, set()).add(number)
        kept = set(keep)
        self.waiting = {v for v in self.users if v not in kept}

    def run(self) -> Plan:
        costs = {v: self._left(v) for v in self.waiting}
        heap = [(cost, v) for v, cost in costs.items()]
        heapify(heap)
        while self.waiting:
            cost, v = heappop(heap)
            if v not in self.waiting or costs[v] != cost:
                continue
            self.waiting.discard(v)
            result = self._merge(sorted(self.users[v]), drop=1 << v)
            for other in each_bit(result):
                if other in self.waiting:
                    costs[other] = self._left(other)
                    heappush(heap, (costs[other], other))
        self._merge(sorted(self.open), drop=0, out=self.keep)
        return Plan(tuple(self.steps), self.largest)

    def _left(self, v: int) -> int:
        """Give the cells of the table that eliminating a variable leaves."""
        return self._cells(self._union(self.users[v]) & ~(1 << v))

    def _cells(self, mask: int) -> int:
        return prod([self.sizes[v] for v in each_bit(mask)])

    def _union(self, numbers: set[int]) -> int:
        union = 0
        for number in numbers:
            union |= self.masks[number]
        return union

    def _merge(self, numbers: list[int], *, drop: int, out: Scope | None = None) -> int:
        """Add the step, or several, that multiply these factors and sum ``drop`` out."""
        union = self._union(set(numbers))
        cells = self._cells(union)
        self.largest = max(self.largest, cells)
        if cells > self.limit:
            raise WidthError(cells, self.limit)
        most = 2 if cells > _PAIRWISE_CELLS else _MOST_OPERANDS
        while len(numbers) > most:
            numbers.sort(key=lambda n: self._cells(self.masks[n]))
            pair, numbers = numbers[:2], numbers[2:]
            mask = self.masks[pair[0]] | self.masks[pair[1]]
            numbers.append(self._add(pair, tuple(each_bit(mask))))
        self._add(numbers, tuple(each_bit(union & ~drop)) if out is None else out)
        return union & ~drop

    def _add(self, numbers: list[int], out: Scope) -> int:
        letters: dict[int, str] = {}
        for number in numbers:
            for v in self.scopes[number]:
                if v not in letters:
                    letters[v] = ascii_letters[len(letters)]
        inputs = ",".join("".join([letters[v] for v in self.scopes[n]]) for n in numbers)
        self.steps.append(Step(tuple(numbers), f"{inputs}->{''.join([letters[v] for v in out])}"))
        place = len(self.scopes)
        self.scopes.append(out)
        self.masks.append(sum(1 << v for v in out))
        for number in numbers:
            self.open.discard(number)
            for v in self.scopes[number]:
                self.users[v].discard(number)
        self.open.add(place)
        for v in out:
            self.users[v].add(place)
        return place
