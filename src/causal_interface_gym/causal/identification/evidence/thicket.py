"""Thickets: why none of several sources determines the distribution of one district.

Q[D], the distribution of a district D when everything else is set, is the same in every source
that neither sets a member of D nor has another mechanism for one. Where a source does, it says
nothing about Q[D]. Else it has a forest F around D: hidden causes join F into one district, every
member of F leads to D inside F, and what the source gives, Q[F], does not determine Q[D]: F over D
is a hedge. A *thicket* names for every source which of the two it is; with selection nodes it is an
s-thicket, and an s-hedge where the source is observed only.

``check_thicket`` decides by search over the graph's edges alone, without the algorithm that found
the thicket, whether it is one for a question.

Source: [lee2019], [lee2020]; s-hedges [bareinboim2013].
"""

from collections.abc import Iterable
from dataclasses import dataclass

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identification.evidence.source import Source
from causal_interface_gym.causal.syntax import quoted

__all__ = ["Blocked", "Thicket", "check_thicket"]


@dataclass(frozen=True, slots=True)
class Blocked:
    """What keeps one source from telling: members that it sets or that differ, or a forest."""

    source: Source
    forest: frozenset[str] = frozenset()
    set_members: frozenset[str] = frozenset()
    differing: frozenset[str] = frozenset()

    def __str__(self) -> str:
        """Say it in words."""
        if self.set_members:
            return f"{self.source} sets {_listed(self.set_members)}"
        if self.differing:
            return f"in {self.source} the mechanism of {_listed(self.differing)} may differ"
        return f"in {self.source} hidden causes join {_listed(self.forest)}, all leading to it"


@dataclass(frozen=True, slots=True)
class Thicket:
    """A district whose distribution no source determines, and the reason for each source."""

    district: frozenset[str]
    blocked: tuple[Blocked, ...]

    @property
    def is_selective(self) -> bool:
        """Whether another population takes part: then it is an s-thicket."""
        return any(b.source.domain for b in self.blocked)

    @property
    def name(self) -> str:
        """The name in the literature."""
        alone = sum(1 for b in self.blocked if b.forest) == 1 and not any(
            b.source.do for b in self.blocked
        )
        kind = "hedge" if alone else "thicket"
        return f"s-{kind}" if self.is_selective else kind

    def __str__(self) -> str:
        """Name the district and every reason."""
        reasons = "; ".join(map(str, self.blocked))
        return f"no source determines Q[{_listed(self.district)}]: {reasons}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(quoted, sorted(names)))


def check_thicket(graph: ADMG, thicket: Thicket, sources: Iterable[Source]) -> bool:
    """Tell whether the thicket says of every source what is true of it in the graph.

    Plain sets and loops on purpose; shares no code with identification.
    """
    reasons = {b.source: b for b in thicket.blocked}
    district = thicket.district
    if not _is_joined(graph, district):
        return False
    for source in sources:
        reason = reasons.get(source)
        if reason is None or not _holds(graph, district, reason):
            return False
    return True


def _holds(graph: ADMG, district: frozenset[str], reason: Blocked) -> bool:
    source = reason.source
    if reason.set_members or reason.differing:
        named = reason.set_members <= source.do and reason.differing <= source.differs
        return named and reason.set_members | reason.differing <= district
    forest = reason.forest
    if not district < forest or forest & source.do or district & source.differs:
        return False
    return _is_joined(graph, forest) and _all_lead(graph, forest, district)


def _is_joined(graph: ADMG, names: frozenset[str]) -> bool:
    """Tell whether bidirected edges join the names into one."""
    reached = set(sorted(names)[:1])
    grown = True
    while grown:
        near = {b for pair in graph.bidirected for a, b in (pair, pair[::-1]) if a in reached}
        grown = bool(near & names - reached)
        reached |= near & names
    return bool(names) and reached == names


def _all_lead(graph: ADMG, forest: frozenset[str], district: frozenset[str]) -> bool:
    """Tell whether every member has a directed path inside the forest to the district."""
    leading = set(district)
    grown = True
    while grown:
        above = {a for a, b in graph.directed if b in leading and a in forest}
        grown = bool(above - leading)
        leading |= above
    return leading >= forest
