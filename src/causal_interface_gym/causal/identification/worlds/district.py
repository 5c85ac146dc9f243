"""The districts of some copies, each with the one world that its copies fit into."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identification.worlds.conflict import ConflictingWorlds, Need
from causal_interface_gym.causal.identification.worlds.picture import (
    Component,
    Copies,
    Copy,
    Index,
    Value,
)

__all__ = ["District", "districts_of"]


@dataclass(frozen=True, slots=True)
class District:
    """Variables (``mask``), the values of their copies, and those of the parents too."""

    mask: int
    own: tuple[tuple[int, Value], ...]
    values: tuple[tuple[int, Value], ...]


def districts_of(
    graph: ADMG, copies: Copies, components: Sequence[Component]
) -> list[District] | ConflictingWorlds:
    """Split copies into districts, or find two that cannot share a world."""
    held = [pair for component in components for pair in component.copies]
    held.sort(key=lambda pair: (copies.made[pair[0]].variable, pair[0]))
    everything = sum({1 << copies.made[number].variable for number, _ in held})
    found: list[District] = []
    for mask in graph.bits.districts(everything):
        inside = [pair for pair in held if mask >> copies.made[pair[0]].variable & 1]
        members = [(copies.made[c], value) for c, value in inside]
        district = _one_world(graph, copies, mask, members)
        if isinstance(district, ConflictingWorlds):
            return district
        found.append(district)
    return found


def _one_world(
    graph: ADMG, copies: Copies, mask: int, members: list[tuple[Copy, Value]]
) -> District | ConflictingWorlds:
    """Collect what each copy needs; no variable may be needed at two values."""
    values: dict[int, Value] = {}
    by: dict[int, tuple[Copy, Value]] = {}
    for copy, own in members:
        for v, value in _needs(copy, own):
            if values.setdefault(v, value) != value:
                needs = [_need(graph, copies, *member) for member in (by[v], (copy, own))]
                every = tuple(_need(graph, copies, *member) for member in members)
                return ConflictingWorlds(graph.order[v], needs[0], needs[1], every)
            by.setdefault(v, (copy, own))
    own_values = tuple((copy.variable, value) for copy, value in members)
    return District(mask, own_values, tuple(values.items()))


def _needs(copy: Copy, own: Value) -> Iterator[tuple[int, Value]]:
    yield from copy.parents
    yield copy.variable, own


def _need(graph: ADMG, copies: Copies, copy: Copy, value: Value) -> Need:
    parents = tuple((graph.order[p], _text(copies, v)) for p, v in copy.parents)
    return Need(graph.order[copy.variable], parents, _text(copies, value))


def _text(copies: Copies, value: Value) -> str:
    """Write a value; "any", "any'" are those of different copies of a variable."""
    if isinstance(value, Index):
        variable = copies.made[value.copy].variable
        rank = sum(1 for other in copies.made[: value.copy] if other.variable == variable)
        return "any" + "'" * rank
    return "?" if value.label is None else value.label
