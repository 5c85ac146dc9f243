"""From a number to a phone: real Prometheus, real Alertmanager, the committed rules and routes."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner, Result

from causal_interface_gym.cli.app import app
from tests.ops.watching.alerting import Heard, alertmanager, prometheus, receivers, until
from tests.servers.process import free_port

pytestmark = [pytest.mark.ops, pytest.mark.timeout(240)]

HEALTHY = """
dependency_up{name="database"} 1
cig_cpu_utilization_ratio 0.2
cig_memory_utilization_ratio 0.3
backup_last_success_timestamp_seconds 4e9
restore_drill_last_success_timestamp_seconds 4e9
trial_queue_depth 0
"""


class Watched(NamedTuple):
    """What is watched, and who hears of it."""

    heard: Heard
    manager: str


@pytest.fixture
def watched() -> Iterator[Watched]:
    with ExitStack() as stack:
        heard, web, mail = stack.enter_context(receivers())
        heard.metrics = HEALTHY
        manager = stack.enter_context(alertmanager(web, mail))
        stack.enter_context(prometheus(web, manager))
        yield Watched(heard, manager)


@pytest.fixture
def manager() -> Iterator[str]:
    with alertmanager(9, 9) as url:
        yield url


def cig(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def named(heard: Heard, alert: str) -> list[str]:
    """Give what PagerDuty was told about an alert, in order."""
    told = heard.of("/v2/enqueue")
    return [m["event_action"] for m in told if alert in json.dumps(m)]


def test_an_alert_reaches_every_channel_respects_a_silence_and_resolves(watched: Watched) -> None:
    heard = watched.heard
    heard.metrics = HEALTHY.replace('name="database"} 1', 'name="database"} 0')
    until(lambda: "trigger" in named(heard, "ServiceDown"))
    (told,) = [m for m in heard.of("/v2/enqueue") if "ServiceDown" in json.dumps(m)][:1]
    assert told["routing_key"] == "fake-routing-key"
    assert told["payload"]["severity"] == "critical"
    until(lambda: any("ServiceDown" in json.dumps(m) for m in heard.of("/slack")))
    slack = next(m for m in heard.of("/slack") if "ServiceDown" in json.dumps(m))
    assert slack["channel"] == "#incidents"
    assert "docs/runbook.md" in json.dumps(slack)
    until(lambda: any("ServiceDown" in mail for mail in heard.mails))
    heard.metrics = HEALTHY
    until(lambda: "resolve" in named(heard, "ServiceDown"))
    until(lambda: any("resolved: ServiceDown" in mail for mail in heard.mails))
    # A silence holds back what it names, and nothing else.
    silenced = cig("silence", "add", "--alert", "ServiceDown", "--for", "1h", "--comment",
                   "maintenance", "--by", "ada", "--url", watched.manager)  # fmt: skip
    assert silenced.exit_code == 0, silenced.output
    n_before = len(named(heard, "ServiceDown"))
    heard.metrics = HEALTHY.replace('name="database"} 1', 'name="database"} 0').replace(
        "memory_utilization_ratio 0.3", "memory_utilization_ratio 0.99"
    )
    until(lambda: "trigger" in named(heard, "ResourceExhaustion"))
    assert len(named(heard, "ServiceDown")) == n_before


def test_what_calls_nobody_still_stands_in_the_channel(watched: Watched) -> None:
    heard = watched.heard
    heard.metrics = HEALTHY.replace("backup_last_success_timestamp_seconds 4e9", "")
    until(lambda: any("BackupTooOld" in json.dumps(m) for m in heard.of("/slack")))
    assert named(heard, "BackupTooOld") == []
    assert not any("BackupTooOld" in mail for mail in heard.mails)


def test_silences_are_added_listed_and_ended(manager: str) -> None:
    at = ("--url", manager)
    assert "nothing is silenced" in cig("silence", "list", *at).stdout
    made = cig("silence", "add", "--alert", "ServiceDown", "--alert", "ReplicaDown", "--for", "2h",
               "--comment", "new disks", "--by", "ada", "--json", *at)  # fmt: skip
    assert made.exit_code == 0, made.output
    said = json.loads(made.stdout)
    assert said["matchers"] == ['alertname=~"ServiceDown|ReplicaDown"']
    listed = json.loads(cig("silence", "list", "--json", *at).stdout)["silences"]
    assert [(s["id"], s["comment"], s["created_by"]) for s in listed] == [
        (said["id"], "new disks", "ada")
    ]
    assert said["id"] in cig("silence", "list", *at).stdout
    plain = cig("silence", "add", "--match", "severity!=SEV1", "--comment", "a drill", *at)
    assert 'silenced severity!="SEV1" for 1h' in plain.stdout
    assert cig("silence", "expire", said["id"], *at).exit_code == 0
    assert json.loads(cig("silence", "expire", plain.stdout.split()[-1], "--json", *at).stdout)
    assert json.loads(cig("silence", "list", "--json", *at).stdout)["silences"] == []
    assert len(json.loads(cig("silence", "list", "--all", "--json", *at).stdout)["silences"]) == 2


def test_what_alertmanager_refuses_is_said(manager: str) -> None:
    assert cig("silence", "expire", "no-such", "--url", manager).exit_code == 2
    wrong = cig("silence", "add", "--match", "alertname=~(", "--comment", "x", "--url", manager)
    assert wrong.exit_code == 2
    assert "Alertmanager refused with 400" in wrong.stderr


def test_an_alertmanager_that_is_away_is_a_dependency_that_is_down(tmp_path: Path) -> None:
    del tmp_path
    gone = cig("silence", "list", "--url", f"http://127.0.0.1:{free_port()}")
    assert gone.exit_code == 3
    assert "does not answer" in gone.stderr


def test_an_incident_has_the_alerts_that_fire(watched: Watched, tmp_path: Path) -> None:
    heard = watched.heard
    heard.metrics = HEALTHY.replace('name="database"} 1', 'name="database"} 0')
    until(lambda: "trigger" in named(heard, "ServiceDown"))
    environment = {
        "CIG_ALERTMANAGER_URL": watched.manager,
        "CIG_INCIDENT_FOLDER": str(tmp_path / "incidents"),
    }
    opened = CliRunner().invoke(app, ["incident", "open", "it is down", "--json"], env=environment)
    assert opened.exit_code == 0, opened.output
    kinds = [(e["kind"], e["text"]) for e in json.loads(opened.stdout)["entries"]]
    assert ("alert", "ServiceDown") in kinds
