"""Conflicting worlds: why not even all experiments tell a joint counterfactual.

The copies of one district share hidden causes, so their joint distribution is only known where all
of them live in one world: each variable has one value there, for itself and for its children. If
two copies need two values of a variable, no experiment shows them together, and models exist that
agree on every experiment and differ here [shpitser2008], [correa2021].

``check_conflict`` looks at the graph's edges alone, without the code that found the conflict.
"""

from dataclasses import dataclass

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.syntax import quoted

__all__ = ["ConflictingWorlds", "Need", "check_conflict"]


@dataclass(frozen=True, slots=True)
class Need:
    """A copy of a variable, its parents' values, and the value of its own; "any" is summed over."""

    variable: str
    parents: tuple[tuple[str, str], ...]
    value: str

    def needs(self, name: str) -> str | None:
        """Give the value that this copy needs of a variable, if it needs one."""
        return self.value if name == self.variable else dict(self.parents).get(name)

    def __str__(self) -> str:
        """Write in the notation of queries."""
        world = ", ".join(f"{quoted(p)}={v}" for p, v in self.parents)
        return f"{quoted(self.variable)}{f'[{world}]' if world else ''}={self.value}"


@dataclass(frozen=True, slots=True)
class ConflictingWorlds:
    """Two copies in one district that need different values of ``variable``."""

    variable: str
    first: Need
    second: Need
    district: tuple[Need, ...]

    @property
    def name(self) -> str:
        """What such an obstruction is called."""
        return "conflicting worlds"

    def __str__(self) -> str:
        """Say which copies and what they need."""
        one, other = self.first.needs(self.variable), self.second.needs(self.variable)
        shares = "" if self.first.variable == self.second.variable else ", joined by hidden causes"
        return (
            f"{self.first} needs {self.variable}={one} and {self.second} needs "
            f"{self.variable}={other}{shares}; no experiment shows both"
        )


def check_conflict(graph: ADMG, conflict: ConflictingWorlds) -> bool:
    """Tell whether the copies exist in the graph, hang together and cannot share a world.

    Plain sets and loops on purpose; shares no code with identification.
    """
    copies = (conflict.first, conflict.second, *conflict.district)
    shaped = all(
        {p for p, _ in need.parents} == {a for a, b in graph.directed if b == need.variable}
        for need in copies
    )
    wants = {need.needs(conflict.variable) for need in (conflict.first, conflict.second)}
    in_district = {conflict.first, conflict.second} <= set(conflict.district)
    names = {need.variable for need in conflict.district}
    reached = {conflict.first.variable}
    for _ in names:
        for a, b in graph.bidirected:
            if {a, b} <= names and reached & {a, b}:
                reached |= {a, b}
    return shaped and in_district and len(wants - {None}) > 1 and reached == names
