"""Incidents: severities with their clocks, a timeline, evidence, and the postmortem they fill in.

An incident is a folder with a file of JSON: it is there while the database is not. Every change is
written whole, in one step. Times are UTC.
"""

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from causal_interface_gym.errors import OperationError

__all__ = ["Entry", "Incident", "Incidents", "Kind", "Severity", "postmortem"]

_FILE: Final = "incident.json"
_ID: Final = re.compile(r"\d{8}-\d{6}(?:-\d+)?")
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
_FRIDAY: Final = 4
_MOST: Final = 4_000


class Severity(StrEnum):
    """How bad it is, and by when somebody answers and it goes up."""

    SEV1 = "SEV1"
    SEV2 = "SEV2"
    SEV3 = "SEV3"
    SEV4 = "SEV4"

    def answer_by(self, began: datetime) -> datetime:
        """Give the moment by which somebody has to have answered; SEV4 has a business day."""
        match self:
            case Severity.SEV1:
                return began + timedelta(minutes=15)
            case Severity.SEV2:
                return began + timedelta(hours=1)
            case Severity.SEV3:
                return began + timedelta(hours=4)
            case Severity.SEV4:
                return _next_business_day(began)

    def escalate_at(self, began: datetime) -> datetime | None:
        """Give the moment at which it goes up if it is not resolved; None for never."""
        after = {
            Severity.SEV1: timedelta(0),
            Severity.SEV2: timedelta(hours=2),
            Severity.SEV3: timedelta(hours=8),
        }
        return began + after[self] if self in after else None


class Kind(StrEnum):
    """What an entry of the timeline is; the template of the postmortem asks for most of them."""

    BEGAN = "began"
    ALERT = "alert"
    INVESTIGATING = "investigating"
    CAUSE = "cause"
    FIXED = "fixed"
    RESTORED = "restored"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened, when, and who says so."""

    at: datetime
    kind: Kind
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class Incident:
    """What is known of an incident; ``impact`` counts users, None where nobody did."""

    id: str
    title: str
    severity: Severity
    began: datetime
    entries: tuple[Entry, ...] = ()
    resolved: datetime | None = None
    cause: str = ""
    resolution: str = ""
    users: int | None = None
    evidence: tuple[str, ...] = field(default=())

    def first(self, kind: Kind) -> datetime | None:
        """Say when something of a kind first happened."""
        return min((entry.at for entry in self.entries if entry.kind is kind), default=None)

    @property
    def answer_by(self) -> datetime:
        """By when somebody has to have answered."""
        return self.severity.answer_by(self.began)

    def clocks(self, now: datetime) -> dict[str, str]:
        """Say of each clock whether it is met, running or overdue."""
        answered = self.first(Kind.INVESTIGATING) or self.resolved
        found = {"answer": _clock(self.answer_by, answered, now)}
        at = self.severity.escalate_at(self.began)
        if self.resolved is not None:
            found["analysis"] = _clock(self.resolved + _DAY, None, now)
            found["follow-up"] = _clock(self.resolved + _WEEK, None, now)
        elif at is not None:
            found["escalate"] = "now" if now >= at else f"at {_written(at)}"
        return found

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """Write as plain values."""
        data = asdict(self)
        data["began"], data["severity"] = self.began.isoformat(), self.severity.value
        data["resolved"] = self.resolved.isoformat() if self.resolved else None
        data["entries"] = [
            {"at": e.at.isoformat(), "kind": e.kind.value, "text": e.text, "by": e.by}
            for e in self.entries
        ]
        data["evidence"] = list(self.evidence)
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Incident":  # Any: JSON
        """Read what ``to_json`` wrote.

        Raises:
            OperationError: It is damaged.
        """
        try:
            entries = tuple(
                Entry(
                    datetime.fromisoformat(e["at"]), Kind(e["kind"]), str(e["text"]), str(e["by"])
                )
                for e in data["entries"]
            )
            return cls(
                str(data["id"]),
                str(data["title"]),
                Severity(data["severity"]),
                datetime.fromisoformat(data["began"]),
                entries,
                datetime.fromisoformat(data["resolved"]) if data["resolved"] else None,
                str(data["cause"]),
                str(data["resolution"]),
                data["users"],
                tuple(map(str, data["evidence"])),
            )
        except (KeyError, TypeError, ValueError) as error:
            message = f"the file of an incident is damaged: {error!r}"
            raise OperationError(message) from None


def _entry(data: Mapping[str, Any]) -> Entry:  # Any: JSON
    at = datetime.fromisoformat(data["at"])
    return Entry(at, Kind(data["kind"]), str(data["text"]), str(data["by"]))


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Incidents:
    """A folder of incidents; ``now`` is the clock."""

    folder: Path
    now: Callable[[], datetime] = _now

    def open(
        self, title: str, severity: Severity, *, by: str, began: datetime | None = None
    ) -> Incident:
        """Begin an incident; it may have begun before somebody noticed.

        Raises:
            OperationError: The title is empty, or the folder cannot be written.
        """
        if not title.strip():
            message = "an incident has a title: what do users see?"
            raise OperationError(message)
        at = began or self.now()
        first = Entry(at, Kind.BEGAN, title.strip()[:_MOST], by)
        made = Incident(self._free_id(), title.strip()[:_MOST], severity, at, (first,))
        return self._kept(made)

    def get(self, name: str = "") -> Incident:
        """Give an incident by its id; without one the newest that is not resolved.

        Raises:
            OperationError: There is none.
        """
        if not name:
            running = [incident for incident in self._readable() if incident.resolved is None]
            if not running:
                message = "no incident is open; begin one with: cig incident open TITLE"
                raise OperationError(message)
            return running[-1]
        path = self.folder / name / _FILE
        if not _ID.fullmatch(name) or not path.is_file():
            known = ", ".join(incident.id for incident in [*self._readable()][-5:])
            message = f"there is no incident {name!r:.60}; the last are: {known or 'none'}"
            raise OperationError(message)
        return _read(path)

    def all(self) -> tuple[Incident, ...]:
        """List all incidents, oldest first."""
        return tuple(_read(path) for path in sorted(self.folder.glob(f"*/{_FILE}")))

    def _readable(self) -> Iterator[Incident]:
        """Give the incidents whose file is not damaged, so that one hides none of the others."""
        for path in sorted(self.folder.glob(f"*/{_FILE}")):
            with suppress(OperationError):
                yield _read(path)

    def update(
        self,
        incident: Incident,
        text: str,
        *,
        by: str,
        kind: Kind = Kind.NOTE,
        severity: Severity | None = None,
    ) -> Incident:
        """Write down what happened; the severity may change with it."""
        entry = Entry(self.now(), kind, text[:_MOST], by)
        cause = text[:_MOST] if kind is Kind.CAUSE else incident.cause
        changed = replace(
            incident,
            entries=(*incident.entries, entry),
            severity=severity or incident.severity,
            cause=cause,
        )
        return self._kept(changed)

    def note_alerts(self, incident: Incident, alerts: Iterable[tuple[datetime, str]]) -> Incident:
        """Add alerts that are not in the timeline yet."""
        there = {(e.at, e.text) for e in incident.entries if e.kind is Kind.ALERT}
        new = [Entry(at, Kind.ALERT, name, "alertmanager") for at, name in alerts
               if (at, name) not in there]  # fmt: skip
        return self._kept(replace(incident, entries=(*incident.entries, *new))) if new else incident

    def keep(self, incident: Incident, name: str, text: str) -> Incident:
        """Keep a piece of evidence beside the incident; a name is never written twice."""
        folder, stem = self.folder / incident.id, f"{self.now():%Y%m%d-%H%M%S}"
        n = 1
        while (place := folder / (f"{stem}-{name}" if n == 1 else f"{stem}-{n}-{name}")).exists():
            n += 1
        _write(place, text)
        return self._kept(replace(incident, evidence=(*incident.evidence, place.name)))

    def resolve(
        self, incident: Incident, text: str, *, by: str, users: int | None = None
    ) -> Incident:
        """End an incident.

        Raises:
            OperationError: It is over already.
        """
        if incident.resolved is not None:
            message = f"{incident.id} was resolved at {_written(incident.resolved)}"
            raise OperationError(message)
        at = self.now()
        entry = Entry(at, Kind.RESTORED, text[:_MOST], by)
        changed = replace(
            incident,
            entries=(*incident.entries, entry),
            resolved=at,
            resolution=text[:_MOST],
            users=incident.users if users is None else users,
        )
        return self._kept(changed)

    def _free_id(self) -> str:
        name = f"{self.now():%Y%m%d-%H%M%S}"
        n = 1
        while (self.folder / (found := name if n == 1 else f"{name}-{n}")).exists():
            n += 1
        return found

    def _kept(self, incident: Incident) -> Incident:
        path = self.folder / incident.id / _FILE
        _write(path, json.dumps(incident.to_json(), indent=1, sort_keys=True) + "\n")
        return incident


def postmortem(incident: Incident, now: datetime) -> str:
    """Fill in the runbook's template as far as the data go; what is missing says so."""
    until = incident.resolved or now
    minutes = round((until - incident.began).total_seconds() / 60)
    users = "? users" if incident.users is None else f"{incident.users} users"
    asked = ((Kind.BEGAN, "began"), (Kind.ALERT, "first alert"),
             (Kind.INVESTIGATING, "investigation"), (Kind.CAUSE, "cause found"),
             (Kind.FIXED, "fixed"), (Kind.RESTORED, "restored"))  # fmt: skip
    marks = [f"- {_clock_of(incident.first(kind))} {name}" for kind, name in asked]
    more = [f"- {e.at:%H:%M} {e.text} ({e.by})" for e in sorted(incident.entries, key=_at)]
    running = "" if incident.resolved else " (still running)"
    head = "    ".join(
        (
            f"Date: {incident.began:%Y-%m-%d}",
            f"Duration: {minutes // 60} hours {minutes % 60} minutes{running}",
            f"Severity: {incident.severity}",
            f"Impact: {users}, {minutes} minutes",
        )
    )
    return "\n".join(
        [
            f"# Incident: {incident.title}",
            "",
            head,
            "",
            "## Summary",
            incident.title,
            "## Timeline (UTC)",
            *marks,
            "",
            *more,
            "## Root cause",
            incident.cause or "(not found yet)",
            "## What else contributed",
            "",
            "## Resolution",
            incident.resolution or "(not resolved yet)",
            "## Actions",
            "1. [ ] what (owner, due)",
            "## Learned",
            "",
            "Evidence: " + (", ".join(incident.evidence) or "none"),
            "",
        ]
    )


def _at(entry: Entry) -> datetime:
    return entry.at


def _next_business_day(began: datetime) -> datetime:
    found = began + _DAY
    while found.weekday() > _FRIDAY:
        found += _DAY
    return found


def _clock(until: datetime, done: datetime | None, now: datetime) -> str:
    if done is not None:
        return "met" if done <= until else f"missed by {_length(done - until)}"
    return f"by {_written(until)}" if now <= until else f"overdue by {_length(now - until)}"


def _clock_of(at: datetime | None) -> str:
    return f"{at:%H:%M}" if at else "??:??"


def _length(time: timedelta) -> str:
    minutes = round(time.total_seconds() / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"  # noqa: PLR2004


def _written(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _read(path: Path) -> Incident:
    try:
        return Incident.from_json(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError) as error:
        message = f"{path} cannot be read: {error}"
        raise OperationError(message) from None


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(text, "utf-8")
        temporary.replace(path)
    except OSError as error:
        message = f"the incident could not be written to {path.parent}: {error.strerror}"
        raise OperationError(message) from None
