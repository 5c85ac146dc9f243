"""The distribution of one district from the first source that determines it.

Q[D] = P(d | do(all others)). In a source that sets z, the variables left have the graph without
edges into z; there Q[D] is taken out of the district that holds D as ID does it. If no single
source determines Q[D], all of them together do not [lee2019], and with other populations [lee2020].
"""

from dataclasses import dataclass

from causal_interface_gym.causal.bits import BitGraph, each_bit
from causal_interface_gym.causal.identification.algorithm import (
    Obstacle,
    Record,
    Rule,
    district_factors,
    extract,
)
from causal_interface_gym.causal.identification.derivation import Step
from causal_interface_gym.causal.identification.evidence.source import Sources
from causal_interface_gym.causal.identification.evidence.thicket import Blocked, Thicket
from causal_interface_gym.causal.identification.formula import Algebra, Factor, Leaf

__all__ = ["Found", "district_from"]


@dataclass(frozen=True, slots=True)
class Found:
    """Factors whose product is Q[D], from the source of that number, and how they were found."""

    factors: tuple[Factor, ...]
    source: int
    trace: tuple[Record | Step, ...]


def district_from(bits: BitGraph, part: int, sources: Sources, algebra: Algebra) -> Found | Thicket:
    """Find Q[part] from one of the sources, or why none tells."""
    if sources.is_all:
        return _by_experiment(bits, part, sources, algebra)
    graph = sources.graph
    blocked: list[Blocked] = []
    for number, do, differs in sources:
        source = sources.listed[number]
        if part & (do | differs):
            acted, other = (frozenset(graph.names(part & m)) for m in (do, differs))
            blocked.append(
                Blocked(source, set_members=acted, differing=frozenset() if acted else other)
            )
            continue
        answer = _from_source(bits.cut(into=do), part, do, algebra, number)
        if isinstance(answer, Found):
            return answer
        blocked.append(Blocked(source, forest=frozenset(graph.names(answer.forest))))
    return Thicket(frozenset(graph.names(part)), tuple(blocked))


def _from_source(
    cut: BitGraph, part: int, do: int, algebra: Algebra, number: int
) -> Found | Obstacle:
    """Extract Q[part] in the graph of one source."""
    whole = cut.district(part, within=cut.ancestors(part) & ~do)
    data = district_factors(cut, whole, algebra, number)
    factors = [data.leaves[v] for v in each_bit(whole)]
    rule = Rule.DISTRICT if whole == part else Rule.FACTORISE
    trace = [Record(rule, (part, whole), tuple(factors))]
    answer = extract(cut, part, whole, factors=factors, algebra=algebra, trace=trace)
    if isinstance(answer, Obstacle):
        return answer
    return Found(tuple(answer), number, tuple(trace))


def _by_experiment(bits: BitGraph, part: int, sources: Sources, algebra: Algebra) -> Found:
    """With all experiments at hand, set the parents and look."""
    parents = bits.parents_of(part) & ~part
    number = sources.experiment(parents)
    factor = algebra.leaf(part, parents, number)
    q = f"Q[{', '.join(sources.graph.names(part))}]"
    statement = f"{q} = {sources.spell(Leaf(part, parents, number))}"
    licence = "setting all parents of a district is one of the experiments"
    step = Step("experiment", statement, licence, "[shpitser2008]")
    return Found((factor,), number, (step,))
