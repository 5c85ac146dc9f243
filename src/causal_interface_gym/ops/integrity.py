"""Every run of a database or folder, checked against itself and the present engine."""

from dataclasses import dataclass
from pathlib import Path

from causal_interface_gym.errors import CausalGymError
from causal_interface_gym.runs.store import Store
from causal_interface_gym.storage.database import database_at
from causal_interface_gym.storage.folder import DATABASE, open_run
from causal_interface_gym.storage.shared import open_shared, run_names
from causal_interface_gym.validation.integrity import check_run

__all__ = ["Checked", "check_database", "check_folder"]


@dataclass(frozen=True, slots=True)
class Checked:
    """How many runs were checked, and a line for each thing that is not what it should be."""

    n_runs: int
    findings: tuple[str, ...]


def check_database(address: str) -> Checked:
    """Check every run of a database.

    Raises:
        RunError: The database holds no tables.
        DependencyError: Its server does not answer.
    """
    engine = database_at(address)
    try:
        names = run_names(engine)
    finally:
        engine.dispose()
    findings: list[str] = []
    for name in names:
        try:
            with open_shared(address, name) as store:
                findings += _findings(name, store)
        except (CausalGymError, ValueError) as error:  # one damaged run does not hide the others
            findings.append(f"{name}: {error}")
    return Checked(len(names), tuple(findings))


def check_folder(folder: Path) -> Checked:
    """Check every run below a folder."""
    found = sorted(path.parent for path in folder.glob(f"**/{DATABASE}"))
    findings: list[str] = []
    for run in found:
        try:
            with open_run(run) as store:
                findings += _findings(str(run.relative_to(folder)), store)
        except (CausalGymError, ValueError) as error:  # as above
            findings.append(f"{run.relative_to(folder)}: {error}")
    return Checked(len(found), tuple(findings))


def _findings(name: str, store: Store) -> list[str]:
    return [f"{name}: {finding}" for finding in check_run(store).findings]
