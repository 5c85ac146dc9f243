"""The runbook's two commands: what they print, and their exit codes."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from causal_interface_gym.storage.calibrations import open_calibrations
from causal_interface_gym.storage.folder import DATABASE, open_run
from causal_interface_gym.validation.commands import (
    Runs,
    integrity_command,
    recalibration_command,
)

# What a statement gives back is what the database holds.
Sql = Callable[..., list[tuple[Any, ...]]]

RUNS = Runs(DATABASE, open_run, open_calibrations)
SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"


pytestmark = pytest.mark.timeout(60)  # some tests derive every scenario again


@pytest.mark.parametrize("name", ["validate_data_integrity.py", "recalibrate_models.py"])
def test_the_scripts_are_short_and_run(folder: Path, name: str) -> None:
    script = SCRIPTS / name
    assert len(script.read_text("utf-8").splitlines()) <= 15
    done = subprocess.run(
        [sys.executable, str(script), str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert str(folder) in done.stdout


def test_a_whole_run_is_fine(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert integrity_command([str(folder)], runs=RUNS) == 0
    shown = capsys.readouterr().out
    assert "checked 12 trials, 4 worlds" in shown
    assert "0 findings in 1 runs" in shown


def test_every_finding_is_a_line(
    folder: Path, sql: Sql, capsys: pytest.CaptureFixture[str]
) -> None:
    sql("UPDATE score SET value = 7.0 WHERE family = 'headline' AND value IS NOT NULL")
    assert integrity_command([str(folder)], runs=RUNS) == 1
    lines = capsys.readouterr().out.splitlines()
    found = [line for line in lines if ": score: " in line]
    assert len(found) == 3
    assert all(line.startswith(f"{folder}: score: reference:") for line in found)


def test_findings_as_json(folder: Path, sql: Sql, capsys: pytest.CaptureFixture[str]) -> None:
    sql("DELETE FROM event WHERE trial = 5 AND number = 0")
    assert integrity_command([str(folder), "--json"], runs=RUNS) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["n_findings"] == len(found["runs"][0]["findings"])
    assert found["runs"][0]["findings"][0]["check"] == "trial"
    assert found["runs"][0]["checked"]["trials"] == 12


def test_without_a_folder_every_run_below_runs_and_the_scenarios_are_checked(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("causal_interface_gym.validation.scenarios.SAMPLE", ())
    below = folder.parent / "runs" / "june"
    below.parent.mkdir()
    folder.rename(below)
    monkeypatch.chdir(folder.parent)
    assert integrity_command([], runs=RUNS) == 0
    shown = capsys.readouterr().out
    assert "runs/june: checked" in shown
    assert "0 findings in 1 runs and in the scenarios" in shown


def test_a_broken_scenario_is_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        "causal_interface_gym.validation.scenarios.SAMPLE", ("generated/nowhere/level-1/0",)
    )
    assert integrity_command([], runs=RUNS) == 1
    assert "curated: scenario: generated/nowhere/level-1/0: ScenarioError" in (
        capsys.readouterr().out
    )


@pytest.mark.parametrize("command", [integrity_command, recalibration_command])
def test_a_folder_without_a_run_is_wrong_usage(
    tmp_path: Path, command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command([str(tmp_path)], runs=RUNS) == 2
    assert command(["--scenarios", "nowhere.py"], runs=RUNS) == 2
    assert "there is no run in" in capsys.readouterr().err


def test_an_unknown_option_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as error:
        integrity_command(["--unknown"], runs=RUNS)
    assert error.value.code == 2
    assert "--unknown" in capsys.readouterr().err


@pytest.mark.parametrize("command", [integrity_command, recalibration_command])
def test_a_file_that_is_no_database_is_a_finding(
    tmp_path: Path, command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / DATABASE).write_bytes(b"no database" * 1000)
    assert command([str(tmp_path)], runs=RUNS) == 1
    assert "not a database" in capsys.readouterr().out


def test_a_damaged_calibration_is_a_finding(
    folder: Path, sql: Sql, capsys: pytest.CaptureFixture[str]
) -> None:
    assert recalibration_command([str(folder), "--force"], runs=RUNS) == 0
    assert integrity_command([str(folder)], runs=RUNS) == 0
    sql("UPDATE calibration SET body = body || ' '")
    assert integrity_command([str(folder)], runs=RUNS) == 1
    assert "calibration: version 1: calibration 1 is damaged" in capsys.readouterr().out


def test_only_force_keeps_a_version(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert recalibration_command([str(folder)], runs=RUNS) == 0
    assert "nothing was kept, which --force does" in capsys.readouterr().out
    assert recalibration_command([str(folder), "--force", "--json"], runs=RUNS) == 0
    found = json.loads(capsys.readouterr().out)["runs"][0]
    assert (found["before"], found["version"], found["changes"]) == (0, 1, [])
    assert recalibration_command([str(folder), "--force"], runs=RUNS) == 0
    assert "0 changes against version 1; kept as version 2" in capsys.readouterr().out


def test_what_would_change_is_a_finding_until_it_is_kept(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_calibrations(folder) as kept:
        kept.keep("{}")
    assert recalibration_command([str(folder)], runs=RUNS) == 1
    assert "truth: absent -> " in capsys.readouterr().out
    assert recalibration_command([str(folder), "--force"], runs=RUNS) == 0


def test_a_damaged_run_is_not_recalibrated(
    folder: Path, sql: Sql, capsys: pytest.CaptureFixture[str]
) -> None:
    sql("DELETE FROM event WHERE trial = 5 AND number = 0")
    assert recalibration_command([str(folder), "--force"], runs=RUNS) == 1
    assert "nothing was kept: trial number 5" in capsys.readouterr().out


def test_a_terminal_is_told_how_far_it_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("causal_interface_gym.validation.commands._EVERY", 5)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert integrity_command([str(folder)], runs=RUNS) == 0
    assert "10 trials" in capsys.readouterr().err
