"""A run that is killed again and again ends in the same bytes as one that was left alone."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from causal_interface_gym.errors import RunError
from causal_interface_gym.storage.folder import open_run

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]

COMMAND = (sys.executable, "-c", "from causal_interface_gym.cli.app import main; main()")
AGENTS = ("associational", "marginal", "uniform", "random")
RUN = (
    *(part for agent in AGENTS for part in ("--agent", f"reference:{agent}")),
    "--scenarios",
    "kidney-stones-v1,smoking-tar-v1,homework-v1,sprinkler-v1,m-bias-v1",
    "--seeds",
    "0-99",
)
N_TRIALS = 2_000
N_KILLS = 20
SEED = 20
KILLED_AFTER = (0.02, 0.3)
"""In parts of the time of the whole run: some kills fall while the program starts."""
N_TELLING = 3
"""So many kills must leave different parts of the run behind, or the test shows nothing."""


def cig(*arguments: str | Path) -> str:
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def n_finished(folder: Path) -> int:
    try:
        with open_run(folder) as store:
            return int(store.finished().sum())
    except RunError:  # killed before the run was begun
        return 0


def kill_after(seconds: float, *arguments: str | Path) -> None:
    """Start a command and kill it after a time, unless it has ended."""
    command = [*COMMAND, *map(str, arguments)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()


def test_twenty_kills_of_two_thousand_episodes_leave_the_same_bytes(tmp_path: Path) -> None:
    started = time.monotonic()
    whole = cig("run", *RUN, "--out", tmp_path / "whole", "--json")
    took = time.monotonic() - started
    assert n_finished(tmp_path / "whole") == N_TRIALS
    folder = tmp_path / "killed"
    drawn = random.Random(SEED)  # noqa: S311 - no secret
    kept: list[int] = []
    for _ in range(N_KILLS):
        # A run that was killed before its first batch is begun again.
        start = (*RUN, "--out", str(folder), "--overwrite")
        begun = ("--resume", str(folder)) if any(kept) else start
        kill_after(drawn.uniform(*KILLED_AFTER) * took, "run", *begun)
        kept.append(n_finished(folder))
    assert kept == sorted(kept), "what was finished stays finished"
    assert len({n for n in kept if 0 < n < N_TRIALS}) >= N_TELLING, kept
    assert cig("run", "--resume", folder, "--json") == whole
    assert n_finished(folder) == N_TRIALS
