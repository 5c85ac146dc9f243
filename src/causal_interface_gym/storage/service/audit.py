"""The audit log: who did what to what, in an order that nobody can change.

The databases themselves refuse to change or delete an entry. An entry is written in the transaction
of the act, so there is none without the other.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    String,
    Table,
    Text,
    event,
    insert,
    select,
)

from causal_interface_gym.storage.database import reading
from causal_interface_gym.storage.service.clock import Moment, moment
from causal_interface_gym.storage.tables import METADATA

__all__ = ["APPEND_ONLY", "AuditEntry", "audit", "audit_entries", "read_audit"]

_NAME: Final = 200
_PAGE: Final = 100

audit_entries: Final = Table(
    "audit_entry",
    METADATA,
    Column(
        "id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    ),
    Column("at", Moment, nullable=False),
    Column("actor", String(_NAME), nullable=False),
    Column("action", String(_NAME), nullable=False),
    Column("subject", String(_NAME), nullable=False),
    Column("detail", Text, nullable=False),
)

APPEND_ONLY: Final = {
    "sqlite": (
        """CREATE TRIGGER audit_entry_update BEFORE UPDATE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
        """CREATE TRIGGER audit_entry_delete BEFORE DELETE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$BEGIN RAISE EXCEPTION 'the audit log is append-only'; END$$""",
        """CREATE TRIGGER audit_entry_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()""",
    ),
}
"""What makes each database refuse; the migration that makes the table holds a copy of its day."""

for _dialect, _statements in APPEND_ONLY.items():
    for _statement in _statements:
        _refusal = DDL(_statement)  # type: ignore[no-untyped-call]  # the library gives it none
        event.listen(audit_entries, "after_create", _refusal.execute_if(dialect=_dialect))


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """An act: ``detail`` says what changed and never holds a secret."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, Any]  # Any: JSON


def audit(
    connection: Connection,
    *,
    actor: str,
    action: str,
    subject: str,
    detail: Mapping[str, Any] | None = None,  # Any: JSON
) -> None:
    """Write an entry in the transaction of the act; names are cut to 200 characters."""
    names = {"actor": actor, "action": action, "subject": subject}
    values = {name: _storable(text) for name, text in names.items()}
    text = json.dumps(detail or {}, sort_keys=True)
    connection.execute(insert(audit_entries).values(**values, at=moment(), detail=text))


def read_audit(
    engine: Engine, *, after: int = 0, limit: int = _PAGE, subject: str = ""
) -> tuple[AuditEntry, ...]:
    """Give the entries after an id, oldest first; of one subject only where it is named.

    Raises:
        RunError: The database refused.
        DependencyError: Its server does not answer.
    """
    wanted = select(audit_entries).where(audit_entries.c.id > after)
    if subject:
        wanted = wanted.where(audit_entries.c.subject == subject)
    with reading(engine) as connection:
        rows = connection.execute(wanted.order_by(audit_entries.c.id).limit(limit)).all()
    return tuple(
        AuditEntry(row.id, row.at, row.actor, row.action, row.subject, json.loads(row.detail))
        for row in rows
    )


def _storable(text: str) -> str:
    """Give text that both databases take."""
    clean = text.replace("\0", "\\0").encode("utf-8", "backslashreplace").decode("utf-8")
    return clean[:_NAME]
