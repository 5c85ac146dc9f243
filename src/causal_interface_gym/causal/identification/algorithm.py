r"""ID: the effect of setting ``x`` on ``y`` from the observational distribution, by c-factors.

Sets are bitmasks in topological order. Q[C] is the distribution of C when everything else is set:
Q[C] = P(c | do(v \ c)). The algorithm [tian2002], [shpitser2006, Fig. 3], [huang2006]:

1. P(y | do(x)) = sum over D \ y of Q[D], where D = An(y) in the graph without x, and Q[D] is the
   product of the Q[C] for the districts C of D.
2. For Q[C] only An(C) matters. Let S be its district that holds C: Q[S] is the product over v in S
   of P(v | mb(v)), mb(v) the Markov pillow of v among its predecessors.
3. Q[C] from Q[T], T = S at first. Let B = An(C) inside T. Then Q[B] is Q[T] summed over T \ B.
   If B = C that is the answer. If B = T there is no answer: T and C are a hedge. Else T becomes the
   district of B that holds C, and Q[T] is a product of ratios of sums of Q[B].

Step 3 always works on the current Q[T], never on conditionals of the observational distribution
with T put in their place. Nothing recurses, so no graph is too deep.
"""

from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

from causal_interface_gym.causal.bits import BitGraph, each_bit
from causal_interface_gym.causal.identification.formula import Algebra, Factor

__all__ = [
    "Effect",
    "Obstacle",
    "Record",
    "Rule",
    "chain_factors",
    "district_factors",
    "effect",
    "extract",
    "summed_factors",
]


class Rule(Enum):
    """What a recorded step did; the fields of its record are named in ``derivation``."""

    OBSERVE = auto()
    DROP = auto()
    SEE = auto()
    EXCHANGE = auto()
    CONDITION = auto()
    TRUNCATE = auto()
    SPLIT = auto()
    DISTRICT = auto()
    FACTORISE = auto()
    ANCESTRAL = auto()
    COMPONENT = auto()
    HEDGE = auto()
    DIVIDE = auto()
    RESULT = auto()


class Record(NamedTuple):
    """One step as it was taken: the rule, the sets it spoke of, the factors it made."""

    rule: Rule
    sets: tuple[int, ...]
    factors: tuple[Factor, ...] = ()


class Effect(NamedTuple):
    """P(y | do(x)) is the sum over ``over`` of the product of ``factors``."""

    over: int
    factors: list[Factor]


class Obstacle(NamedTuple):
    """Q[subforest] cannot be had from Q[forest]; both are districts, all ancestors of it."""

    forest: int
    subforest: int


class _Data(NamedTuple):
    """P(a) in pieces: the leaf of each node, and the districts of a."""

    leaves: dict[int, Factor]
    districts: list[int]


def effect(
    bits: BitGraph, *, x: int, y: int, algebra: Algebra, trace: list[Record]
) -> Effect | Obstacle:
    """Find P(y | do(x)) as a product of factors, or what forbids it; steps go to ``trace``."""
    relevant = bits.ancestors(y)
    needed = bits.ancestors(y, within=relevant & ~x)
    parts = bits.districts(needed)
    trace.append(Record(Rule.TRUNCATE, (x, y, relevant, needed)))
    if len(parts) > 1:
        trace.append(Record(Rule.SPLIT, (needed, *parts)))
    whole_data = district_factors(bits, relevant, algebra)
    found: list[Factor] = []
    for part in parts:
        data = whole_data
        whole = next(d for d in data.districts if d & part)
        if whole != part:
            whole = bits.district(part, within=bits.ancestors(part))
            data = district_factors(bits, whole, algebra)
        factors = [data.leaves[v] for v in each_bit(whole)]
        rule = Rule.DISTRICT if whole == part else Rule.FACTORISE
        trace.append(Record(rule, (part, whole), tuple(factors)))
        if whole != part:
            answer = extract(bits, part, whole, factors=factors, algebra=algebra, trace=trace)
            if isinstance(answer, Obstacle):
                return answer
            factors = answer
        found += factors
    return Effect(needed & ~y, sorted(found, key=_last_out))


def _last_out(factor: Factor) -> int:
    return factor.outs


def district_factors(bits: BitGraph, within: int, algebra: Algebra, source: int = 0) -> _Data:
    """Walk an ancestral set, or one district of it, in order; districts grow and merge."""
    members: dict[int, int] = {}
    outer: dict[int, int] = {}
    owner: dict[int, int] = {}
    leaves: dict[int, Factor] = {}
    for v in each_bit(within):
        bit = 1 << v
        district, pillow = bit, bits.parents[v]
        linked = bits.spouses[v] & within & (bit - 1)
        while linked:
            other = (linked & -linked).bit_length() - 1
            top = owner[other]
            while top not in members:
                top = owner[top]
            district |= members[top]
            pillow |= outer.pop(top)
            linked &= ~members.pop(top)
            owner[other] = owner[top] = v
        members[v], outer[v], owner[v] = district, pillow, v
        leaves[v] = algebra.leaf(bit, (district | pillow) & ~bit, source)
    return _Data(leaves, list(members.values()))


def extract(
    bits: BitGraph,
    part: int,
    whole: int,
    *,
    factors: list[Factor],
    algebra: Algebra,
    trace: list[Record],
) -> list[Factor] | Obstacle:
    """Take Q[part] out of Q[whole], or say which pair of sets is the obstacle."""
    while whole != part:
        ancestral = bits.ancestors(part, within=whole)
        if ancestral == whole:
            trace.append(Record(Rule.HEDGE, (part, whole)))
            return Obstacle(whole, part)
        summed = whole & ~ancestral
        if ancestral == part:
            left = algebra.total(summed, factors)
            trace.append(Record(Rule.ANCESTRAL, (part, whole, ancestral), tuple(left)))
            return _distributions(algebra, part, left)
        trace.append(Record(Rule.ANCESTRAL, (part, whole, ancestral)))
        whole = bits.district(part & -part, within=ancestral)
        factors = chain_factors(algebra, whole, ancestral, ancestral | summed, factors)
        trace.append(Record(Rule.COMPONENT, (part, whole, ancestral), tuple(factors)))
    return factors


def summed_factors(algebra: Algebra, part: int, whole: int, factors: list[Factor]) -> list[Factor]:
    """Give Q[part], part an ancestral set, from the factors of Q[whole]."""
    return _distributions(algebra, part, algebra.total(whole & ~part, factors))


def _distributions(algebra: Algebra, part: int, factors: list[Factor]) -> list[Factor]:
    """Make sure that each factor says what it is a distribution of."""
    return factors if all(f.outs for f in factors) else [algebra.ratio(part, factors, ())]


def chain_factors(
    algebra: Algebra, part: int, ancestral: int, whole: int, factors: list[Factor]
) -> list[Factor]:
    """Give Q[part], part a district of the ancestral set, from the factors of Q[whole]."""
    summed = whole & ~ancestral
    return [
        _chain(algebra, run, ancestral, summed=summed, factors=factors)
        for run in _runs(part, ancestral)
    ]


def _runs(part: int, ancestral: int) -> Iterator[int]:
    """Cut ``part`` into runs of neighbours in the order of ``ancestral``."""
    run = 0
    for v in each_bit(ancestral):
        if part >> v & 1:
            run |= 1 << v
        elif run:
            yield run
            run = 0
    if run:
        yield run


def _chain(
    algebra: Algebra, run: int, ancestral: int, *, summed: int, factors: list[Factor]
) -> Factor:
    """Condition the run on what precedes it, in the distribution Q[ancestral].

    Q[ancestral] is the product of ``factors`` summed over ``summed``.
    """
    later = ancestral & ~((1 << run.bit_length()) - 1)
    from_run_on = ancestral & ~((run & -run) - 1)
    above = algebra.total(summed | later, factors)
    below = algebra.total(summed | from_run_on, factors)
    return algebra.ratio(run, above, below)
