"""The worlds of a run as grading needs them: marked from what was stored, read whole only if new.

Worlds of one scenario differ by names and order. Once their items are known, a world is put
together from those, which spares building its model again for every seed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from causal_interface_gym.errors import RunError
from causal_interface_gym.runs.archive import StoredWorld
from causal_interface_gym.runs.grades.items import ItemTable, key_of
from causal_interface_gym.runs.records import Record
from causal_interface_gym.scenarios import registry
from causal_interface_gym.scenarios.world import Question, World

__all__ = ["Met", "WorldReader", "WorldSource", "played_world"]

# Any: JSON.
Json = Mapping[str, Any]


class WorldSource(Protocol):
    """Where stored worlds come from."""

    def world(self, address: str) -> StoredWorld:
        """Give the world at an address."""
        ...


@dataclass(frozen=True, slots=True)
class Met:
    """A world to mark with, and the numbers of its items in the order of its questions.

    Of a world that is not ``is_whole`` only what marking reads is its own.
    """

    world: World
    numbers: tuple[int, ...]
    is_whole: bool


class WorldReader:
    """Reads the world of a record; the last one is remembered."""

    def __init__(self, source: WorldSource, table: ItemTable) -> None:
        """Start with no world read."""
        self._source = source
        self._table = table
        self._last: tuple[tuple[str, ...], Met] | None = None

    def read(self, record: Record, *, whole: bool) -> Met:
        """Give the world in which an episode was played; ``whole`` asks for all of it.

        Raises:
            RunError: The world is damaged, or not the one that the record was made in.
        """
        trial = record.trial
        key = (record.address, record.world, trial.scenario, str(trial.seed))
        if self._last is not None and self._last[0] == key:
            met = self._last[1]
            if met.is_whole or not whole:
                return met
        met = self._read(record, whole=whole)
        self._last = (key, met)
        return met

    def _read(self, record: Record, *, whole: bool) -> Met:
        if not record.address:
            world = played_world(record)
            return Met(world, self._table.of(world), is_whole=True)
        stored = self._source.world(record.address)
        if self._last is not None and not whole:
            try:
                found = self._assembled(stored.checked(), self._last[1].world)
            except (KeyError, TypeError):
                found = None  # another version: loading it says which
            if found is not None:
                return found
        world = stored.load()
        return Met(world, self._table.of(world), is_whole=True)

    def _assembled(self, data: Json, like: World) -> Met | None:
        """Put a world together from known items; none if one of them is new."""
        scenario, seed, cluster = data["scenario"], data["seed"], data["cluster"]
        keys = [key_of(scenario, seed, cluster, _telling(item)) for item in data["items"]]
        numbers = self._table.known(keys)
        if len(numbers) < len(keys):
            return None
        items = tuple(self._table.items[number].item for number in numbers)
        questions = tuple(
            Question(asked["id"], item.family, item.asked)
            for asked, item in zip(data["questions"], items, strict=True)
        )
        world = replace(
            like, scenario=scenario, seed=seed, cluster=cluster, questions=questions, items=items
        )
        return Met(world, numbers, is_whole=False)


def played_world(record: Record) -> World:
    """Make the world of a record anew.

    Raises:
        RunError: The scenario has changed since the episode was played.
    """
    world = registry.world_of(record.trial.scenario, seed=record.trial.seed)
    if world.digest != record.world:
        message = (
            f"the world of {record.trial} has changed since it was played "
            f"({record.world} then, {world.digest} now); run it again"
        )
        raise RunError(message)
    return world


def _telling(item: Json) -> Sequence[object]:
    """Read what tells an item from another, as ``telling`` gives it."""
    lures = tuple((lure["fallacy"], lure["value"]) for lure in item["lures"])
    return (item["family"], item["name"], item["truth"], lures)
