"""Where the runs are that the runbook's scripts look at: a database if one is set, else folders."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

from causal_interface_gym.runs.store import Store
from causal_interface_gym.settings import load_settings
from causal_interface_gym.storage.calibrations import SqlCalibrations, open_calibrations
from causal_interface_gym.storage.database import database_at
from causal_interface_gym.storage.folder import DATABASE, open_run
from causal_interface_gym.storage.shared import open_shared, run_names
from causal_interface_gym.validation.commands import Runs

__all__ = ["stored_runs"]


def stored_runs() -> Runs:
    """Give the runs of CIG_DATABASE_URL, else those in folders.

    Raises:
        SettingError: A setting cannot be read.
    """
    address = load_settings().database_url
    if address is None:
        return Runs(DATABASE, open_run, open_calibrations)
    return _shared(address.get_secret_value())


def _shared(address: str) -> Runs:
    def open_store(name: Path) -> AbstractContextManager[Store]:
        return open_shared(address, str(name))

    @contextmanager
    def opened(name: Path) -> Iterator[SqlCalibrations]:
        with closing(SqlCalibrations(database_at(address), str(name))) as found:
            yield found

    def every() -> tuple[str, ...]:
        engine = database_at(address)
        try:
            return run_names(engine)
        finally:
            engine.dispose()

    return Runs(DATABASE, open_store, opened, every)
