"""The alerts at their boundaries, judged by Prometheus's and Alertmanager's own programs."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = [pytest.mark.ops, pytest.mark.timeout(120)]

ROOT = Path(__file__).resolve().parents[3]
PROMETHEUS = ROOT / "ops" / "prometheus"
ALERTMANAGER = ROOT / "ops" / "alertmanager" / "alertmanager.yml"
NAMED = re.compile(r"- alert: (\w+)")


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None and not os.environ.get("CI"):
        pytest.skip(f"{name} is not installed (Debian: prometheus, prometheus-alertmanager)")
    assert found is not None
    return found


def said(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=PROMETHEUS, capture_output=True, text=True, check=False, timeout=60
    )


def test_each_alert_fires_at_its_boundary_and_not_before() -> None:
    result = said(program("promtool"), "test", "rules", "rules_test.yml")
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_wrong_threshold_would_be_noticed(tmp_path: Path) -> None:
    rules = (PROMETHEUS / "rules.yml").read_text("utf-8")
    tests = (PROMETHEUS / "rules_test.yml").read_text("utf-8")
    for old, new in (
        ("> 0.05", "> 0.06"),
        ("for: 10m\n        labels: {severity: SEV2}", "for: 9m\n        labels: {severity: SEV2}"),
        ("cig_memory_utilization_ratio > 0.95", "cig_memory_utilization_ratio > 0.94"),
        ("26 * 3600", "25 * 3600"),
    ):
        assert old in rules
        (tmp_path / "rules.yml").write_text(rules.replace(old, new))
        (tmp_path / "rules_test.yml").write_text(tests)
        result = said(program("promtool"), "test", "rules", str(tmp_path / "rules_test.yml"))
        assert result.returncode != 0, f"nobody noticed {new!r}"


def test_every_alert_has_a_case_a_severity_and_a_heading_of_the_runbook() -> None:
    rules = (PROMETHEUS / "rules.yml").read_text("utf-8")
    alerts = NAMED.findall(rules)
    tests = (PROMETHEUS / "rules_test.yml").read_text("utf-8")
    assert set(alerts) == set(re.findall(r"alertname: (\w+)", tests))
    assert len(re.findall(r"labels: {severity: SEV[1-4]}", rules)) == len(alerts)
    anchors = re.findall(r"runbook_url: docs/runbook\.md#([\w-]+)", rules)
    assert len(anchors) == len(alerts)
    headings = re.findall(r"^#+ (.+)$", (ROOT / "docs" / "runbook.md").read_text("utf-8"), re.M)
    known = {re.sub(r"[^\w -]", "", h.lower()).strip().replace(" ", "-") for h in headings}
    assert set(anchors) - known == set()


def test_the_configurations_are_what_the_programs_take() -> None:
    result = said(program("promtool"), "check", "config", "--syntax-only", "prometheus.yml")
    assert result.returncode == 0, result.stderr
    result = said(program("amtool"), "check-config", str(ALERTMANAGER))
    assert result.returncode == 0, result.stderr


def test_a_hand_edited_file_that_is_broken_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "alertmanager.yml"
    broken.write_text(ALERTMANAGER.read_text("utf-8").replace("receiver: slack", "receiver: slak"))
    assert said(program("amtool"), "check-config", str(broken)).returncode != 0
    rules = tmp_path / "rules.yml"
    rules.write_text(
        (PROMETHEUS / "rules.yml").read_text("utf-8").replace("expr: >-", "expr: (", 1)
    )
    assert said(program("promtool"), "check", "rules", str(rules)).returncode != 0
