"""Runs of language models over loopback: killed, down, out of money; nothing is paid for twice."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from causal_interface_gym.errors import RunError
from causal_interface_gym.settings import SETTINGS
from causal_interface_gym.storage.folder import open_calls
from tests.strategies.local_model import model_file
from tests.strategies.served import StartProvider, provider_starter

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

COMMAND = (sys.executable, "-c", "from causal_interface_gym.cli.app import main; main()")
MODELS = ("openai:gpt-5-mini", "anthropic:claude-sonnet-4-5", "google:gemini-2.5-flash")
REFERENCES = ("reference:associational", "reference:marginal", "reference:experimenter")
WORLDS = ("--scenarios", "homework-v1", "--seeds", "0-1")
AT_ONCE = 4
CANARY = "canary7d41b2c9"


def agents(*names: str) -> tuple[str, ...]:
    return tuple(part for name in names for part in ("--agent", name))


THREE = (*agents(*MODELS), *WORLDS, "--no-controls", "--concurrency", str(AT_ONCE))


@pytest.fixture
def start() -> Iterator[StartProvider]:
    with provider_starter() as starter:
        yield starter


class Shell:
    """Runs ``cig`` with an environment of its own and no key but those it is given."""

    def __init__(self, home: Path, **variables: str) -> None:
        """Set the variables."""
        known = {name for s in SETTINGS for name in (s, f"{s}_FILE")}
        kept = {name: value for name, value in os.environ.items() if name not in known}
        self.environment = {**kept, "HOME": str(home), **variables}

    def command(self, *arguments: str | Path) -> list[str]:
        """Give the command as it is started."""
        return [*COMMAND, *map(str, arguments)]

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            self.command(*arguments),
            capture_output=True,
            text=True,
            check=False,
            env=self.environment,
        )

    def stopped(self, sent: signal.Signals, folder: Path, n_calls: int, *arguments: str) -> int:
        """Start a run, send a signal when so many calls are kept, and give the exit code."""
        quiet = subprocess.DEVNULL
        with subprocess.Popen(
            self.command(*arguments), stdout=quiet, stderr=quiet, env=self.environment
        ) as process:
            while process.poll() is None and n_kept(folder) < n_calls:
                time.sleep(0.01)
            process.send_signal(sent)
        return process.returncode


def n_kept(folder: Path) -> int:
    try:
        with open_calls(folder) as calls:
            return sum(1 for _ in calls.records())
    except RunError:  # not begun
        return 0


def report(result: subprocess.CompletedProcess[str]) -> Any:  # noqa: ANN401 - JSON
    return json.loads(result.stdout)


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT], ids=lambda s: s.name)
def test_a_stopped_run_pays_for_no_reply_twice_but_those_under_way(
    start: StartProvider, tmp_path: Path, sent: signal.Signals
) -> None:
    undisturbed = start(latency_ms=20)
    whole = Shell(tmp_path, **undisturbed.environment)
    expected = whole.run("run", *THREE, "--out", tmp_path / "whole", "--json").stdout
    n_asked = undisturbed.counts["requests"]
    disturbed = start(latency_ms=20)
    shell = Shell(tmp_path, **disturbed.environment)
    folder = tmp_path / "run"
    shell.stopped(sent, folder, n_asked // 3, "run", *THREE, "--out", str(folder))
    assert 0 < n_kept(folder) < n_asked
    result = shell.run("run", "--resume", folder, "--json")
    assert result.stdout == expected
    assert n_asked <= disturbed.counts["requests"] <= n_asked + AT_ONCE


def test_a_replay_gives_the_same_bytes_without_a_key_or_a_call(
    start: StartProvider, tmp_path: Path
) -> None:
    server = start()
    first = Shell(tmp_path, **server.environment).run(
        "run", *THREE, "--out", tmp_path / "run", "--json"
    )
    n_asked = server.counts["requests"]
    bare = Shell(tmp_path)
    replayed = bare.run("run", "--replay", tmp_path / "run", "--json")
    assert replayed.stdout == first.stdout != ""
    assert replayed.returncode == first.returncode
    for name in ("report.json", "report.md", "report.html"):
        again = (tmp_path / "run-replay" / name).read_bytes()
        assert again == (tmp_path / "run" / name).read_bytes()
    assert bare.run("report", tmp_path / "run", "--json").stdout == first.stdout
    assert server.counts["requests"] == n_asked


def test_a_replay_of_a_transcript_with_a_gap_stops_and_says_which_call(
    start: StartProvider, tmp_path: Path
) -> None:
    shell = Shell(tmp_path, **start().environment)
    shell.run("run", *THREE, "--out", tmp_path / "run", "--max-calls", "9")
    result = Shell(tmp_path).run("run", "--replay", tmp_path / "run")
    assert result.returncode == 1
    assert "ReplayError" in result.stderr
    assert "the transcript has no call" in result.stderr


def test_an_outage_leaves_its_episodes_for_later_and_the_report_is_the_same(
    start: StartProvider, tmp_path: Path
) -> None:
    shell = Shell(tmp_path, **start().environment)
    expected = shell.run("run", *THREE, "--out", tmp_path / "whole", "--json").stdout
    down = Shell(tmp_path, **start("openai/503@3-").environment)
    result = down.run("run", *THREE, "--out", tmp_path / "run", "--json")
    assert result.returncode == 3
    assert re.search(r"Not played: \d+ episodes of openai, which does not serve", result.stderr)
    assert f"Continue with: cig run --resume {tmp_path / 'run'}" in result.stderr
    trials = report(result)["trials"]
    assert 4 <= trials["finished"] < trials["planned"] == 6
    assert shell.run("run", "--resume", tmp_path / "run", "--json").stdout == expected


def test_a_wrong_key_stops_the_run_with_exit_code_3(start: StartProvider, tmp_path: Path) -> None:
    shell = Shell(tmp_path, **start("anthropic/401").environment)
    result = shell.run("run", *THREE, "--out", tmp_path / "run")
    assert result.returncode == 3
    assert "AuthenticationError: anthropic" in result.stderr
    fine = Shell(tmp_path, **start().environment)
    assert fine.run("run", "--resume", tmp_path / "run").returncode in {0, 1}


def test_a_missing_key_is_told_before_a_folder_is_made(tmp_path: Path) -> None:
    result = Shell(tmp_path).run("run", *THREE, "--out", tmp_path / "run")
    assert result.returncode == 3
    assert result.stderr == "Error: openai: no key; set OPENAI_API_KEY\n"
    assert not (tmp_path / "run").exists()


def test_a_run_never_costs_more_than_its_budget_and_goes_on_with_more(
    start: StartProvider, tmp_path: Path
) -> None:
    server = start()
    shell = Shell(tmp_path, **server.environment)
    worlds = ("--scenarios", "homework-v1", "--seeds", "0-5")
    frugal = ("--no-controls", "--max-tokens", "300", "--max-draws", "1")
    run = (*agents("anthropic:claude-sonnet-4-5"), *worlds, *frugal)
    whole = shell.run("run", *run, "--out", tmp_path / "whole", "--json")
    cost = report(whole)["calls"]["all"]["cost_usd"]
    assert cost > 0
    budget = cost / 2 + 0.05  # the most that one call can cost is set aside
    few = ("--budget-usd", f"{budget}", "--concurrency", "1")
    result = shell.run("run", *run, "--out", tmp_path / "run", *few, "--json")
    assert result.returncode == 1
    assert "BudgetError" in result.stderr
    assert "resume with a higher budget" in result.stderr
    assert 0 < report(result)["calls"]["all"]["cost_usd"] <= budget
    resumed = shell.run("run", "--resume", tmp_path / "run", "--budget-usd", "9", "--json")
    assert resumed.stdout == whole.stdout


def test_the_budget_of_a_day_holds_over_all_runs(start: StartProvider, tmp_path: Path) -> None:
    shell = Shell(tmp_path, **start().environment)
    run = (*agents("anthropic:claude-sonnet-4-5"), *WORLDS, "--no-controls")
    cost = report(shell.run("run", *run, "--out", tmp_path / "one", "--json"))["calls"]["all"]
    day = ("--budget-usd-day", f"{cost['cost_usd'] + 0.01}")
    result = shell.run("run", *run, "--out", tmp_path / "two", *day)
    assert result.returncode == 1
    assert "the day's budget" in result.stderr


def test_a_budget_in_money_refuses_a_model_without_a_price(
    start: StartProvider, tmp_path: Path
) -> None:
    shell = Shell(tmp_path, **start().environment)
    run = (*agents("openai:a-model-of-tomorrow"), *WORLDS, "--no-controls")
    result = shell.run("run", *run, "--out", tmp_path / "run", "--budget-usd", "1")
    assert result.returncode == 1
    assert "price" in result.stderr


def test_no_secret_is_found_in_a_run_its_reports_or_its_log(
    start: StartProvider, tmp_path: Path
) -> None:
    server = start("echo@2-3", "echo,code=400@5", "html@7", "garbage@9")
    key_file = tmp_path / "key"
    key_file.write_text(f"sk-{CANARY}-file\n", "utf-8")
    host = server.address.removeprefix("http://")
    environment = {
        "OPENAI_BASE_URL": f"http://{CANARY}user:{CANARY}password@{host}/v1",
        "OPENAI_API_KEY_FILE": str(key_file),
        "ANTHROPIC_BASE_URL": server.address,
        "ANTHROPIC_API_KEY": f"sk-ant-{CANARY}-env",
        "GOOGLE_GEMINI_BASE_URL": server.address,
        "GEMINI_API_KEY": f"AIza{CANARY}gemini",
    }
    shell = Shell(tmp_path, **environment)
    folder = tmp_path / "run"
    spoken = [shell.run("run", *THREE, "--out", folder)]
    spoken += [shell.run("run", "--resume", folder) for _ in range(3)]
    spoken += [shell.run("report", folder, "--json"), shell.run("agents", "list", "--json")]
    trial = ("--agent", MODELS[0], "--scenario", "homework-v1", "--seed", "0")
    spoken += [shell.run("episode", folder, *trial, *more) for more in ((), ("--json",))]
    assert any(result.returncode == 3 for result in spoken), "a key was refused on the way"
    assert spoken[3].returncode in {0, 1}, spoken[3].stderr
    said = "".join(result.stdout + result.stderr for result in spoken)
    assert "gpt-5-mini" in said
    assert CANARY not in said
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"run.db", "report.json", "report.html"}
    assert [path.name for path in files if CANARY.encode() in path.read_bytes()] == []


def test_a_key_with_a_line_break_is_refused_at_once_and_not_shown(tmp_path: Path) -> None:
    shell = Shell(tmp_path, OPENAI_API_KEY=f"sk-{CANARY}\nx")
    result = shell.run("run", *agents(MODELS[0]), *WORLDS, "--out", tmp_path / "run")
    assert result.returncode == 3
    assert "line break" in result.stderr
    assert CANARY not in result.stderr


@pytest.mark.real_llm
def test_seven_agents_three_providers_and_a_real_model_survive_a_kill(
    start: StartProvider, tmp_path: Path
) -> None:
    server = start(latency_ms=20)
    shell = Shell(tmp_path, **server.environment)
    folder = tmp_path / "run"
    local = f"local:{model_file()}"
    run = (*agents(*MODELS, local, *REFERENCES), "--scenarios", "homework-v1", "--seeds", "0-1",
           "--no-controls", "--max-draws", "1", "--concurrency", str(AT_ONCE))  # fmt: skip
    shell.stopped(signal.SIGKILL, folder, 4, "run", *run, "--out", str(folder))
    kept = n_kept(folder)
    assert kept >= 4
    result = shell.run("run", "--resume", folder, "--json")
    assert result.returncode in {0, 1}, result.stderr
    found = report(result)
    assert found["trials"] == {"finished": 14, "planned": 14}
    heard = {a["agent"]: a["model"]["calls"] for a in found["agents"] if "model" in a}
    name = f"local:{model_file().name}+direct"
    assert set(heard) == {name, *(f"{model}+direct" for model in MODELS)}
    assert heard[name]["cost_usd"] == 0
    assert heard[name]["answered_by"] == {model_file().name: heard[name]["calls"]}
    n_asked = sum(calls["calls"] for agent, calls in heard.items() if agent != name)
    assert server.counts["requests"] <= n_asked + AT_ONCE
    page = (folder / "report.html").read_text("utf-8")
    assert page.index("Failures") < page.index("Calls and cost") < page.index("Leaderboard")
    replayed = Shell(tmp_path).run("run", "--replay", folder, "--json")
    assert replayed.stdout == result.stdout
    assert str(model_file().parent) not in page + result.stdout + replayed.stderr
