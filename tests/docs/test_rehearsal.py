"""The commands of the page about rehearsals do what the page says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from causal_interface_gym.agents.llm.fake import read_script

PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto" / "rehearse-an-outage.md"


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.timeout(240)
def test_the_game_day_ends_as_the_page_says(tmp_path: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    run = subprocess.run(
        ["/bin/bash", "-euc", block("bash")],
        cwd=tmp_path,
        env={"PATH": path, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "exit code 3: openai is down" in run.stdout
    assert re.search(r"^anthropic +\S.* accepted", run.stdout, re.MULTILINE)
    assert "requests: anthropic" in run.stdout
    assert "fake-openai-key" not in run.stdout + run.stderr


def test_the_script_of_the_page_is_one(tmp_path: Path) -> None:
    file = tmp_path / "script.toml"
    file.write_text(block("toml"), "utf-8")
    script = read_script(file)
    assert (script.seed, len(script.faults), len(script.answers)) == (7, 2, 2)
