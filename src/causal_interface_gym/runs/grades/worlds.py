"""The worlds of a run as grading needs them: marked from what was stored, read whole only if new.

Worlds of one scenario differ by names and order. Once their items are known, the numbers of those
are all that is read of a world, which spares building its model again for every seed.
"""

import re
from dataclasses import dataclass
from typing import Final, Protocol

from causal_interface_gym.errors import RunError
from causal_interface_gym.runs.archive import StoredWorld
from causal_interface_gym.runs.grades.items import ItemTable, condition_of
from causal_interface_gym.runs.records import Record
from causal_interface_gym.scenarios import registry
from causal_interface_gym.scenarios.world import World

__all__ = ["WorldReader", "WorldSource", "played_world"]

Key = tuple[str, str, str, int]
ItemKey = tuple[str, str, str, str]
Asked = tuple[tuple[str, int], ...]
"""Questions, each with the number of its item."""


class WorldSource(Protocol):
    """Where stored worlds come from."""

    def world(self, address: str) -> StoredWorld:
        """Give the world at an address."""
        ...


_ITEMS: Final = '"items":[{"asked":'
_NEXT: Final = '},{"asked":'
_END: Final = '}],"model":'
_QUESTIONS: Final = '"questions":'
_TELLING: Final = ',"family":'
_QUESTION: Final = re.compile(r'"id":"([^"\\]*)","is":"Question"')


@dataclass(frozen=True, slots=True)
class _Outline:
    """The ids of a stored world's questions, and of each item what no seed changes."""

    questions: tuple[str, ...]
    items: tuple[ItemKey, ...]


class WorldReader:
    """Reads the worlds of records; the last one is remembered."""

    def __init__(self, source: WorldSource, table: ItemTable) -> None:
        """Start with no world read."""
        self._source = source
        self._table = table
        self._numbers: dict[ItemKey, int] = {}
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
        ids = tuple(question.id for question in world.questions)
        numbers = self._table.of(world)
        if record.address:
            outline = _outline(record, self._source.world(record.address).text())
            if outline.questions == ids and len(outline.items) == len(ids):
                self._numbers.update(zip(outline.items, numbers, strict=True))
        return tuple(zip(ids, numbers, strict=True))

    def _known(self, record: Record) -> Asked:
        """Find the items of a stored world among known ones; empty if one of them is new."""
        outline = _outline(record, self._source.world(record.address).text())
        numbers = [self._numbers[text] for text in outline.items if text in self._numbers]
        is_known = len(numbers) == len(outline.questions)
        return tuple(zip(outline.questions, numbers, strict=True)) if is_known else ()


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


def _outline(record: Record, text: str) -> _Outline:
    """Cut a world's text up without reading it; empty where it does not look as expected.

    A quote inside a string is escaped, so what is searched for stands only where it is a key. From
    its family on an item's text has no names: equal texts after equal heads are equal items. Where
    an id is missed, the numbers of questions and items differ, and the world is read whole.
    """
    begin, end = text.find(_ITEMS), text.find(_END)
    asked = text.find(_QUESTIONS, end)
    if not 0 < begin < end < asked:
        return _Outline((), ())
    condition = condition_of(record.trial.scenario, record.trial.seed)
    head = (record.trial.scenario, condition, text[:begin])
    parts = text[begin + len(_ITEMS) : end].split(_NEXT)
    return _Outline(
        tuple(_QUESTION.findall(text, asked)),
        tuple((*head, part.partition(_TELLING)[2]) for part in parts),
    )
