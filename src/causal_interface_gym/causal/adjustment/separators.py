"""Minimal separators: one in linear time, or all of them lazily.

Within the ancestors of the two sets and of what is always given, m-separation is cutting an
undirected graph: a district and its parents form a clique. A flood through that graph enters each
clique once, by whole bitmasks. Nodes that may not be given are passed through like any other.

Source: [vanderzander2019] (nearest separators), [takata2010] (all minimal ones).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from causal_interface_gym.causal.bits import BitGraph

__all__ = ["Cut", "NoCut", "SeparationProblem", "minimal_cuts", "nearest_cut"]


@dataclass(frozen=True, slots=True)
class SeparationProblem:
    """Cut ``source`` from ``target`` by nodes of ``allowed``; ``given`` is always given.

    ``within`` is the ancestral set the cut happens in, ``arcs`` its nodes with a spouse.
    """

    bits: BitGraph
    source: int
    target: int
    allowed: int
    given: int
    within: int
    arcs: int

    @classmethod
    def of(cls, bits: BitGraph, source: int, target: int, *, allowed: int, given: int = 0) -> Self:
        """Restrict the graph to the ancestors of all three sets."""
        within = bits.ancestors(source | target | given)
        arcs = 0
        for v, spouses in enumerate(bits.spouses):
            if spouses:
                arcs |= 1 << v
        usable = allowed & within & ~(source | target | given)
        return cls(bits, source, target, usable, given, within, arcs & within)


@dataclass(frozen=True, slots=True)
class Cut:
    """A minimal separator."""

    separator: int


@dataclass(frozen=True, slots=True)
class NoCut:
    """No allowed set separates source and target."""


def nearest_cut(problem: SeparationProblem, *, grown: int = 0) -> Cut | NoCut:
    """Find the minimal separator nearest to the source, in linear time.

    The source side holds ``grown`` too, which must touch it: the separator is then the nearest
    among those that have ``grown`` on that side.
    """
    free = problem.allowed & ~grown
    near = _flood(problem, problem.source | grown, free)
    if near & problem.target:
        return NoCut()
    border = near & free
    return Cut(_flood(problem, problem.target, border) & border)


def minimal_cuts(problem: SeparationProblem) -> Iterator[int]:
    """Yield every minimal separator once, those nearest to the source first.

    A set is told by its source side. The nearest side is a subset of every other; each further
    one takes in a node of the border, and sides taken in before are barred, so none comes twice.
    Between two sets lie polynomially many floods.
    """
    nearest = nearest_cut(problem)
    if isinstance(nearest, NoCut):
        return
    yield nearest.separator
    stack = [_Branch(_side(problem, nearest), 0, nearest.separator)]
    while stack:
        branch = stack.pop()
        low = branch.untried & -branch.untried
        if low:
            stack.append(_Branch(branch.side, branch.barred | low, branch.untried ^ low))
            found = nearest_cut(problem, grown=branch.side & problem.allowed | low)
            if isinstance(found, Cut) and not (side := _side(problem, found)) & branch.barred:
                yield found.separator
                stack.append(_Branch(side, branch.barred, found.separator & ~branch.barred))


@dataclass(frozen=True, slots=True)
class _Branch:
    """A source side, the nodes it must never take in, and the border nodes still to take in."""

    side: int
    barred: int
    untried: int


def _side(problem: SeparationProblem, cut: Cut) -> int:
    """Give what the source still reaches when a separator is given."""
    return _flood(problem, problem.source, cut.separator) & ~(cut.separator | problem.given)


def _flood(problem: SeparationProblem, start: int, blocked: int) -> int:
    """Give what ``start`` reaches, the blocked nodes that it touches included."""
    parents, children = problem.bits.parents, problem.bits.children
    within = problem.within
    blocked |= problem.given
    reached = todo = start
    entered = 0
    while todo:
        heads = todo
        while todo:  # from the highest bit: the integer gets shorter on the way
            v = todo.bit_length() - 1
            todo ^= 1 << v
            heads |= children[v]
        heads &= within & ~entered
        if heads & problem.arcs:
            heads |= problem.bits.district(heads & problem.arcs, within=within)
        entered |= heads
        touched = heads
        while heads:
            v = heads.bit_length() - 1
            heads ^= 1 << v
            touched |= parents[v]
        todo = touched & ~reached & ~blocked
        reached |= touched
    return reached
