"""The loss of everything, rehearsed: restore a backup elsewhere, and check all that it holds."""

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from causal_interface_gym.errors import CausalGymError
from causal_interface_gym.ops.backup.source import Rehearsal, Source
from causal_interface_gym.ops.backup.vault import Vault
from causal_interface_gym.ops.integrity import Checked, check_database, check_folder

__all__ = ["Drill", "drill"]


@dataclass(frozen=True, slots=True)
class Drill:
    """What a rehearsal found: times in seconds, and a line for each finding."""

    backup: str
    restore_s: float
    age_s: float
    n_rows: int
    n_runs: int
    findings: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """Write as plain dictionaries."""
        return asdict(self)


def drill(vault: Vault, source: Source, name: str = "") -> Drill:
    """Rehearse with a backup, the proven one unless another is named.

    Raises:
        OperationError: It does not restore to what was backed up.
        DependencyError: A server or program is not there.
    """
    seen: list[tuple[float, Checked]] = []
    began = time.monotonic()

    def look(rehearsal: Rehearsal) -> None:
        restored = time.monotonic() - began
        try:
            checked = (
                check_database(rehearsal.place)
                if source.kind == "postgresql"
                else check_folder(Path(rehearsal.place))
            )
        except CausalGymError as error:  # a backup that cannot be read is the finding
            checked = Checked(0, (str(error),))
        seen.append((restored, checked))

    backup = vault.verify(source, name, look)
    ((restore_s, checked),) = seen
    if not checked.findings:
        vault.note_drill()
    age_s = (vault.now() - backup.made_at).total_seconds()
    return Drill(
        backup.name,
        restore_s,
        age_s,
        backup.contents.n_rows,
        checked.n_runs,
        checked.findings,
    )
