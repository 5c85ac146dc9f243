"""Clocks, timelines and postmortems under a clock that the test moves; the commands too."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from causal_interface_gym.cli.app import app
from causal_interface_gym.errors import OperationError
from causal_interface_gym.ops.incidents import Incident, Incidents, Kind, Severity, postmortem
from causal_interface_gym.settings import SETTINGS
from tests.servers.process import free_port

FRIDAY = datetime(2026, 11, 27, 14, 0, tzinfo=UTC)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        """Begin on a Friday."""
        self.at = FRIDAY

    def __call__(self) -> datetime:
        """Say what time it is."""
        return self.at

    def move(self, **parts: float) -> None:
        """Let time pass."""
        self.at += timedelta(**parts)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def incidents(tmp_path: Path, clock: Clock) -> Incidents:
    return Incidents(tmp_path / "incidents", clock)


@pytest.mark.parametrize(
    ("severity", "minutes", "escalates"),
    [("SEV1", 15, 0), ("SEV2", 60, 120), ("SEV3", 240, 480), ("SEV4", 3 * 24 * 60, None)],
)
def test_each_severity_has_its_clocks(severity: str, minutes: int, escalates: int | None) -> None:
    chosen = Severity(severity)
    # The business day after a Friday is a Monday.
    assert chosen.answer_by(FRIDAY) == FRIDAY + timedelta(minutes=minutes)
    at = chosen.escalate_at(FRIDAY)
    assert at == (None if escalates is None else FRIDAY + timedelta(minutes=escalates))


def test_clocks_run_are_met_and_are_overdue(incidents: Incidents, clock: Clock) -> None:
    found = incidents.open("pages are blank", Severity.SEV2, by="ada")
    assert found.clocks(clock()) == {
        "answer": "by 2026-11-27 15:00",
        "escalate": "at 2026-11-27 16:00",
    }
    clock.move(minutes=59)
    met = incidents.update(found, "I look", by="ben", kind=Kind.INVESTIGATING)
    assert met.clocks(clock())["answer"] == "met"
    clock.move(minutes=62)
    assert found.clocks(clock()) == {"answer": "overdue by 1 h 1 min", "escalate": "now"}
    late = incidents.update(found, "I look", by="ben", kind=Kind.INVESTIGATING)
    assert late.clocks(clock())["answer"] == "missed by 1 h 1 min"
    over = incidents.resolve(met, "restarted", by="ben", users=7)
    assert over.clocks(clock()) == {
        "answer": "met",
        "analysis": "by 2026-11-28 16:01",
        "follow-up": "by 2026-12-04 16:01",
    }
    clock.move(days=3)
    assert over.clocks(clock())["analysis"] == "overdue by 48 h 0 min"
    silent = incidents.open("nobody said that he looked", Severity.SEV1, by="ada")
    clock.move(minutes=10)
    solved = incidents.resolve(silent, "it went away", by="ada")
    clock.move(days=30)
    assert solved.clocks(clock())["answer"] == "met"


def test_the_postmortem_is_filled_in_as_far_as_the_data_go(
    incidents: Incidents, clock: Clock
) -> None:
    found = incidents.open("503 for everybody", Severity.SEV1, by="ada", began=FRIDAY)
    early = postmortem(found, clock())
    assert "(not found yet)" in early
    assert "- ??:?? cause found" in early
    assert "? users, 0 minutes" in early
    clock.move(minutes=4)
    alerts = [(FRIDAY + timedelta(minutes=2), "ServiceDown")]
    found = incidents.note_alerts(found, alerts)
    assert incidents.note_alerts(found, alerts) == found
    found = incidents.update(found, "looking", by="ben", kind=Kind.INVESTIGATING)
    clock.move(minutes=20)
    found = incidents.update(found, "the disk was full", by="ben", kind=Kind.CAUSE)
    found = incidents.update(found, "room was made", by="ben", kind=Kind.FIXED)
    clock.move(minutes=51)
    found = incidents.keep(found, "doctor.json", "{}")
    found = incidents.keep(found, "doctor.json", "again")
    folder = incidents.folder / found.id
    assert [(folder / name).read_text() for name in found.evidence] == ["{}", "again"]
    found = incidents.resolve(found, "logs are rotated now", by="ben", users=41)
    text = postmortem(found, clock())
    assert "Duration: 1 hours 15 minutes    Severity: SEV1    Impact: 41 users, 75 minutes" in text
    for mark in ("14:00 began", "14:02 first alert", "14:04 investigation", "14:24 cause found",
                 "14:24 fixed", "15:15 restored"):  # fmt: skip
        assert f"- {mark}" in text
    assert "## Root cause\nthe disk was full" in text
    assert "## Resolution\nlogs are rotated now" in text
    assert "Evidence: 20261127-151500-doctor.json, 20261127-151500-2-doctor.json" in text


def test_what_was_written_is_read_back_and_ids_never_clash(
    incidents: Incidents, clock: Clock
) -> None:
    first = incidents.open("a", Severity.SEV3, by="ada")
    second = incidents.open("b", Severity.SEV4, by="ada")
    assert (first.id, second.id) == ("20261127-140000", "20261127-140000-2")
    assert incidents.all() == (first, second)
    assert incidents.get() == second
    assert incidents.get(first.id) == first
    over = incidents.resolve(second, "gone", by="ada")
    assert incidents.get() == first
    with pytest.raises(OperationError, match="was resolved at 2026-11-27 14:00"):
        incidents.resolve(over, "again", by="ada")
    raised = incidents.update(first, "worse", by="ada", severity=Severity.SEV1)
    assert raised.severity is Severity.SEV1
    clock.move(hours=1)


def test_what_is_wrong_is_said(incidents: Incidents, tmp_path: Path) -> None:
    with pytest.raises(OperationError, match="no incident is open"):
        incidents.get()
    with pytest.raises(OperationError, match="has a title"):
        incidents.open(" ", Severity.SEV1, by="ada")
    for name in ("../x", "20261127-140000"):
        with pytest.raises(OperationError, match="the last are: none"):
            incidents.get(name)
    made = incidents.open("a", Severity.SEV1, by="ada")
    place = incidents.folder / made.id / "incident.json"
    for text in ("{", "{}", json.dumps(made.to_json() | {"severity": "SEV9"})):
        place.write_text(text)
        with pytest.raises(OperationError, match="incident"):
            incidents.get(made.id)
    place.parent.rename(incidents.folder / "20200101-000000")  # a damaged one hides no other
    other = incidents.open("b", Severity.SEV2, by="ada")
    assert incidents.get() == other
    (tmp_path / "file").touch()
    with pytest.raises(OperationError, match="could not be written"):
        Incidents(tmp_path / "file").open("a", Severity.SEV1, by="ada")
    assert Incident.from_json(made.to_json()) == made


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CIG_ENV_FILE", str(tmp_path / "none.env"))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-777")
    monkeypatch.setenv("CIG_ALERTMANAGER_URL", f"http://127.0.0.1:{free_port()}")


def cig(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["incident", *arguments])


def said(*arguments: str) -> Any:  # noqa: ANN401 - JSON
    result = cig(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.usefixtures("configured")
def test_the_commands_carry_an_incident_to_its_postmortem(tmp_path: Path) -> None:
    assert "there was no incident" in cig("list").stdout
    made = said("open", "pages are blank", "--severity", "sev1", "--began", "2026-01-05T14:05")
    assert made["began"] == "2026-01-05T14:05:00+00:00"
    assert "overdue" in made["clocks"]["answer"]
    assert cig("list").exit_code == 1  # a clock of an open one is overdue
    assert "SEV1  open" in cig("list").stdout
    assert cig("update", "I look", "--kind", "investigating", "--severity", "SEV2").exit_code == 0
    assert "investigating I look" in cig("show").stdout
    hidden = f"sk-canary-777 cig_{'0' * 12}_{'c' * 43} postgresql://ada:canary@host/name"
    (tmp_path / "app.log").write_text("x" * (2 << 20) + hidden + "the end")
    kept = said("snapshot", "--log", "app.log", "--log", "none.log",
                "--metrics", f"127.0.0.1:{free_port()}")  # fmt: skip
    texts = {
        name.split("-", 2)[2]: (tmp_path / "incidents" / kept["id"] / name).read_text()
        for name in kept["evidence"]
    }
    assert set(texts) == {"doctor.json", "metrics.txt", "settings.json", "app.log", "none.log"}
    assert texts["app.log"].endswith("the end")
    assert texts["app.log"].count("(secret)") == 3
    assert len(texts["app.log"]) < (1 << 20) + 100
    assert texts["metrics.txt"].startswith("could not be read")
    assert texts["none.log"].startswith("could not be read")
    assert json.loads(texts["settings.json"])["OPENAI_API_KEY"]["from"] == "environment"
    assert "canary" not in "".join(texts.values())
    assert "kept" in cig("snapshot").stdout
    assert cig("resolve", "restarted", "--users", "3").exit_code == 0
    text = cig("postmortem").stdout
    assert "# Incident: pages are blank" in text
    assert "Impact: 3 users" in text
    assert cig("list").exit_code == 0
    assert said("list")["incidents"][0]["resolution"] == "restarted"


@pytest.mark.usefixtures("configured")
def test_words_that_are_none_are_refused() -> None:
    assert "a severity is SEV1, SEV2" in cig("open", "x", "--severity", "high").stderr
    assert "a time is written as" in cig("open", "x", "--began", "noon").stderr
    assert cig("open", "x", "--began", "2026-11-27T14:05+01:00").exit_code == 0
    assert "an update is one of investigating" in cig("update", "x", "--kind", "began").stderr
