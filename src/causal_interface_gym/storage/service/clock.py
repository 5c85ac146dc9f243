"""The database's clock, in both databases: the moment itself, and moments before and after it."""

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, Double, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

__all__ = ["Moment", "moment"]


class Moment(TypeDecorator[datetime]):
    """A point in time, read in UTC; SQLite keeps text without a zone, which is UTC too."""

    impl: TypeEngine[datetime] = DateTime(timezone=True)
    cache_ok: bool | None = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the time in UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class moment(FunctionElement[datetime]):  # noqa: N801 - a function of SQL, written as those are
    """The time it is in the database, or so many seconds later (earlier if below zero)."""

    type: TypeEngine[datetime] = Moment()
    name: str = "moment"
    inherit_cache: bool | None = True

    def __init__(self, offset_s: float = 0) -> None:
        """Say how many seconds from now."""
        super().__init__(literal(offset_s, Double))


@compiles(moment)
def _on_server(element: moment, compiler: SQLCompiler, **options: object) -> str:
    return f"clock_timestamp() + make_interval(secs => {_offset(element, compiler, options)})"


@compiles(moment, "sqlite")
def _in_file(element: moment, compiler: SQLCompiler, **options: object) -> str:
    offset = f"printf('%+.3f seconds', {_offset(element, compiler, options)})"
    return f"strftime('%Y-%m-%d %H:%M:%f', 'now', {offset})"


def _offset(element: moment, compiler: SQLCompiler, options: dict[str, object]) -> str:
    return str(compiler.process(element.clauses, **options))
