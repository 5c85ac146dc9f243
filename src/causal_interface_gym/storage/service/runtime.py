"""Settings that are changed while the gym runs, with the whole of their history.

A row is a change and stays for ever; the newest of a variable counts. On PostgreSQL whoever listens
to the channel is told of a change when it is committed; others find it when they look again.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    String,
    Table,
    Text,
    func,
    select,
)

from causal_interface_gym.errors import RunError
from causal_interface_gym.storage.database import reading, writing
from causal_interface_gym.storage.service.audit import audit
from causal_interface_gym.storage.service.clock import Moment, moment
from causal_interface_gym.storage.tables import METADATA, insert_new

__all__ = ["CHANNEL", "Change", "change_setting", "history", "runtime_settings", "set_values"]

CHANNEL: Final = "cig_setting"
"""The channel of PostgreSQL on which a changed variable is named."""

runtime_settings: Final = Table(
    "runtime_setting",
    METADATA,
    Column("variable", String(100), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    # Null where the setting was taken back, so that the other places decide again.
    Column("value", Text),
    Column("at", Moment, nullable=False),
    Column("actor", String(200), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a setting; ``value`` is ``None`` where it was taken back."""

    variable: str
    version: int
    value: str | None
    at: datetime
    actor: str


def set_values(engine: Engine) -> dict[str, str]:
    """Give the settings that hold now, by variable.

    Raises:
        RunError: The database refused.
        DependencyError: Its server does not answer.
    """
    table = runtime_settings
    last = func.max(table.c.version).label("last")
    newest = select(table.c.variable, last).group_by(table.c.variable).subquery()
    is_newest = (newest.c.variable == table.c.variable) & (newest.c.last == table.c.version)
    wanted = select(table.c.variable, table.c.value).join(newest, is_newest)
    with reading(engine) as connection:
        rows = connection.execute(wanted.where(table.c.value.is_not(None))).all()
    return {row.variable: row.value for row in rows}


def change_setting(engine: Engine, variable: str, value: str | None, *, actor: str) -> int:
    """Set a variable, or take it back with ``None``; give the number of the change.

    The value must have been checked. Of two that change one variable at once, one is refused.

    Raises:
        RunError: The database refused, or another change came first.
        DependencyError: Its server does not answer.
    """
    table = runtime_settings
    last = select(func.max(table.c.version)).where(table.c.variable == variable)
    with writing(engine) as connection:
        version = (connection.scalar(last) or 0) + 1
        row = {"variable": variable, "version": version, "value": value, "actor": actor}
        new = insert_new(table, connection.dialect.name).returning(table.c.version)
        if connection.scalar(new.values(**row, at=moment())) is None:
            message = f"somebody else changed {variable} at this moment; look, then set it again"
            raise RunError(message)
        audit(
            connection,
            actor=actor,
            action="setting.change",
            subject=variable,
            detail={"value": value, "version": version},
        )
        _announce(connection, variable)
    return version


def history(engine: Engine, variable: str = "") -> tuple[Change, ...]:
    """Give every change, or those of one variable, newest first.

    Raises:
        RunError: The database refused.
        DependencyError: Its server does not answer.
    """
    table = runtime_settings
    wanted = select(table).order_by(table.c.at.desc(), table.c.variable, table.c.version.desc())
    if variable:
        wanted = wanted.where(table.c.variable == variable)
    with reading(engine) as connection:
        return tuple(Change(*row) for row in connection.execute(wanted))


def _announce(connection: Connection, variable: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_notify(CHANNEL, variable)))
