"""The worlds of a run as grading needs them: marked from what was stored, read whole only if new.

Worlds of one scenario differ by names and order. Once their items are known, the numbers of those
are all that is read of a world, which spares building its model again for every seed.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from causal_interface_gym.errors import RunError
from causal_interface_gym.runs.archive import StoredWorld
from causal_interface_gym.runs.grades.items import ItemTable
from causal_interface_gym.runs.records import Record
from causal_interface_gym.scenarios import registry
from causal_interface_gym.scenarios.world import World

__all__ = ["WorldReader", "WorldSource", "played_world"]

# Any: JSON.
Json = Mapping[str, Any]
Key = tuple[str, str, str, int]
Asked = tuple[tuple[str, int], ...]
"""Questions, each with the number of its item."""


class WorldSource(Protocol):
    """Where stored worlds come from."""

    def world(self, address: str) -> StoredWorld:
        """Give the world at an address."""
        ...


class WorldReader:
    """Reads the worlds of records; the last one is remembered."""

    def __init__(self, source: WorldSource, table: ItemTable) -> None:
        """Start with no world read."""
        self._source = source
        self._table = table
        self._asked: tuple[Key, Asked] | None = None
        self._whole: tuple[Key, World] | None = None

    def asked(self, record: Record) -> Asked:
        """Give what was asked in an episode: each question with the number of its item.

        Raises:
            RunError: The world is damaged, or not the one that the record was made in.
        """
        key = _key(record)
        if self._asked is None or self._asked[0] != key:
            found = self._known(record) if record.address else ()
            self._asked = (key, found or self._new(record))
        return self._asked[1]

    def whole(self, record: Record) -> World:
        """Give the world in which an episode was played.

        Raises:
            RunError: The world is damaged, or not the one that the record was made in.
        """
        key = _key(record)
        if self._whole is None or self._whole[0] != key:
            stored = record.address
            world = self._source.world(stored).load() if stored else played_world(record)
            self._whole = (key, world)
        return self._whole[1]

    def _new(self, record: Record) -> Asked:
        world = self.whole(record)
        ids = (question.id for question in world.questions)
        return tuple(zip(ids, self._table.of(world), strict=True))

    def _known(self, record: Record) -> Asked:
        """Find the items of a stored world among known ones; empty if one of them is new."""
        data = self._source.world(record.address).checked()
        try:
            ids = [question["id"] for question in data["questions"]]
            numbers = self._table.known(
                data["scenario"], data["seed"], data["cluster"], map(_telling, data["items"])
            )
        except (KeyError, TypeError):
            return ()  # another version: loading it says which
        return tuple(zip(ids, numbers, strict=True)) if len(ids) == len(numbers) else ()


def _key(record: Record) -> Key:
    return (record.address, record.world, record.trial.scenario, record.trial.seed)


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
