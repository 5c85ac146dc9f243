"""A folder of runs as a source of backups: each database in it, and every other file beside them.

A database is copied by SQLite's own backup, so a writer does not tear it; its journal is not
needed. The archive is a tar file. A restore fills a folder beside the real one and exchanges both
in one step.
"""

import hashlib
import shutil
import sqlite3
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from causal_interface_gym.errors import OperationError
from causal_interface_gym.ops.backup.contents import Contents, TableDigest, file_contents
from causal_interface_gym.ops.backup.exchange import exchange
from causal_interface_gym.ops.backup.source import Rehearsal

__all__ = ["FolderSource"]

_DATABASE: Final = ".db"
_JOURNALS: Final = (".db-wal", ".db-shm", ".db-journal")
_BUSY_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class FolderSource:
    """The folder that holds the folders of runs."""

    folder: Path
    kind: str = "files"

    def size(self) -> int:
        """Bytes that its files take."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())

    def dump(self, file: Path) -> Contents:
        """Write it to a new archive, and say what it held.

        Raises:
            OperationError: There is no such folder, a database is damaged, or the disk is full.
        """
        if not self.folder.is_dir():
            message = f"there is no folder {self.folder}; --runs names the folder of runs"
            raise OperationError(message)
        with _beside(self.folder, "copy") as copy:
            try:
                for path in _files(self.folder):
                    _copy(path, copy / path.relative_to(self.folder))
                contents = _contents(copy)
                with tarfile.open(file, "x:gz") as archive:
                    for path in _files(copy):
                        archive.add(path, str(path.relative_to(copy)))
            except (OSError, sqlite3.Error) as error:
                message = f"the runs in {self.folder} cannot be copied: {error}"
                raise OperationError(message) from error
        return contents

    @contextmanager
    def rehearsed(self, file: Path) -> Iterator[Rehearsal]:
        """Restore an archive into a folder of its own, and remove it afterwards.

        Raises:
            OperationError: The file is no whole archive, or the disk is full.
        """
        with _beside(self.folder, "shadow") as shadow:
            _unpack(file, shadow)
            yield Rehearsal(_contents(shadow), str(shadow))

    def restore(self, file: Path, check: Callable[[Contents], None]) -> str:
        """Put an archive in the place of the folder; give the place where the old one is now.

        Raises:
            OperationError: The file is no whole archive, the check refused, or the disk is full.
        """
        stamp = time.strftime("%Y%m%d%H%M%S", time.gmtime())
        with self.rehearsed(file) as shadow:
            check(shadow.contents)
            self.folder.mkdir(parents=True, exist_ok=True)
            filled = Path(shadow.place)
            exchange(filled, self.folder)
            # What was live lies where the copy was; it is kept under a name that says so.
            old = _unused(self.folder.with_name(f"{self.folder.name}.before-{stamp}"))
            filled.rename(old)
        return str(old)


def _files(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and not path.name.endswith(_JOURNALS)
    )


def _copy(path: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix != _DATABASE:
        shutil.copy2(path, to)
        return
    source = sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=_BUSY_S)
    with closing(source), closing(sqlite3.connect(to)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


def _contents(folder: Path) -> Contents:
    """Digest every database below a folder, and every other file as a table of one row."""
    tables: dict[str, TableDigest] = {}
    structures: list[str] = []
    revisions: set[str] = set()
    for path in _files(folder):
        name = str(path.relative_to(folder))
        if path.suffix == _DATABASE:
            found = _database(path)
            revisions.add(found.revision)
            structures.append(f"{name} {found.structure}")
            tables |= {f"{name}:{table}": digest for table, digest in found.tables.items()}
        else:
            tables[name] = TableDigest(1, _file_digest(path))
    return Contents(",".join(sorted(revisions)), "\n".join(structures), tables)


def _database(path: Path) -> Contents:
    with closing(sqlite3.connect(path)) as connection:
        try:
            said = connection.execute("PRAGMA integrity_check").fetchone()[0]
            if said == "ok":
                return file_contents(connection)
        except sqlite3.DatabaseError as error:
            said = str(error)
    message = f"{path.name} in {path.parent.name} is damaged: {said}"
    raise OperationError(message)


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unpack(file: Path, into: Path) -> None:
    try:
        with tarfile.open(file, "r:gz") as archive:
            archive.extractall(into, filter="data")
    except (tarfile.TarError, EOFError, OSError) as error:
        message = f"{file.name} is no whole archive of runs, or cannot be unpacked: {error}"
        raise OperationError(message) from error


@contextmanager
def _beside(folder: Path, what: str) -> Iterator[Path]:
    """Lend a folder on the same disk; those that earlier kills left behind go first."""
    parent = folder.resolve().parent
    parent.mkdir(parents=True, exist_ok=True)
    beginning = f".{folder.name}.{what}-"
    for left in parent.glob(f"{beginning}*"):
        shutil.rmtree(left, ignore_errors=True)
    made = Path(tempfile.mkdtemp(prefix=beginning, dir=parent))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _unused(path: Path) -> Path:
    number = 1
    chosen = path
    while chosen.exists():
        number += 1
        chosen = path.with_name(f"{path.name}-{number}")
    return chosen
