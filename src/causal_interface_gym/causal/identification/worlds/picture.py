"""The counterfactual variables behind events, each once, and the components they fall into.

A *copy* is a variable together with the values of its parents. Walking the graph in order, two
worlds share a copy where the parents' values are equal, because one mechanism with one noise then
gives one value [shpitser2008, Lemma 24]. A copy's own value is that of an event if there is one,
else an index that is summed over. Every event is so the sum of a product over the copies above it
[correa2021, Theorem 1].

Given events cut the copies below them off. What is then connected, by an index, by one variable in
two copies or by a hidden cause, is a component [correa2021, Definition 8]; components that a
joint event and its condition share cancel in their quotient.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from causal_interface_gym.causal.bits import BitGraph, each_bit
from causal_interface_gym.causal.identification.worlds.reading import Event, Fixed, World, Worlds

__all__ = ["Component", "Contradiction", "Copies", "Copy", "Index", "Picture", "Value", "draw"]


class Index(NamedTuple):
    """The value of a copy that no event fixes; it is summed over."""

    copy: int


Value = Fixed | Index


class Copy(NamedTuple):
    """A variable (its bit) whose parents have the given values, in order of their bits."""

    variable: int
    parents: tuple[tuple[int, Value], ...]


class Contradiction(NamedTuple):
    """Two events give one copy two values, or an event denies what its world sets."""

    variable: int
    labels: tuple[str | None, str | None]


@dataclass(slots=True)
class Copies:
    """All copies that were made, each once; pictures that share this share their numbers."""

    made: list[Copy] = field(default_factory=list)
    numbers: dict[Copy, int] = field(default_factory=dict)

    def number(self, copy: Copy) -> int:
        """Give the number of a copy, a new one if it was not made before."""
        if copy not in self.numbers:
            self.numbers[copy] = len(self.made)
            self.made.append(copy)
        return self.numbers[copy]


class Component(NamedTuple):
    """Copies that hang together, with their values."""

    copies: frozenset[tuple[int, Value]]

    @property
    def indices(self) -> list[int]:
        """The copies that are summed over."""
        return sorted(number for number, value in self.copies if isinstance(value, Index))


@dataclass(slots=True)
class Picture:
    """Some events, the value of each copy behind them, and which copies are given."""

    bits: BitGraph
    worlds: Worlds
    copies: Copies
    here: dict[tuple[int, int], int] = field(default_factory=dict)
    values: dict[int, Value] = field(default_factory=dict)
    roots: list[int] = field(default_factory=list)
    contradiction: Contradiction | None = None

    def value(self, variable: int, world: int) -> Value:
        """Give the value of a variable in a world: set, of an event, or an index."""
        setting = self.worlds.settings[world].get(variable)
        if isinstance(setting, Fixed):
            return setting
        if setting is not None:
            return self.value(variable, setting.world)
        return self.values[self.here[world, variable]]

    def components(self) -> list[Component]:
        """Split the copies into components, in order of their first copy."""
        groups = [(self._above(root), self._reach(self._above(root))) for root in self.roots]
        merged: list[tuple[frozenset[int], int]] = []
        for copies, reach in groups:
            near = [g for g in merged if g[0] & copies or self._linked(g[0], reach)]
            merged = [g for g in merged if g not in near]
            together = copies.union(*(g[0] for g in near))
            merged.append((together, self._reach(together)))
        found = [Component(frozenset((c, self.values[c]) for c in group)) for group, _ in merged]
        return sorted(found, key=lambda part: min(number for number, _ in part.copies))

    def _above(self, root: int) -> frozenset[int]:
        """Give a copy and the indices that it depends on."""
        found = {root}
        todo = [root]
        while todo:
            for _, value in self.copies.made[todo.pop()].parents:
                if isinstance(value, Index) and value.copy not in found:
                    found.add(value.copy)
                    todo.append(value.copy)
        return frozenset(found)

    def _reach(self, copies: frozenset[int]) -> int:
        """Give the variables of the copies and those that share a hidden cause with them."""
        reach = 0
        for number in copies:
            v = self.copies.made[number].variable
            reach |= 1 << v | self.bits.spouses[v]
        return reach

    def _linked(self, copies: frozenset[int], reach: int) -> bool:
        return any(reach >> self.copies.made[number].variable & 1 for number in copies)


def draw(bits: BitGraph, worlds: Worlds, copies: Copies, *, only_given: bool) -> Picture:
    """Give every event its copy and value, the conditions' ones alone with ``only_given``."""
    events = [event for event in worlds.events if event.is_given or not only_given]
    picture = Picture(bits, worlds, copies)
    events = list(_seated(picture, events))
    needed = _needed(picture, events)
    for v in each_bit(bits.all):
        for world, mask in enumerate(needed):
            if mask >> v & 1:
                parents = tuple((p, picture.value(p, world)) for p in each_bit(bits.parents[v]))
                number = copies.number(Copy(v, parents))
                picture.here[world, v] = number
                picture.values.setdefault(number, Index(number))
        for event in events:
            if event.variable == v:
                _settle(picture, event)
    return picture


def _seated(picture: Picture, events: list[Event]) -> Iterator[Event]:
    """Judge events about what their world sets; move those about borrowed values home."""
    for event in events:
        setting = picture.worlds.settings[event.world].get(event.variable)
        if isinstance(setting, Fixed):
            if setting.label != event.label:
                labels = (setting.label, event.label)
                picture.contradiction = Contradiction(event.variable, labels)
        elif setting is not None:
            yield event._replace(world=setting.world)
        else:
            yield event


def _settle(picture: Picture, event: Event) -> None:
    """Give the copy of an event its value."""
    number = picture.here[event.world, event.variable]
    value = picture.values[number]
    if isinstance(value, Index):
        picture.values[number] = Fixed(event.label)
        picture.roots.append(number)
    elif value.label != event.label and picture.contradiction is None:
        labels = (value.label, event.label)
        picture.contradiction = Contradiction(event.variable, labels)


def _needed(picture: Picture, events: list[Event]) -> list[int]:
    """For each world the variables that events or other worlds need to know there."""
    bits, settings = picture.bits, picture.worlds.settings
    needed = [0] * len(settings)
    todo = [(event.world, event.variable) for event in events]
    while todo:
        world, v = todo.pop()
        fixed = sum(1 << bit for bit in settings[world])
        above = bits.cut(into=fixed).ancestors(1 << v)
        needed[world] |= above & ~fixed
        todo += _borrowing(settings[world], above & fixed)
    return needed


def _borrowing(settings: World, used: int) -> Iterator[tuple[int, int]]:
    for bit in each_bit(used):
        setting = settings[bit]
        if not isinstance(setting, Fixed):
            yield setting.world, bit
