"""How much memory a process may still take, as the system and its control group say."""

import re
from pathlib import Path
from typing import Final

__all__ = ["available_bytes"]

_SYSTEM: Final = Path("/proc/meminfo")
_GROUP: Final = Path("/sys/fs/cgroup")


def available_bytes(system: Path = _SYSTEM, group: Path = _GROUP) -> int | None:
    """Give the smaller of what the machine and the control group leave; None where none says."""
    found = [n for n in (_of_system(system), _of_group(group)) if n is not None]
    return min(found, default=None)


def _of_system(file: Path) -> int | None:
    try:
        for line in file.read_text("ascii").splitlines():
            name, _, value = line.partition(":")
            if name == "MemAvailable":
                return int(value.split()[0]) * 1_024
    except (OSError, ValueError, IndexError):
        return None
    return None


def _of_group(folder: Path) -> int | None:
    """Read version 2 of control groups; pages of files count as free, they can be let go."""
    try:
        limit = int((folder / "memory.max").read_text("ascii"))  # "max" is no number: no limit
        used = int((folder / "memory.current").read_text("ascii"))
        facts = (folder / "memory.stat").read_text("ascii")
    except (OSError, ValueError):
        return None
    found = re.search(r"^inactive_file (\d+)$", facts, re.MULTILINE)
    return max(0, limit - used + int(found[1] if found else 0))
