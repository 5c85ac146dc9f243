"""Real providers, for whoever has keys: ``pytest -m live --force-enable-socket``. A few cents each.

Nothing is said of what a model believes; only that it can be asked, priced, kept and replayed.
"""

import json
import os
from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner, Result

from causal_interface_gym.cli.app import app

pytestmark = [pytest.mark.live, pytest.mark.timeout(600)]

KEYS: Final = {
    "openai": "OPENAI_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    "google": "GOOGLE_API_KEY",
}
MOST_USD: Final = "0.25"


@pytest.fixture(params=KEYS)
def provider(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A provider whose key is set, as the primary one."""
    name = str(request.param)
    if not (os.environ.get(KEYS[name]) or os.environ.get(f"{KEYS[name]}_FILE")):
        pytest.skip(f"{KEYS[name]} is not set")
    monkeypatch.setenv("PRIMARY_LLM_PROVIDER", name)
    return name


def cig(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments])


def test_every_step_of_the_deep_check_succeeds(provider: str) -> None:
    said = cig("providers", "check", provider, "--deep")
    assert said.exit_code == 0, said.output


def test_a_run_is_priced_and_replayed_without_its_key(
    provider: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run = ("run", "--agent", "primary", "--scenarios", "homework-v1", "--seeds", "0-1", "--json")
    played = cig(*run, "--out", tmp_path / "run", "--budget-usd", MOST_USD)
    assert played.exit_code in {0, 1}, played.output  # 1: the model failed a format control
    calls = json.loads(played.stdout)["calls"]["all"]
    assert calls["calls"] > 0
    assert 0 < calls["cost_usd"] <= float(MOST_USD)
    monkeypatch.delenv(KEYS[provider], raising=False)
    monkeypatch.delenv(f"{KEYS[provider]}_FILE", raising=False)
    replayed = cig("run", "--replay", tmp_path / "run", "--json")
    assert replayed.stdout == played.stdout


def test_a_wrong_key_is_named_as_such_and_not_shown(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(f"{KEYS[provider]}_FILE", raising=False)
    wrong = f"{os.environ.get(KEYS[provider], 'sk-')[:4]}{'x' * 40}"
    monkeypatch.setenv(KEYS[provider], wrong)
    said = cig("providers", "check", provider)
    assert said.exit_code == 3, said.output
    assert wrong not in said.output
