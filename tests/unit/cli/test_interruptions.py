"""A run that is stopped by force or from the keyboard continues to the same report."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from causal_interface_gym.agents.registry import REFERENCE_AGENTS
from causal_interface_gym.errors import RunError
from causal_interface_gym.storage.folder import open_run

COMMAND = (sys.executable, "-c", "from causal_interface_gym.cli.app import main; main()")
RUN = ("run", "--scenarios", "kidney-stones-v1,sprinkler-v1", "--seeds", "0-99")
pytestmark = [pytest.mark.faults, pytest.mark.timeout(120)]


def cig(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True)


def n_finished(folder: Path) -> int:
    try:
        with open_run(folder) as store:
            return int(store.finished().sum())
    except RunError:  # not there yet
        return 0


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> str:
    return cig(*RUN, "--out", tmp_path_factory.mktemp("runs") / "whole", "--json").stdout


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT], ids=lambda s: s.name)
def test_a_stopped_run_continues_to_the_same_bytes(
    undisturbed: str, tmp_path: Path, sent: signal.Signals
) -> None:
    folder = tmp_path / "run"
    with subprocess.Popen(
        [*COMMAND, *RUN, "--out", str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        while not n_finished(folder):
            time.sleep(0.01)
        process.send_signal(sent)
        _, errors = process.communicate()
    assert 0 < n_finished(folder) < 200 * len(REFERENCE_AGENTS)
    if sent is signal.SIGINT:
        assert process.returncode == 130
        assert f"continue with: cig run --resume {folder}" in errors.decode().replace("\n", " ")
    assert cig("run", "--resume", folder, "--json").stdout == undisturbed
