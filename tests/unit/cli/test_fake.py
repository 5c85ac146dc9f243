"""``cig providers fake`` through the real command: the environment it prints leads to it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import openai
import pytest
from typer.testing import CliRunner

from causal_interface_gym.agents.llm.fake import KINDS, PRESETS
from causal_interface_gym.cli.app import app

CIG = Path(sys.executable).with_name("cig")


@contextmanager
def fake(*arguments: str) -> Iterator[tuple["subprocess.Popen[str]", dict[str, str]]]:
    command = [str(CIG), "providers", "fake", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(6)]
            pairs = [re.fullmatch(r"export (\w+)=(\S+)\n", line) for line in lines]
            yield process, {pair[1]: pair[2] for pair in pairs if pair}
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_where_its_environment_says_until_it_is_stopped(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fake("--fault", "429@1", "--log", "--seed", "3") as (process, environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        # The runbook's literal call.
        with openai.OpenAI() as client:
            reply = client.chat.completions.create(
                model="gpt-3.5-turbo", messages=[{"role": "user", "content": "Hello"}], max_tokens=5
            )
        assert reply.choices[0].message.content
        process.send_signal(number)
        _, errors = process.communicate(timeout=10)
    assert process.returncode == 0
    assert "requests: fault status 1, openai 2, requests 2" in errors
    assert re.search(r"openai 429 status\n", errors)
    assert "fake-openai-key" not in errors


def test_it_stops_after_its_time() -> None:
    with fake("--for", "0.2s", "--latency-ms", "1") as (process, environment):
        assert environment["GOOGLE_GEMINI_BASE_URL"].startswith("http://127.0.0.1:")
        _, errors = process.communicate(timeout=10)
    assert process.returncode == 0
    assert "requests: none" in errors


def test_a_script_leads_it(tmp_path: Path) -> None:
    script = tmp_path / "script.toml"
    script.write_text('answers = ["from the script"]\n')
    with fake("--script", str(script)) as (_, environment):
        url = environment["OPENAI_BASE_URL"]
        with openai.OpenAI(base_url=url, api_key="k", max_retries=0) as client:
            reply = client.chat.completions.create(
                model="m", messages=[{"role": "user", "content": "Hello"}]
            )
    assert reply.choices[0].message.content == "from the script"


def test_it_lists_what_can_go_wrong() -> None:
    result = CliRunner().invoke(app, ["providers", "fake", "--list"])
    assert result.exit_code == 0
    for name in (*KINDS, *PRESETS):
        assert re.search(rf"^{name}\b", result.stdout, re.MULTILINE), name


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--fault", "slo"), "did you mean 'slow'"),
        (("--script", "none.toml"), "cannot read the script"),
        (("--for", "soon"), "is no time"),
        (("--for", "0s"), "is no time"),
    ],
)
def test_wrong_input_is_one_paragraph_and_exit_code_2(
    arguments: tuple[str, str], said: str
) -> None:
    result = CliRunner().invoke(app, ["providers", "fake", *arguments])
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


def test_a_taken_port_is_said_in_one_line() -> None:
    with fake() as (_, environment):
        port = environment["OPENAI_BASE_URL"].split(":")[2].removesuffix("/v1")
        result = subprocess.run(
            [str(CIG), "providers", "fake", "--port", port],
            capture_output=True,
            text=True,
            check=False,
            env=dict(os.environ),
        )
    assert result.returncode == 2
    assert "in use" in result.stderr
    assert "Traceback" not in result.stderr
