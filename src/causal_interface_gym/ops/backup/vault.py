"""The folder of backups: ``backup-YYYYMMDD.dump``, a manifest beside each, and ``latest.dump``.

A backup gets its name only when it is whole and on the disk, after its manifest. ``latest.dump`` is
a link that moves, in one step, only after the backup was restored and compared; so whatever moment
a kill or a full disk chooses, it names a backup that was proven.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from causal_interface_gym.errors import OperationError
from causal_interface_gym.ops.backup.contents import Contents, difference
from causal_interface_gym.ops.backup.manifest import Manifest, read_manifest
from causal_interface_gym.ops.backup.retention import Retention
from causal_interface_gym.ops.backup.source import Rehearsal, Source
from causal_interface_gym.storage.schema import REVISIONS

__all__ = ["LATEST", "Vault"]

LATEST: Final = "latest.dump"
_SUFFIX: Final = ".dump"
_MANIFEST: Final = ".manifest.json"
_UNFINISHED: Final = ".unfinished-"
_RUN: Final = ".db:run"
"""A run's table in a file of the first release, which kept no revision."""
_LOCK: Final = ".lock"
_DRILLED: Final = ".drilled"
_ROOM: Final = 2
"""A backup begins only where so many of the last one would fit."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Vault:
    """A folder of backups; ``now`` is the clock that names them."""

    folder: Path
    retention: Retention = field(default_factory=Retention)
    now: Callable[[], datetime] = _now

    def backups(self) -> tuple[Manifest, ...]:
        """List the backups, oldest first; whatever lacks its manifest is none.

        Raises:
            OperationError: A manifest is damaged.
        """
        found = [
            read_manifest(path)
            for path in self.folder.glob(f"*{_MANIFEST}")
            if self._dump_of(path).is_file()
        ]
        return tuple(sorted(found, key=lambda backup: backup.serial))

    def latest(self) -> str:
        """Name the backup that was proven last; empty if none was."""
        link = self.folder / LATEST
        return link.readlink().name if link.is_symlink() else ""

    def drilled_at(self) -> datetime | None:
        """Say when a drill last found nothing wrong; None if none did."""
        try:
            return datetime.fromisoformat((self.folder / _DRILLED).read_text("ascii").strip())
        except (OSError, ValueError):
            return None

    def note_drill(self) -> None:
        """Remember that a drill found nothing wrong just now."""
        temporary = self.folder / f"{_DRILLED}{os.getpid()}"
        temporary.write_text(self.now().isoformat() + "\n", "ascii")
        temporary.replace(self.folder / _DRILLED)

    def create(self, source: Source) -> Manifest:
        """Make a backup; it is not proven yet.

        Raises:
            OperationError: There is no room for it, or it cannot be made; nothing was changed.
            DependencyError: A server or program is not there.
            RunError: The database refused.
        """
        self._make_folder()
        with self._locked():
            return self._created(source)

    def _created(self, source: Source) -> Manifest:
        self._prepare(source)
        temporary = self.folder / f"{_UNFINISHED}{os.getpid()}{_SUFFIX}"
        try:
            contents = source.dump(temporary)
            _sync(temporary)
            at = self.now()
            known = self.backups()
            backup = Manifest(
                name=self._free_name(at),
                serial=known[-1].serial + 1 if known else 1,
                kind=source.kind,
                made_at=at,
                size=temporary.stat().st_size,
                sha256=_sha256(temporary),
                app=version("causal-interface-gym"),
                contents=contents,
            )
            self._write(backup)
            # A link refuses a name that somebody took meanwhile; a rename would replace his.
            (self.folder / backup.name).hardlink_to(temporary)
        except OSError as error:
            message = f"the backup could not be written to {self.folder}: {error.strerror}"
            raise OperationError(message) from error
        finally:
            temporary.unlink(missing_ok=True)
        _sync(self.folder)
        return backup

    def verify(
        self, source: Source, name: str = "", more: Callable[[Rehearsal], None] | None = None
    ) -> Manifest:
        """Restore a backup beside the real thing and compare; then it is proven.

        ``more`` looks at the restored copy too, and raises where it finds something.

        Raises:
            OperationError: It is damaged, or does not restore to what was backed up.
            DependencyError: A server or program is not there.
        """
        backup = self.find(name)
        file = self.folder / backup.name
        _check_kind(backup.kind, source)
        _check_file(file, backup)
        with source.rehearsed(file) as rehearsal:
            _check_equal(backup, rehearsal.contents)
            if more is not None:
                more(rehearsal)
        proven = backup.proven(self.now())
        self._write(proven)
        return proven

    def publish(self, backup: Manifest) -> None:
        """Let ``latest.dump`` name a proven backup; never one older than it names already.

        Raises:
            OperationError: It was not proven.
        """
        if backup.verified_at is None:
            message = f"{backup.name} was not verified, so {LATEST} does not move to it"
            raise OperationError(message)
        serials = {known.name: known.serial for known in self.backups()}
        if serials.get(self.latest(), 0) > backup.serial:
            return
        temporary = self.folder / f"{_UNFINISHED}{os.getpid()}-link"
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(backup.name)
        temporary.replace(self.folder / LATEST)
        _sync(self.folder)

    def prune(self) -> tuple[str, ...]:
        """Delete what retention no longer keeps; never the one that ``latest.dump`` names."""
        backups = self.backups()
        kept = self.retention.kept(backups) | {self.latest()}
        gone = tuple(backup.name for backup in backups if backup.name not in kept)
        for name in gone:
            (self.folder / name).unlink(missing_ok=True)
            self._manifest_of(name).unlink(missing_ok=True)
        return gone

    def restore(self, source: Source, name: str = "") -> str:
        """Put a backup in the place of the real thing; say where the old one is.

        Raises:
            OperationError: It is damaged, not ours, or of another kind; nothing was changed.
            DependencyError: A server or program is not there.
        """
        backup = self.find(name)
        _check_kind(backup.kind, source)
        _check_file(self.folder / backup.name, backup)

        def check(found: Contents) -> None:
            _check_ours(backup.name, found)
            _check_equal(backup, found)

        return source.restore(self.folder / backup.name, check)

    def find(self, name: str = "") -> Manifest:
        """Find a backup by its name; the proven one if none is given.

        Raises:
            OperationError: There is none of that name.
        """
        wanted = name if name not in ("", LATEST) else self.latest()
        known = {backup.name: backup for backup in self.backups()}
        if wanted in known:
            return known[wanted]
        there = ", ".join(list(known)[-5:]) or "none yet; make one: cig backup create"
        asked = f"no backup {wanted!r}" if wanted else f"no {LATEST}, as none was verified"
        message = f"there is {asked} in {self.folder}; there are: {there}"
        raise OperationError(message)

    def _make_folder(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"backups cannot be kept in {self.folder}: {error.strerror}"
            raise OperationError(message) from error

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Have the folder for oneself; the system lets go of it when a process dies."""
        try:
            with (self.folder / _LOCK).open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield
        except BlockingIOError as error:
            message = f"another backup to {self.folder} is going on; wait until it is over"
            raise OperationError(message) from error
        except OSError as error:
            message = f"backups cannot be kept in {self.folder}: {error.strerror}"
            raise OperationError(message) from error

    def _prepare(self, source: Source) -> None:
        """Tidy the folder of what earlier kills left, and see that there is room."""
        try:
            for left in self.folder.glob(f"{_UNFINISHED}*"):
                left.unlink(missing_ok=True)
            for manifest in self.folder.glob(f"*{_MANIFEST}"):
                if not self._dump_of(manifest).exists():
                    manifest.unlink(missing_ok=True)
            free = shutil.disk_usage(self.folder).free
        except OSError as error:
            message = f"backups cannot be kept in {self.folder}: {error.strerror}"
            raise OperationError(message) from error
        same = [backup.size for backup in self.backups() if backup.kind == source.kind]
        needed = _ROOM * (same[-1] if same else source.size())
        if free < needed:
            message = (
                f"{self.folder} has {free:,} bytes free and a backup may need {needed:,}; "
                "make room or name another folder with CIG_BACKUP_FOLDER"
            )
            raise OperationError(message)

    def _free_name(self, at: datetime) -> str:
        """Name a backup by its day, a second one by the minute too, then by the second."""
        forms = ("%Y%m%d", "%Y%m%d-%H%M", "%Y%m%d-%H%M%S", "%Y%m%d-%H%M%S-%f")
        names = [f"backup-{at.strftime(form)}{_SUFFIX}" for form in forms]
        return next((n for n in names if not (self.folder / n).exists()), names[-1])

    def _write(self, backup: Manifest) -> None:
        path = self._manifest_of(backup.name)
        temporary = path.with_name(f"{_UNFINISHED}{os.getpid()}-manifest")
        text = json.dumps(backup.to_json(), indent=1, sort_keys=True) + "\n"
        try:
            with temporary.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)

    def _manifest_of(self, name: str) -> Path:
        return self.folder / f"{name.removesuffix(_SUFFIX)}{_MANIFEST}"

    def _dump_of(self, manifest: Path) -> Path:
        return self.folder / f"{manifest.name.removesuffix(_MANIFEST)}{_SUFFIX}"


def _check_kind(kind: str, source: Source) -> None:
    if kind != source.kind:
        there = {"postgresql": "a PostgreSQL database", "files": "a folder of runs"}
        message = f"this backup is of {there.get(kind, kind)}, and here is {there[source.kind]}"
        raise OperationError(message)


def _check_file(file: Path, backup: Manifest) -> None:
    size = file.stat().st_size
    if size != backup.size or _sha256(file) != backup.sha256:
        message = (
            f"{backup.name} is damaged: it has {size:,} bytes and another digest than the "
            f"{backup.size:,} bytes that were written; take another one: cig backup list"
        )
        raise OperationError(message)


def _check_ours(name: str, found: Contents) -> None:
    revisions = [revision for revision in found.revision.split(",") if revision]
    if not revisions and not any(name.endswith(_RUN) for name in found.tables):
        tables = ", ".join(list(found.tables)[:5]) or "none"
        message = f"{name} is no backup of this program; its tables: {tables}"
        raise OperationError(message)
    later = [revision for revision in revisions if revision not in REVISIONS]
    if later:
        message = (
            f"{name} is of revision {later[0]} and this release knows up to {REVISIONS[-1]}; "
            "restore it with the release that made it, or a later one"
        )
        raise OperationError(message)


def _check_equal(backup: Manifest, found: Contents) -> None:
    unequal = difference(backup.contents, found)
    if unequal:
        message = f"{backup.name} does not restore to what was backed up: {unequal}"
        raise OperationError(message)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
