"""What can be backed up: the seam between the two databases and everything above them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from causal_interface_gym.ops.backup.contents import Contents

__all__ = ["Rehearsal", "Source"]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A restored copy beside the real thing; ``place`` is its address or its folder."""

    contents: Contents
    place: str


class Source(Protocol):
    """A database that lives somewhere and can be read, rehearsed and replaced as a whole."""

    @property
    def kind(self) -> str:
        """``postgresql`` or ``files``; a backup of one kind is never restored into the other."""
        ...

    def size(self) -> int:
        """Bytes that it takes now, which a backup does not exceed by much."""
        ...

    def dump(self, file: Path) -> Contents:
        """Write it to a new file, and say what it held at that moment."""
        ...

    def rehearsed(self, file: Path) -> AbstractContextManager[Rehearsal]:
        """Restore a file beside the real thing, and remove it afterwards."""
        ...

    def restore(self, file: Path, check: Callable[[Contents], None]) -> str:
        """Put a file in the place of the real thing, in one step; say where the old one is.

        ``check`` sees the restored copy first; where it raises, all stays as it was.
        """
        ...
