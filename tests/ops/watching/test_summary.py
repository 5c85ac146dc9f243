"""The summaries: what they count, and that the mail arrives."""

import json
from collections.abc import Iterator
from email import message_from_string
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner, Result

from causal_interface_gym.cli.app import app
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.settings import SETTINGS
from causal_interface_gym.storage.database import database_at, writing
from causal_interface_gym.storage.queue.control import begin_queued
from causal_interface_gym.storage.service.accounts import Role, create_key
from tests.ops.watching.alerting import alertmanager, receivers
from tests.servers.process import free_port

pytestmark = [pytest.mark.ops, pytest.mark.timeout(120)]

SPEC = RunSpec(("reference:uniform",), ("homework-v1",), (0, 1))


@pytest.fixture(autouse=True)
def configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CIG_ENV_FILE", str(tmp_path / "none.env"))
    monkeypatch.setenv("CIG_BACKUP_FOLDER", str(tmp_path / "backups"))
    monkeypatch.setenv("CIG_ALERTMANAGER_URL", f"http://127.0.0.1:{free_port()}")


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = database_at(database)
    yield made
    made.dispose()


def report(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["duty", "report", *arguments])


def test_runs_and_changes_of_the_period_are_counted(engine: Engine, database: str) -> None:
    with writing(engine) as connection:
        begin_queued(connection, "ada", "june", SPEC)
    create_key(engine, "ada", Role.VIEWER, actor="test")
    for period in ("daily", "weekly"):
        result = report(period, "--database", database, "--json")
        assert result.exit_code == 0, result.output
        found = json.loads(result.stdout)
        assert (found["runs_begun"], found["runs_finished"], found["mailed"]) == (1, 0, False)
        assert found["changes"] >= 1
        assert found["state"] == "degraded"
        assert found["findings"]["backups"] == "degraded"


def test_the_mail_arrives_with_what_ails_in_its_subject(
    engine: Engine, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    del engine
    with receivers() as (heard, web, mail), alertmanager(web, mail) as manager:
        monkeypatch.setenv("CIG_ALERTMANAGER_URL", manager)
        monkeypatch.setenv("CIG_MAIL_SERVER", f"127.0.0.1:{mail}")
        monkeypatch.setenv("CIG_MAIL_TO", "ops@example.org, lead@example.org")
        silence = ["silence", "add", "--alert", "ServiceDown", "--comment", "disks", "--by", "ada"]
        assert CliRunner().invoke(app, silence).exit_code == 0
        result = report("weekly", "--database", database, "--mail")
        assert result.exit_code == 0, result.output
        assert "mailed to ops@example.org" in result.stdout
        (text,) = heard.mails
    letter = message_from_string(text)
    assert letter["To"] == "ops@example.org, lead@example.org"
    assert letter["Subject"] == "Causal Interface Gym, weekly: degraded (backups)"
    body = letter.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert 'Silenced: alertname="ServiceDown".' in body.decode()
    assert "Next: cig backup create (backups)" in body.decode()


def test_what_cannot_be_mailed_or_counted_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = ("--runs", str(tmp_path))
    assert "daily or weekly" in report("yearly", *runs).stderr
    assert "CIG_MAIL_SERVER" in report("daily", "--mail", *runs).stderr
    monkeypatch.setenv("CIG_MAIL_TO", "ops@example.org")
    monkeypatch.setenv("CIG_MAIL_SERVER", f"127.0.0.1:{free_port()}")
    gone = report("daily", "--mail", *runs)
    assert gone.exit_code == 3
    assert "did not take the summary" in gone.stderr
    away = f"postgresql://ada@127.0.0.1:{free_port()}/none"
    found = json.loads(report("daily", "--database", away, "--json").stdout)
    assert (found["state"], found["runs_begun"]) == ("failed", 0)
