"""A run that is killed again and again ends in the same bytes as one that was left alone."""

import os
import random
import signal
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
SHARE_STARTING = 0.4
"""So many kills fall while the program starts (or, at the end, grades), the others later."""
LATER_S = 0.1
"""The longest time from the first stored batch to the kill."""
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


def killed(folder: Path, drawn: random.Random, starting_s: float, *arguments: str) -> bool:
    """Start a command and kill it: while it starts, or soon after it has stored something.

    Say whether the kill came before the end.
    """
    had = n_finished(folder)
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        [*COMMAND, *arguments],
        stdout=quiet,
        stderr=quiet,
        # Who watches comes first, or a busy machine lets the run end between two looks.
        preexec_fn=lambda: os.nice(15),  # noqa: PLW1509 - one system call
    ) as process:
        if had == N_TRIALS or drawn.random() < SHARE_STARTING:
            time.sleep(drawn.uniform(0, starting_s))
        else:
            while process.poll() is None and n_finished(folder) == had:
                time.sleep(0.02)
            time.sleep(drawn.uniform(0, LATER_S))
        process.kill()
    return process.returncode == -signal.SIGKILL


def test_twenty_kills_of_two_thousand_episodes_leave_the_same_bytes(tmp_path: Path) -> None:
    whole = cig("run", *RUN, "--out", tmp_path / "whole", "--json")
    assert n_finished(tmp_path / "whole") == N_TRIALS
    started = time.monotonic()
    cig("run", "--help")
    starting_s = 2 * (time.monotonic() - started)
    folder = tmp_path / "killed"
    drawn = random.Random(SEED)  # noqa: S311 - no secret
    kept: list[int] = []
    n_kills = 0
    while n_kills < N_KILLS:
        # A run that was killed before its first batch is begun again.
        start = (*RUN, "--out", str(folder), "--overwrite")
        begun = ("--resume", str(folder)) if any(kept) else start
        n_kills += killed(folder, drawn, starting_s, "run", *begun)
        kept.append(n_finished(folder))
    assert kept == sorted(kept), "what was finished stays finished"
    assert len({n for n in kept if 0 < n < N_TRIALS}) >= N_TELLING, kept
    assert cig("run", "--resume", folder, "--json") == whole
    assert n_finished(folder) == N_TRIALS
