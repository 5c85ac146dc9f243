"""The calibrations of a run: numbered texts beside its logs, each kept whole or not at all."""

import hashlib
from pathlib import Path
from typing import Self

from sqlalchemy import Engine, func, insert, inspect, select

from causal_interface_gym.errors import RunError
from causal_interface_gym.storage.database import file_database, reading, writing
from causal_interface_gym.storage.folder import DATABASE
from causal_interface_gym.storage.schema import ensure_tables
from causal_interface_gym.storage.tables import MAIN, calibrations

__all__ = ["SqlCalibrations", "open_calibrations"]


class SqlCalibrations:
    """The calibrations of one run in a database; close it, or use it in a ``with``."""

    def __init__(self, engine: Engine, run: str = MAIN) -> None:
        """Hold the database; an old one gets its table when the first version is kept."""
        self._engine = engine
        self._run = run

    def versions(self) -> tuple[int, ...]:
        """List the versions that are there, in order."""
        column = calibrations.c.version
        wanted = select(column).where(calibrations.c.run == self._run).order_by(column)
        with reading(self._engine) as connection:
            if not inspect(connection).has_table(calibrations.name):
                return ()
            return tuple(connection.scalars(wanted))

    def body(self, version: int) -> str:
        """Give the text of a version.

        Raises:
            RunError: There is none, or it is not the text that was kept.
        """
        if version not in self.versions():
            message = f"there is no calibration {version}; there are {list(self.versions())}"
            raise RunError(message)
        wanted = select(calibrations.c.digest, calibrations.c.body).where(
            calibrations.c.run == self._run, calibrations.c.version == version
        )
        with reading(self._engine) as connection:
            found = connection.execute(wanted).one()
        body = str(found.body)
        if _digest(body) != found.digest:
            message = f"calibration {version} is damaged: its text has another hash"
            raise RunError(message)
        return body

    def keep(self, body: str) -> int:
        """Keep a text as the next version, in one transaction, and give its number.

        Raises:
            RunError: The database refused, or another process keeps one at this moment.
        """
        last = select(func.max(calibrations.c.version)).where(calibrations.c.run == self._run)
        ensure_tables(self._engine)
        with writing(self._engine) as connection:
            version = (connection.scalar(last) or 0) + 1
            row = {"run": self._run, "version": version, "digest": _digest(body), "body": body}
            connection.execute(insert(calibrations), [row])
        return version

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        """Give the calibrations themselves."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the database."""
        self.close()


def open_calibrations(folder: Path) -> SqlCalibrations:
    """Open the calibrations of the run in a folder.

    Raises:
        RunError: There is no run.
    """
    if not (folder / DATABASE).is_file():
        message = f"there is no run in {folder}; start one with: cig run --out {folder}"
        raise RunError(message)
    return SqlCalibrations(file_database(folder / DATABASE))


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()
