"""What is cut out of a stored world's text is what reading it whole gives."""

from dataclasses import replace

import pytest

from causal_interface_gym.errors import RunError
from causal_interface_gym.runs.archive import StoredWorld
from causal_interface_gym.runs.grades.items import ItemTable
from causal_interface_gym.runs.grades.worlds import WorldReader
from causal_interface_gym.runs.runner import run
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.runs.store import MemoryStore
from causal_interface_gym.scenarios import registry

SPEC = RunSpec(("reference:random",), registry.ids(), (0, 1, 2, 3))


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    made = MemoryStore(SPEC)
    run(made)
    return made


class Changed:
    """A source whose texts are one blank longer."""

    def __init__(self, store: MemoryStore) -> None:
        """Hold the store."""
        self.store = store

    def world(self, address: str) -> StoredWorld:
        """Give the world at an address."""
        found = self.store.world(address)
        return replace(found, body=found.body + " ")


def test_numbers_from_texts_are_those_of_the_worlds(store: MemoryStore) -> None:
    table, fresh = ItemTable(), ItemTable()
    reader = WorldReader(store, table)
    for record in store.records():
        world = store.world(record.address).load()
        ids = [question.id for question in world.questions]
        assert reader.asked(record) == tuple(zip(ids, fresh.of(world), strict=True))
    assert [item.unanswered for item in table.items] == [i.unanswered for i in fresh.items]


def test_a_changed_text_is_refused_before_it_is_cut(store: MemoryStore) -> None:
    reader = WorldReader(Changed(store), ItemTable())
    with pytest.raises(RunError, match="another hash"):
        reader.asked(next(store.records()))
