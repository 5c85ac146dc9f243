"""``cig providers list|check``, and the runbook's own test of OpenAI, on the loopback server."""

import json
import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from causal_interface_gym.cli.app import app
from causal_interface_gym.settings import SETTINGS
from tests.strategies.asking import KEY
from tests.strategies.served import StartProvider

RUNBOOK_SNIPPET = """
import openai
client = openai.OpenAI()
try:
    response = client.chat.completions.create(
        model='gpt-3.5-turbo',
        messages=[{'role': 'user', 'content': 'test'}],
        max_tokens=5
    )
    print('OpenAI API: OK')
except Exception as e:
    print(f'OpenAI API Error: {e}')
"""
"""The incident runbook's connectivity test, to the letter."""


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)


def lead(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], *names: str) -> None:
    """Set the variables of these providers."""
    for variable, value in environment.items():
        if variable.startswith(tuple(name.upper() for name in names)):
            monkeypatch.setenv(variable, value)


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["providers", *arguments])
    return result.exit_code, result.output


def test_the_list_names_every_provider_and_what_it_needs() -> None:
    code, text = run("list")
    assert code == 0
    assert [line.split()[0] for line in text.splitlines()][:3] == ["openai", "anthropic", "google"]
    assert "needs OPENAI_API_KEY" in text
    assert "needs GOOGLE_API_KEY or GEMINI_API_KEY" in text


def test_the_list_begins_with_the_primary_and_shows_no_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PRIMARY_LLM_PROVIDER", "anthropic")
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    code, text = run("list", "--json")
    assert code == 0
    first = json.loads(text)[0]
    assert (first["provider"], first["is_available"]) == ("anthropic", True)
    assert first["is_priced"]
    assert KEY not in text


def test_all_that_are_set_up_are_checked(
    monkeypatch: pytest.MonkeyPatch, start_provider: StartProvider
) -> None:
    lead(monkeypatch, start_provider().environment, "openai", "anthropic", "google")
    code, text = run("check", "--json")
    assert code == 0, text
    found = json.loads(text)
    assert [each["provider"] for each in found] == ["openai", "anthropic", "google"]
    assert all(each["is_fine"] for each in found)


@pytest.mark.parametrize("name", ["openai", "anthropic", "google"])
def test_a_deep_check_asks_for_a_token_and_for_a_schema(
    monkeypatch: pytest.MonkeyPatch, start_provider: StartProvider, name: str
) -> None:
    server = start_provider()
    lead(monkeypatch, server.environment, name)
    code, text = run("check", name, "--deep")
    assert code == 0, text
    assert "one token" in text
    assert "the schema is kept (by the provider)" in text
    assert len(server.seen) == 3


@pytest.mark.parametrize(
    ("fault", "code", "word"),
    [
        ("401", 1, "AuthenticationError"),
        ("503", 3, "OverloadedError"),
        ("reset", 3, "UnreachableError"),
    ],
)
def test_the_exit_code_tells_a_wrong_key_from_an_outage(
    monkeypatch: pytest.MonkeyPatch,
    start_provider: StartProvider,
    fault: str,
    code: int,
    word: str,
) -> None:
    lead(monkeypatch, start_provider(fault).environment, "openai")
    found, text = run("check", "openai")
    assert (found, word in text) == (code, True), text


def test_a_reply_outside_the_schema_is_a_finding(
    monkeypatch: pytest.MonkeyPatch, start_provider: StartProvider
) -> None:
    lead(monkeypatch, start_provider("prose").environment, "openai")
    code, text = run("check", "openai", "--deep")
    assert (code, "InvalidOutputError" in text) == (1, True), text


def test_a_server_that_is_not_there_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPATIBLE_BASE_URL", "http://127.0.0.1:9/v1")
    code, text = run("check", "compatible")
    assert (code, "no connection to 127.0.0.1:9" in text) == (3, True), text


def test_a_key_with_a_line_break_is_a_finding_that_does_not_show_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", f"{KEY}\nand more")
    code, text = run("check", "openai")
    assert code == 1
    assert "line break" in text
    assert KEY not in text


def test_a_deep_check_of_a_server_needs_a_model(
    monkeypatch: pytest.MonkeyPatch, start_provider: StartProvider
) -> None:
    url = start_provider().environment["OPENAI_BASE_URL"]
    monkeypatch.setenv("COMPATIBLE_BASE_URL", url)
    code, text = run("check", "compatible", "--deep")
    assert (code, "--model" in text) == (1, True)
    assert run("check", "compatible", "--deep", "--model", "tiny")[0] == 0


def test_nothing_to_check_is_a_finding_and_an_unknown_name_is_wrong_usage() -> None:
    assert run("check")[0] == 1
    code, text = run("check", "opena")
    assert (code, "providers: openai" in text) == (2, True)
    assert run("check", "local")[0] == 2


@pytest.mark.parametrize(("fault", "said"), [("", "OpenAI API: OK"), ("503", "OpenAI API Error")])
def test_the_runbooks_own_test_of_openai_runs_to_the_letter(
    start_provider: StartProvider, fault: str, said: str
) -> None:
    server = start_provider(*filter(None, [fault]))
    environment = {**os.environ, **server.environment}
    command = [sys.executable, "-c", RUNBOOK_SNIPPET]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    assert done.stdout.startswith(said)
    assert server.seen[0].provider == "openai"
