"""What a run must remember and no report may show: where its models are.

Each entry stands under the name of a provider or of a local model's file. Passwords in addresses
are not kept.
"""

import json
from collections.abc import Mapping
from typing import Final

from sqlalchemy import Column, Engine, ForeignKey, String, Table, Text, delete, insert, select
from sqlalchemy import inspect as look_at

from causal_interface_gym.storage.database import reading, writing
from causal_interface_gym.storage.tables import MAIN, METADATA

__all__ = ["PrivateNotes", "private"]

private: Final = Table(
    "private",
    METADATA,
    Column("run", ForeignKey("run.id"), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("body", Text, nullable=False),
)


class PrivateNotes:
    """The private notes of one run in a database."""

    def __init__(self, engine: Engine, run: str = MAIN) -> None:
        """Hold the database; its table is made when the first note is kept."""
        self._engine = engine
        self._run = run

    def keep(self, notes: Mapping[str, Mapping[str, str]]) -> None:
        """Keep notes; one of the same name is replaced.

        Raises:
            RunError: The database refused.
        """
        rows = [
            {"run": self._run, "name": name, "body": json.dumps(dict(note), sort_keys=True)}
            for name, note in notes.items()
        ]
        if not rows:
            return
        old = delete(private).where(private.c.run == self._run, private.c.name.in_(notes))
        with writing(self._engine) as connection:
            private.create(connection, checkfirst=True)
            connection.execute(old)
            connection.execute(insert(private), rows)

    def notes(self) -> dict[str, dict[str, str]]:
        """Give all notes by name.

        Raises:
            RunError: The database refused.
        """
        wanted = select(private.c.name, private.c.body).where(private.c.run == self._run)
        with reading(self._engine) as connection:
            if not look_at(connection).has_table(private.name):
                return {}
            found = connection.execute(wanted.order_by(private.c.name)).all()
        return {name: json.loads(body) for name, body in found}
