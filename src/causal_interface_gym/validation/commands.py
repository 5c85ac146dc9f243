"""The commands of the runbook: check what is stored, and recalibrate it.

A run is named by its folder (in a database: by its name), or else all are taken. Exit codes: 0
fine, 1 a finding, 2 wrong usage, 3 the database is down. How a run is opened comes in from
outside, as a store is not this layer's to know.
"""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from causal_interface_gym.errors import CausalGymError, DependencyError
from causal_interface_gym.runs.store import Store
from causal_interface_gym.scenarios import registry
from causal_interface_gym.validation.integrity import Counts, Finding, Integrity, check_run
from causal_interface_gym.validation.recalibration import Calibrations, Recalibration, recalibrate
from causal_interface_gym.validation.scenarios import validate_all_scenarios

__all__ = ["Runs", "integrity_command", "recalibration_command"]

_FINE: Final = 0
_FINDING: Final = 1
_USAGE: Final = 2
_DOWN: Final = 3
_EVERY: Final = 500
"""Trials between two signs of life."""


@dataclass(frozen=True, slots=True)
class Runs:
    """How runs are found and opened: the name of their file, and the two things inside.

    Where they are in a database that many share, ``every`` lists their names, and a path is a name.
    """

    file: str
    open_store: Callable[[Path], AbstractContextManager[Store]]
    open_calibrations: Callable[[Path], AbstractContextManager[Calibrations]]
    every: Callable[[], Sequence[str]] | None = None

    def chosen(self, asked: Sequence[Path]) -> list[Path] | str:
        """Give those that were asked for, else all; or say which there is not."""
        if self.every is not None:
            known = self.every()
            unknown = [str(name) for name in asked if str(name) not in known]
            if unknown:
                return f"there is no run {unknown[0]!r}; there are {', '.join(known) or 'none'}"
            return list(asked) or [Path(name) for name in known]
        for folder in asked:
            if not (folder / self.file).is_file():
                return f"there is no run in {folder}: it holds no {self.file}"
        return list(asked) or sorted(p.parent for p in Path("runs").glob(f"**/{self.file}"))


def integrity_command(arguments: Sequence[str], *, runs: Runs) -> int:
    """Check runs and the curated scenarios; print a line for each finding."""
    parser = _parser("Derive every stored truth again, recompute every score, walk every log.")
    asked = parser.parse_args(arguments)
    try:
        folders = _folders(asked, runs)
    except DependencyError as error:
        return _refuse(str(error), _DOWN)
    if isinstance(folders, str):
        return _refuse(folders)
    found = {str(folder): _checked(folder, runs) for folder in folders}
    curated = _curated(asked.run)
    if asked.json:
        _say(json.dumps(_integrity_json(found, curated), sort_keys=True))
    else:
        for finding in curated:
            _say(f"curated: {finding}")
        for folder, integrity in found.items():
            _say_lines(folder, [str(f) for f in integrity.findings], _summary(integrity.counts))
        where = f"{len(found)} runs" + ("" if asked.run else " and in the scenarios")
        _say(f"{_n_findings(found, curated)} findings in {where}")
    return _FINDING if _n_findings(found, curated) else _FINE


def recalibration_command(arguments: Sequence[str], *, runs: Runs) -> int:
    """Derive the keys, difficulties and curves of runs again; with --force keep them."""
    parser = _parser("Derive truths, lures, difficulty and calibration curves again.")
    parser.add_argument(
        "--force", action="store_true", help="keep the result as a new version beside the old"
    )
    asked = parser.parse_args(arguments)
    try:
        folders = _folders(asked, runs)
    except DependencyError as error:
        return _refuse(str(error), _DOWN)
    if isinstance(folders, str):
        return _refuse(folders)
    results = [_recalibrated(folder, runs, is_kept=asked.force) for folder in folders]
    if asked.json:
        _say(json.dumps({"runs": [r.to_json() for r in results]}, sort_keys=True))
    else:
        for result in results:
            _say_lines(result.folder, [str(c) for c in result.changes], result.summary)
        _say(f"{len(results)} runs")
    return max((r.exit_code for r in results), default=_FINE)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of one run; ``version`` is 0 where nothing was kept."""

    folder: str
    changes: tuple[object, ...]
    before: int = 0
    version: int = 0
    refusal: str = ""

    @property
    def exit_code(self) -> int:
        """A finding where something is damaged, or would change and was not kept."""
        return _FINDING if self.refusal or (self.changes and not self.version) else _FINE

    @property
    def summary(self) -> str:
        """Say what was done."""
        against = f"version {self.before}" if self.before else "the keys as they were played"
        n = f"{len(self.changes)} changes against {against}"
        if self.refusal:
            return f"nothing was kept: {self.refusal}"
        if self.version:
            return f"{n}; kept as version {self.version}"
        return f"{n}; nothing was kept, which --force does"

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """Write as plain lists and dictionaries."""
        return {
            "run": self.folder,
            "before": self.before,
            "version": self.version,
            "changes": [str(change) for change in self.changes],
            "refusal": self.refusal,
        }


def _recalibrated(folder: Path, runs: Runs, *, is_kept: bool) -> _Outcome:
    try:
        with runs.open_store(folder) as store, runs.open_calibrations(folder) as kept:
            made: Recalibration = recalibrate(store, kept, on_progress=_sign_of_life(folder))
            version = kept.keep(made.body) if is_kept else 0
    except (CausalGymError, ValueError) as error:  # a run that is damaged does not stop the others
        return _Outcome(str(folder), (), refusal=str(error))
    return _Outcome(str(folder), made.changes, made.before, version)


def _checked(folder: Path, runs: Runs) -> Integrity:
    try:
        with runs.open_store(folder) as store, runs.open_calibrations(folder) as kept:
            found = check_run(store, on_progress=_sign_of_life(folder))
            return Integrity((*found.findings, *_calibration_findings(kept)), found.counts)
    except (CausalGymError, ValueError) as error:  # a run that cannot be read is a finding
        return Integrity((Finding("run", str(folder), str(error)),), Counts())


def _calibration_findings(kept: Calibrations) -> Iterator[Finding]:
    for version in kept.versions():
        try:
            json.loads(kept.body(version))
        except (CausalGymError, ValueError) as error:
            yield Finding("calibration", f"version {version}", str(error))


def _curated(chosen: Sequence[Path]) -> tuple[Finding, ...]:
    """Check the scenarios, which belong to no run, when no run is chosen."""
    if chosen:
        return ()
    return tuple(
        Finding("scenario", name, error)
        for name, result in validate_all_scenarios().items()
        for error in result.errors
    )


def _parser(says: str) -> ArgumentParser:
    parser = ArgumentParser(
        description=f"{says} Exit codes: 0 fine, 1 a finding, 2 wrong usage, 3 down."
    )
    parser.add_argument(
        "run", nargs="*", type=Path, help="folders of runs, or names in the database (all)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--scenarios", default="", metavar="FILE", help="scenario files of one's own, with commas"
    )
    return parser


def _folders(asked: Namespace, runs: Runs) -> list[Path] | str:
    """Give the folders to look at, or say why there are none."""
    try:
        if asked.scenarios:
            registry.select(asked.scenarios)
    except CausalGymError as error:
        return str(error)
    return runs.chosen(asked.run)


def _n_findings(found: dict[str, Integrity], curated: Sequence[Finding]) -> int:
    return len(curated) + sum(len(integrity.findings) for integrity in found.values())


def _integrity_json(found: dict[str, Integrity], curated: Sequence[Finding]) -> dict[str, Any]:
    return {
        "scenarios": [asdict(finding) for finding in curated],
        "runs": [
            {
                "run": folder,
                "checked": asdict(integrity.counts),
                "findings": [asdict(finding) for finding in integrity.findings],
            }
            for folder, integrity in found.items()
        ],
        "n_findings": _n_findings(found, curated),
    }


def _summary(counts: Counts) -> str:
    looked_at = ", ".join(
        f"{n} {what}" for what, n in asdict(counts).items() if what != "unchecked"
    )
    late = "of another version or of fewer episodes"
    return f"checked {looked_at}; {counts.unchecked} scores {late} not checked"


def _say_lines(folder: str, lines: Sequence[str], summary: str) -> None:
    for line in (*lines, summary):
        _say(f"{folder}: {line}")


def _sign_of_life(folder: Path) -> Callable[[int], None]:
    """Count on the terminal, where someone is watching."""

    def say(n: int) -> None:
        if n % _EVERY == 0 and sys.stderr.isatty():
            sys.stderr.write(f"\r{folder}: {n:,} trials")

    return say


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _refuse(message: str, code: int = _USAGE) -> int:
    sys.stderr.write(f"{message}\n")
    return code
