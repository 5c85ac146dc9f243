"""``cig incident``: clocks, a timeline, evidence before a restart, and the postmortem filled in."""

import getpass
import json
import re
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from causal_interface_gym.cli.database import DatabaseOption
from causal_interface_gym.cli.operations.duty import engine_for
from causal_interface_gym.cli.output import JsonOption, emit_json, safe, say
from causal_interface_gym.errors import CausalGymError, OperationError
from causal_interface_gym.ops.incidents import Incident, Incidents, Kind, Severity, postmortem
from causal_interface_gym.ops.monitoring.silences import Alertmanager

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["app"]

_MOST_BYTES = 1 << 20
_KEY = re.compile(r"cig_[0-9a-f]{12}_[A-Za-z0-9_-]{43}")
_PASSWORD = re.compile(r"(://[^/\s:@]*:)[^/\s@]+@")

Folder = Annotated[Path | None, typer.Option(help="Default: CIG_INCIDENT_FOLDER, incidents.")]
Name = Annotated[str, typer.Option("--id", help="Which one. Default: the newest that is open.")]
By = Annotated[str, typer.Option("--by", help="Who. Default: your name here.")]
SeverityOption = Annotated[str | None, typer.Option("--severity", help="SEV1 to SEV4.")]

app: typer.Typer = typer.Typer(
    help="Keep an incident's clocks, timeline and evidence.", no_args_is_help=True
)


@app.command("open")
def open_command(
    title: Annotated[str, typer.Argument(help="What users see.")],
    severity: Annotated[str, typer.Option(help="SEV1 to SEV4.")] = "SEV2",
    began: Annotated[
        str | None, typer.Option(metavar="TIME", help="When it began, as 2026-01-31T14:05 (UTC).")
    ] = None,
    by: By = "",
    folder: Folder = None,
    as_json: JsonOption = False,
) -> None:
    """Begin an incident, and say by when somebody answers and when it goes up."""
    incidents = _incidents(folder)
    made = incidents.open(
        title, _severity(severity), by=by or getpass.getuser(), began=_moment(began)
    )
    _show(incidents, _alerted(incidents, made), as_json=as_json)


@app.command("update")
def update_command(
    text: Annotated[str, typer.Argument(help="What happened.")],
    kind: Annotated[
        str, typer.Option(help="investigating, cause, fixed or note; each sets its clock.")
    ] = "note",
    severity: SeverityOption = None,
    name: Name = "",
    by: By = "",
    folder: Folder = None,
    as_json: JsonOption = False,
) -> None:
    """Add to the timeline; alerts that fired meanwhile are added too."""
    kinds = [k.value for k in Kind if k not in {Kind.BEGAN, Kind.ALERT, Kind.RESTORED}]
    if kind not in kinds:
        message = f"an update is one of {', '.join(kinds)}; got {kind!r:.40}"
        raise OperationError(message)
    incidents = _incidents(folder)
    found = _alerted(incidents, incidents.get(name))
    chosen = None if severity is None else _severity(severity)
    found = incidents.update(
        found, text, by=by or getpass.getuser(), kind=Kind(kind), severity=chosen
    )
    _show(incidents, found, as_json=as_json)


@app.command("snapshot")
def snapshot_command(
    log: Annotated[
        list[Path] | None, typer.Option(help="A log whose end is kept. Repeatable.")
    ] = None,
    metrics: Annotated[str, typer.Option(help="Where metrics are shown.")] = "127.0.0.1:8090",
    name: Name = "",
    database: DatabaseOption = None,
    runs: Annotated[Path, typer.Option(help="The folder of runs.")] = Path("runs"),
    folder: Folder = None,
    as_json: JsonOption = False,
) -> None:
    """Keep evidence before anything is restarted: what ails, metrics, settings, ends of logs.

    No key and no password is kept; what cannot be read says why instead.
    """
    from causal_interface_gym.ops.doctor import examine  # noqa: PLC0415 - slow to load
    from causal_interface_gym.ops.monitoring.hub import page_of  # noqa: PLC0415

    incidents = _incidents(folder)
    found = _alerted(incidents, incidents.get(name))

    def ails() -> str:
        engine = engine_for(database, runs)
        try:
            findings = [asdict(finding) for finding in examine(engine, runs)]
        finally:
            engine.dispose()
        return json.dumps(findings, indent=1) + "\n"

    parts: list[tuple[str, Callable[[], str]]] = [
        ("doctor.json", ails),
        ("metrics.txt", lambda: page_of(metrics)),
        ("settings.json", _settings),
        *((path.name, partial(_end_of, path)) for path in log or []),
    ]
    for part, read in parts:
        try:
            text = _without_secrets(read())
        except (CausalGymError, OSError) as error:
            text = f"could not be read: {error}\n"
        found = incidents.keep(found, part, text)
    if as_json:
        emit_json({"id": found.id, "evidence": list(found.evidence)})
    else:
        say(f"kept {', '.join(found.evidence)} in {incidents.folder / found.id}")


@app.command("resolve")
def resolve_command(
    text: Annotated[str, typer.Argument(help="How it was resolved.")],
    users: Annotated[int | None, typer.Option(min=0, help="Users who noticed.")] = None,
    name: Name = "",
    by: By = "",
    folder: Folder = None,
    as_json: JsonOption = False,
) -> None:
    """End an incident, and say by when its analysis and its follow-up are due."""
    incidents = _incidents(folder)
    found = _alerted(incidents, incidents.get(name))
    _show(
        incidents,
        incidents.resolve(found, text, by=by or getpass.getuser(), users=users),
        as_json=as_json,
    )


@app.command("list")
def list_command(folder: Folder = None, as_json: JsonOption = False) -> None:
    """List all incidents, oldest first. Exit code 1: one is open and a clock of it is overdue."""
    incidents = _incidents(folder)
    found, now = incidents.all(), incidents.now()
    late = [i for i in found if i.resolved is None and "overdue" in str(i.clocks(now))]
    if as_json:
        emit_json({"incidents": [i.to_json() | {"clocks": i.clocks(now)} for i in found]})
    for incident in [] if as_json else found:
        over = f"resolved {incident.resolved:%Y-%m-%d %H:%M}" if incident.resolved else "open"
        say(safe(f"{incident.id}  {incident.severity}  {over}  {incident.title}"))
    if not found and not as_json:
        say("there was no incident")
    if late:
        raise typer.Exit(1)


@app.command("show")
def show_command(name: Name = "", folder: Folder = None, as_json: JsonOption = False) -> None:
    """Show an incident with its clocks and its timeline."""
    incidents = _incidents(folder)
    _show(incidents, incidents.get(name), as_json=as_json)


@app.command("postmortem")
def postmortem_command(
    name: Annotated[str, typer.Argument(help="Its id, as cig incident list shows it.")] = "",
    folder: Folder = None,
) -> None:
    """Write the postmortem, filled in as far as the data go."""
    incidents = _incidents(folder)
    chosen = name or (incidents.all()[-1].id if incidents.all() else "")
    say(safe(postmortem(incidents.get(chosen), incidents.now()).rstrip("\n")))


def _show(incidents: Incidents, incident: Incident, *, as_json: bool) -> None:
    clocks = incident.clocks(incidents.now())
    if as_json:
        emit_json(incident.to_json() | {"clocks": clocks})
        return
    say(safe(f"{incident.id}  {incident.severity}  {incident.title}"))
    say("  ".join(f"{name}: {how}" for name, how in clocks.items()))
    for entry in sorted(incident.entries, key=lambda e: e.at):
        say(safe(f"{entry.at:%H:%M}  {entry.kind:<13} {entry.text} ({entry.by})"))


def _alerted(incidents: Incidents, incident: Incident) -> Incident:
    """Add the alerts that fire now, where there is an Alertmanager that answers."""
    from causal_interface_gym.settings import load_settings  # noqa: PLC0415 - slow to load

    try:
        alerts = Alertmanager(load_settings().alertmanager_url).alerts()
    except CausalGymError:
        return incident
    return incidents.note_alerts(incident, alerts)


def _incidents(folder: Path | None) -> Incidents:
    from causal_interface_gym.settings import load_settings  # noqa: PLC0415 - slow to load

    return Incidents(folder or load_settings().incident_folder)


def _severity(text: str) -> Severity:
    try:
        return Severity(text.upper())
    except ValueError:
        message = f"a severity is {', '.join(Severity)}; got {text!r:.40}"
        raise OperationError(message) from None


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        message = f"a time is written as 2026-01-31T14:05; got {text!r:.40}"
        raise OperationError(message) from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _settings() -> str:
    """Write the settings and where each comes from; of a secret only that."""
    from causal_interface_gym.settings import SETTINGS, layers, load_settings, origins  # noqa: PLC0415

    said, where = load_settings(), origins(layers())
    shown = {
        name: {
            "from": where[name],
            "value": "(secret)" if setting.is_secret else str(getattr(said, setting.field)),
        }
        for name, setting in SETTINGS.items()
    }
    return json.dumps(shown, indent=1, sort_keys=True) + "\n"


def _without_secrets(text: str) -> str:
    """Leave out every secret that is set here, every key of this program, and passwords in URLs."""
    from causal_interface_gym.settings import SETTINGS, load_settings  # noqa: PLC0415

    said = load_settings()
    held = (getattr(said, s.field) for s in SETTINGS.values() if s.is_secret)
    for secret in sorted((h.get_secret_value() for h in held if h is not None), key=len)[::-1]:
        text = text.replace(secret, "(secret)") if secret else text
    return _PASSWORD.sub(r"\1(secret)@", _KEY.sub("(secret)", text))


def _end_of(path: Path) -> str:
    with path.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(file.tell() - _MOST_BYTES, 0))
        return file.read(_MOST_BYTES).decode("utf-8", "replace")
