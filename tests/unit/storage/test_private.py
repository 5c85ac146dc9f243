"""What no report may show is kept apart, and replaced when it changes."""

from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.storage.database import memory_database
from causal_interface_gym.storage.private import PrivateNotes
from causal_interface_gym.storage.run_store import SqlStore

SPEC = RunSpec(("reference:uniform",), ("homework-v1",), (0,))


def test_notes_are_kept_by_name_and_the_last_one_counts() -> None:
    engine = memory_database()
    with SqlStore.create(engine, SPEC):
        notes = PrivateNotes(engine)
        assert notes.notes() == {}
        notes.keep({"local:a.gguf": {"path": "old", "sha256": "1"}, "openai": {"base_url": "u"}})
        notes.keep({"local:a.gguf": {"path": "new", "sha256": "1"}})
        notes.keep({})
        assert notes.notes() == {
            "local:a.gguf": {"path": "new", "sha256": "1"},
            "openai": {"base_url": "u"},
        }
