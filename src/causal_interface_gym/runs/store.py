"""Where a run lives: its spec and its finished trials, append-only.

A trial counts as finished once its line is on the disk. A line torn by a crash is dropped on
opening, so its trial is played again; a line damaged elsewhere is an error, never skipped.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from causal_interface_gym.errors import RunError
from causal_interface_gym.runs.records import Record, Trial
from causal_interface_gym.runs.spec import RunSpec

__all__ = ["JsonlStore", "MemoryStore", "Store"]

_SPEC: Final = "spec.json"
_TRIALS: Final = "trials.jsonl"


class Store(Protocol):
    """A run's memory."""

    @property
    def spec(self) -> RunSpec:
        """What the run is."""
        ...

    def append(self, records: Iterable[Record]) -> None:
        """Keep finished trials; when this returns they survive a crash."""
        ...

    def records(self) -> tuple[Record, ...]:
        """Give the finished trials in the order of the spec."""
        ...


class MemoryStore:
    """A store that lives as long as the process."""

    def __init__(self, spec: RunSpec) -> None:
        """Start empty."""
        self.spec = spec
        self._records: dict[Trial, Record] = {}

    def append(self, records: Iterable[Record]) -> None:
        """Keep finished trials."""
        self._records.update((record.trial, record) for record in records)

    def records(self) -> tuple[Record, ...]:
        """Give the finished trials in the order of the spec."""
        return tuple(self._records[t] for t in self.spec.trials() if t in self._records)


@dataclass(frozen=True, slots=True)
class JsonlStore:
    """A store of one folder with a line of JSON for each finished trial."""

    folder: Path
    spec: RunSpec

    @classmethod
    def create(cls, folder: Path, spec: RunSpec) -> "JsonlStore":
        """Begin a run in a folder that holds none.

        Raises:
            RunError: A run is there already.
        """
        if (folder / _SPEC).exists():
            message = f"{folder} holds a run already; resume it, overwrite it or name another"
            raise RunError(message)
        folder.mkdir(parents=True, exist_ok=True)
        _write_whole(folder / _SPEC, _json(spec.to_json()) + "\n")
        (folder / _TRIALS).touch()
        return cls(folder, spec)

    @classmethod
    def open(cls, folder: Path) -> "JsonlStore":
        """Open a run that was begun before; drop a torn last line.

        Raises:
            RunError: There is no run, or its configuration is damaged.
        """
        try:
            text = (folder / _SPEC).read_text("utf-8")
        except OSError:
            message = f"there is no run in {folder}; start one with: cig run --out {folder}"
            raise RunError(message) from None
        try:
            spec = RunSpec.from_json(json.loads(text))
        except json.JSONDecodeError as error:
            message = f"{folder / _SPEC} is damaged: {error}"
            raise RunError(message) from None
        _drop_torn_line(folder / _TRIALS)
        return cls(folder, spec)

    @staticmethod
    def remove(folder: Path) -> None:
        """Delete a run's own files; others in the folder stay."""
        for name in (_SPEC, _TRIALS):
            (folder / name).unlink(missing_ok=True)

    def append(self, records: Iterable[Record]) -> None:
        """Write a line each and wait until the disk has them."""
        text = "".join(_json(record.to_json()) + "\n" for record in records)
        with (self.folder / _TRIALS).open("a", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())

    def records(self) -> tuple[Record, ...]:
        """Give the finished trials in the order of the spec.

        Raises:
            RunError: A line is damaged; its number is named.
        """
        found: dict[Trial, Record] = {}
        lines = (self.folder / _TRIALS).read_text("utf-8").splitlines()
        for number, line in enumerate(lines, 1):
            try:
                record = Record.from_json(json.loads(line))
            except (json.JSONDecodeError, RunError) as error:
                message = f"line {number} of {self.folder / _TRIALS} is damaged: {error}"
                raise RunError(message) from None
            found.setdefault(record.trial, record)
        return tuple(found[t] for t in self.spec.trials() if t in found)


def _json(data: object) -> str:
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _write_whole(path: Path, text: str) -> None:
    """Write a file that is there whole or not at all."""
    temporary = path.with_suffix(".part")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _drop_torn_line(path: Path) -> None:
    path.touch()
    data = path.read_bytes()
    whole = data.rfind(b"\n") + 1
    if whole < len(data):
        with path.open("r+b") as file:
            file.truncate(whole)
            os.fsync(file.fileno())
