"""The README's picture and its figures are those of the run that ``make run`` makes."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from causal_interface_gym.agents.registry import REFERENCE_AGENTS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
CIG = str(Path(sys.executable).with_name("cig"))
FIGURES = re.compile(r"`(-?\d\.\d\d)` for (?:the|an) (\w+)")
# The report writes a minus sign of its own in the picture; a number is compared as a number.
LEADERBOARD = re.compile(r"^\| reference:([\w-]+)° \| (-?\d+\.\d+) \|", re.MULTILINE)


def cig(*arguments: str) -> str:
    run = subprocess.run([CIG, *arguments], capture_output=True, text=True, check=True, timeout=240)
    return run.stdout


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    asked = re.search(r"^RUN_ARGS \?= (.*) --out ", makefile, re.MULTILINE)
    assert asked is not None
    folder = tmp_path_factory.mktemp("forms") / "run"
    cig("run", *shlex.split(asked[1]), "--out", str(folder))
    return folder


@pytest.mark.timeout(300)
def test_the_figures_of_the_readme_are_those_of_the_run(forms: Path) -> None:
    found = dict(LEADERBOARD.findall(cig("report", str(forms), "--markdown")))
    assert len(found) == len(REFERENCE_AGENTS)
    claimed = {name: value for value, name in FIGURES.findall(README)}
    claimed["associational"] = claimed.pop("seer")
    assert len(claimed) >= 3
    assert claimed == {name: found[name] for name in claimed}


@pytest.mark.timeout(300)
def test_the_picture_of_the_readme_is_the_one_of_the_run(forms: Path) -> None:
    pictures = forms / "figures"
    cig("report", str(forms), "--figures", str(pictures))
    drawn = (pictures / "leaderboard.svg").read_text("utf-8")
    assert drawn == (ROOT / "docs/images/leaderboard.svg").read_text("utf-8")


def test_the_readme_says_how_many_worlds_there_are(forms: Path) -> None:
    (worlds,) = re.findall(r"on (\d+)\s+generated worlds", README)
    assert f"| {worlds} |" in cig("report", str(forms), "--markdown").replace(",", "")
