"""IDC: the effect of setting ``x`` on ``y`` given ``z``, and the shortcuts of do-calculus.

Actions without an effect are dropped (rule 3); an action that is exchangeable with seeing is seen
(rule 2), which ends the matter; otherwise every given that may be set instead of seen becomes an
action (rule 2), and P(y | do(x), z) = P(y, z | do(x)) / P(z | do(x)) [shpitser2006b].
"""

from typing import NamedTuple

from causal_interface_gym.causal.bits import BitGraph, each_bit
from causal_interface_gym.causal.identification.algorithm import Obstacle, Record, Rule, effect
from causal_interface_gym.causal.identification.formula import Algebra, Factor, Leaf

__all__ = ["Solution", "connected", "solve"]


class Solution(NamedTuple):
    """What identification found: factors whose product answers, or the obstacle; and the steps.

    ``actions`` and ``givens`` are the two sets after dropping and exchanging.
    """

    answer: tuple[Factor, ...] | Obstacle
    actions: int
    givens: int
    trace: tuple[Record, ...]


def solve(bits: BitGraph, *, x: int, y: int, z: int) -> Solution:
    """Identify P(y | do(x), z)."""
    trace: list[Record] = []
    effective = x & _anterior(bits, y | z, no_in=x)
    if effective != x:
        trace.append(Record(Rule.DROP, (x & ~effective, effective, y, z)))
    x = effective
    if not x or not connected(bits, x, y, given=z, no_out=x):
        factor = Factor(y, y | x | z, Leaf(y, x | z))
        if x or not trace:
            trace.append(Record(Rule.SEE if x else Rule.OBSERVE, (x, y, z), (factor,)))
        return Solution((factor,), x, z, tuple(trace))
    actions = _exchanged(bits, x=x, y=y, z=z, trace=trace)
    return _divided(bits, x=actions, y=y, z=z & ~actions, trace=trace)


def _exchanged(bits: BitGraph, *, x: int, y: int, z: int, trace: list[Record]) -> int:
    """Turn givens into actions until none is left that may be turned; give all actions."""
    found = True
    while found:
        found = False
        for v in each_bit(z):
            bit, others = 1 << v, z & ~(1 << v)
            if not connected(bits, bit, y, given=x | others, no_in=x, no_out=bit):
                trace.append(Record(Rule.EXCHANGE, (bit, y, x, others)))
                x, z, found = x | bit, others, True
    return x


def _divided(bits: BitGraph, *, x: int, y: int, z: int, trace: list[Record]) -> Solution:
    """Identify P(y, z | do(x)) and divide by its sum over y."""
    if z:
        trace.append(Record(Rule.CONDITION, (x, y, z)))
    algebra = Algebra()
    joint = effect(bits, x=x, y=y | z, algebra=algebra, trace=trace)
    if isinstance(joint, Obstacle):
        return Solution(joint, x, z, tuple(trace))
    answer = algebra.total(joint.over, joint.factors)
    if z:
        below = algebra.total(joint.over | y, joint.factors)
        answer = [algebra.ratio(y, answer, below)]
        trace.append(Record(Rule.DIVIDE, (x, y, z), tuple(answer)))
    else:
        trace.append(Record(Rule.RESULT, (x, y, z), tuple(answer)))
    return Solution(tuple(answer), x, z, tuple(trace))


def connected(
    bits: BitGraph, start: int, end: int, *, given: int, no_in: int = 0, no_out: int = 0
) -> bool:
    """Say whether an open path joins ``start`` to ``end`` given ``given``.

    The graph is cut: no arrowheads at ``no_in``, no arrows out of ``no_out``.
    """
    within = _anterior(bits, start | end | given, no_in=no_in, no_out=no_out)
    opened = _anterior(bits, given, no_in=no_in, no_out=no_out)
    by_tail, by_head = start, 0  # how a path arrives at a node decides how it may go on
    seen_tail = seen_head = 0
    while by_tail or by_head:
        seen_tail |= by_tail
        seen_head |= by_head
        if (seen_tail | seen_head) & end:
            return True
        free = by_tail & ~given
        down = bits.children_of((free | by_head & ~given) & ~no_out) & ~no_in
        turn = (free | by_head & opened) & ~no_in
        across = _union(bits.spouses, turn) & ~no_in
        up = bits.parents_of(turn) & ~no_out
        by_tail = up & within & ~seen_tail
        by_head = (down | across) & within & ~seen_head
    return False


def _union(step: tuple[int, ...], nodes: int) -> int:
    found = 0
    for v in each_bit(nodes):
        found |= step[v]
    return found


def _anterior(bits: BitGraph, of: int, *, no_in: int = 0, no_out: int = 0) -> int:
    """Give the ancestors of ``of`` in the cut graph, ``of`` included."""
    found = todo = of
    while todo:
        new = bits.parents_of(todo & ~no_in) & ~no_out & ~found
        found |= new
        todo = new
    return found
