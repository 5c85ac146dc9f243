"""A run of language models in either database: stopped, resumed, reported and replayed."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from causal_interface_gym.agents.llm.fake import FakeServer
from causal_interface_gym.cli.app import app
from causal_interface_gym.settings import SETTINGS
from causal_interface_gym.storage.shared import open_shared_calls
from tests.strategies.served import StartProvider

pytestmark = pytest.mark.timeout(180)

RUN = (
    *("run", "--agent", "openai:gpt-5-mini", "--agent", "anthropic:claude-haiku-4-5"),
    *("--agent", "reference:uniform", "--scenarios", "homework-v1", "--seeds", "0-1"),
    *("--no-controls", "--concurrency", "1"),
)
N_BEFORE = 3


@pytest.fixture(params=("sqlite", "postgresql"))
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that many runs share."""
    if str(request.param) == "sqlite":
        return f"sqlite:///{tmp_path / 'shared.db'}"
    found: str = request.getfixturevalue("database")
    return found


def cig(server: FakeServer | None, home: Path, *arguments: str | Path) -> Result:
    """Run a command that knows the keys of a server, or none."""
    unset: dict[str, str | None] = {n: None for s in SETTINGS for n in (s, f"{s}_FILE")}
    led: dict[str, str] = dict(server.environment) if server is not None else {}
    shell = CliRunner(env={**unset, **led, "HOME": str(home)})
    return shell.invoke(app, [str(a) for a in arguments])


def n_kept(address: str, name: str) -> int:
    with open_shared_calls(address, name) as calls:
        return sum(1 for _ in calls.records())


def test_a_stopped_run_goes_on_in_its_database_and_its_report_is_the_files(
    address: str, start_provider: StartProvider, tmp_path: Path
) -> None:
    undisturbed, server = start_provider(), start_provider()
    expected = cig(undisturbed, tmp_path, *RUN, "--out", tmp_path / "whole", "--json")
    n_asked = undisturbed.counts["requests"]
    where = ("--database", address)
    june = tmp_path / "june"

    stopped = cig(server, tmp_path, *RUN, "--out", june, "--max-calls", str(N_BEFORE), *where)
    assert stopped.exit_code != 0
    assert "BudgetError" in stopped.stderr
    assert n_kept(address, "june") == server.counts["requests"] == N_BEFORE

    resumed = cig(
        server, tmp_path, "run", "--resume", june, "--max-calls", "1000", "--json", *where
    )
    assert resumed.exit_code == expected.exit_code == 0, resumed.output
    assert resumed.stdout == expected.stdout
    assert n_kept(address, "june") == server.counts["requests"] == n_asked

    told = cig(None, tmp_path, "report", "june", "--json", *where)
    assert told.stdout == expected.stdout
    found: dict[str, Any] = json.loads(told.stdout)
    assert found["trials"] == {"finished": 6, "planned": 6}
    assert found["calls"]["all"]["calls"] == n_asked

    replayed = cig(None, tmp_path, "run", "--replay", june, "--json", *where)
    assert replayed.exit_code == 0, replayed.output
    assert replayed.stdout == expected.stdout
    assert server.counts["requests"] == n_asked
