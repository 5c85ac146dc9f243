"""What the calls of models cost on each day, over all runs of a user, as a ``DayLedger``."""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Column, Double, Engine, MetaData, String, Table, event, select, update
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from causal_interface_gym.storage.database import reading, writing
from causal_interface_gym.storage.tables import insert_new

__all__ = ["SqlDayLedger", "hasten"]

# A database of its own, beside those of runs.
_TABLES: Final = MetaData()

spending: Final = Table(
    "spending",
    _TABLES,
    Column("day", String(10), primary_key=True),
    Column("usd", Double, nullable=False),
)


class SqlDayLedger:
    """Amounts by day, by UTC; every process that opens the same file sees the same sum."""

    def __init__(self, engine: Engine) -> None:
        """Open the ledger, and make it if it is new."""
        self._engine = engine
        event.listen(engine, "connect", hasten)
        with writing(engine) as connection:
            _TABLES.create_all(connection)

    def spent_today_usd(self) -> float:
        """Read what was spent today."""
        wanted = select(spending.c.usd).where(spending.c.day == _today())
        with reading(self._engine) as connection:
            return float(connection.scalar(wanted) or 0.0)

    def add_usd(self, amount: float) -> None:
        """Add to what was spent today; every process sees it when this returns."""
        day = _today()
        more = update(spending).where(spending.c.day == day).values(usd=spending.c.usd + amount)
        with writing(self._engine) as connection:
            new = insert_new(spending, connection.dialect.name)
            connection.execute(new, [{"day": day, "usd": 0.0}])
            connection.execute(more)


def hasten(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Let rows reach the disk a moment later: only a machine that stops could lose them."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
