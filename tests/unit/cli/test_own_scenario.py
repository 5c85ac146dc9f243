"""A run of one's own scenario file: its folder is all that a report needs."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from causal_interface_gym.cli.app import app
from causal_interface_gym.scenarios import registry


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Play a run of a scenario file, then take the file away and forget what it defined."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(registry, "_ADDED", {})
    cig("scenario", "new", "winter-tyres-v1")
    played = cig("run", "--scenarios", "winter_tyres.py", "--seeds", "0-1", "--out", "played",
                 "--agent", "reference:oracle", "--agent", "reference:associational")  # fmt: skip
    assert played.exit_code == 0, played.output
    (tmp_path / "winter_tyres.py").rename(tmp_path / "elsewhere.py")
    registry._ADDED.clear()  # noqa: SLF001 - what a new process would not know
    return tmp_path / "played"


def cig(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_its_report_is_made_again_without_the_file(run: Path) -> None:
    again = cig("report", run, "--json")
    assert again.exit_code == 0, again.output
    assert again.stdout == (run / "report.json").read_text("utf-8")


def test_its_report_tells_where_the_world_comes_from(run: Path) -> None:
    assert cig("report", run, "--html", run / "again.html").exit_code == 0
    page = (run / "again.html").read_text("utf-8")
    (card,) = json.loads((run / "report.json").read_text("utf-8"))["run"]["cards"]
    assert card["id"] == "winter-tyres-v1"
    assert card["title"] in page


def test_its_episodes_are_shown_without_the_file(run: Path) -> None:
    shown = cig("episode", run, "--agent", "reference:oracle", "--scenario", "winter-tyres-v1")
    assert shown.exit_code == 0, shown.output
    assert "truth" in shown.stdout


def test_a_finished_run_is_resumed_without_the_file(run: Path) -> None:
    assert cig("run", "--resume", run).exit_code == 0


def test_no_code_is_run_because_a_run_mentions_it(run: Path) -> None:
    (run.parent / "winter_tyres.py").write_text("raise SystemExit('run!')", encoding="utf-8")
    assert cig("report", run).exit_code == 0


def test_playing_on_needs_the_file_and_says_so(run: Path) -> None:
    more = cig("run", "--scenarios", "winter-tyres-v1", "--seeds", "0-1", "--out", run.parent / "b")
    assert more.exit_code == 2
    assert "named by its file first" in more.output


def test_a_file_with_other_numbers_cannot_continue_the_run(run: Path) -> None:
    file = run.parent / "elsewhere.py"
    text = file.read_text("utf-8")
    assert "[0.65, 0.35]" in text
    file.write_text(text.replace("[0.65, 0.35]", "[0.6, 0.4]"), encoding="utf-8")
    result = cig("run", "--resume", run, "--scenarios", file)
    assert result.exit_code == 2
    assert "another configuration: cards" in result.output


def test_the_same_file_elsewhere_continues_the_run(run: Path) -> None:
    assert cig("run", "--resume", run, "--scenarios", run.parent / "elsewhere.py").exit_code == 0
