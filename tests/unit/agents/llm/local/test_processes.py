"""A model's process: it says why it cannot serve, and it never outlives its parent."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from causal_interface_gym.agents.llm.local import (
    LocalModels,
    LocalServer,
    ServerOptions,
    read_gguf,
)
from causal_interface_gym.errors import RunError
from tests.strategies.local_model import SHA256, model_file

pytestmark = pytest.mark.timeout(90)

PARENT = """
import sys, time
from pathlib import Path
from causal_interface_gym.agents.llm.local import LocalServer, read_gguf
server = LocalServer(read_gguf(Path(sys.argv[1])))
print(server.pid, flush=True)
{}
"""


def is_alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


def ends(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_alive(pid)


def test_a_file_that_is_broken_inside_is_reported_without_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF" + bytes(60))
    with pytest.raises(RunError, match=r"model\.gguf cannot be served") as refused:
        LocalServer(read_gguf(path))
    assert str(tmp_path) not in str(refused.value)


def test_a_missing_extra_is_named_with_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF" + bytes(60))
    (tmp_path / "xllamacpp.py").write_text("raise ImportError('not here')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(RunError, match=r"pip install 'causal-interface-gym\[local\]'"):
        LocalServer(read_gguf(path))


@pytest.mark.real_llm
def test_a_model_that_loads_too_slowly_is_given_up_and_leaves_no_process() -> None:
    with pytest.raises(RunError, match=r"not loaded within 0\.001 s"):
        LocalServer(read_gguf(model_file()), ServerOptions(start_timeout_s=0.001))
    lists = Path("/proc/self/task").glob("*/children")
    children = [pid for children in lists for pid in children.read_text().split()]
    commands = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children]
    assert not any(b"local.serving" in command for command in commands)


@pytest.mark.real_llm
def test_a_process_ends_with_close_and_closing_twice_is_fine() -> None:
    with LocalServer(read_gguf(model_file())) as server:
        assert server.is_running
    server.close()
    assert not is_alive(server.pid)


@pytest.mark.real_llm
@pytest.mark.parametrize("ending", ["os._exit(0)", "raise SystemExit", "time.sleep(60)"])
def test_a_process_ends_with_its_parent_however_that_ends(ending: str) -> None:
    script = "import os" + PARENT.format(ending)
    command = [sys.executable, "-c", script, str(model_file())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        if "sleep" in ending:
            assert is_alive(pid)
            parent.send_signal(signal.SIGKILL)
    assert ends(pid)


@pytest.mark.real_llm
def test_a_run_starts_a_model_once_and_again_only_when_it_died() -> None:
    with LocalModels() as models:
        first = models.serve(model_file(), sha256=SHA256)
        assert models.serve(model_file()) is first
        os.kill(first.pid, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while first.is_running and time.monotonic() < deadline:
            time.sleep(0.02)
        second = models.serve(model_file())
        assert second.pid != first.pid
    assert not is_alive(second.pid)


def test_a_run_refuses_a_file_that_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF" + bytes(60))
    with LocalModels() as models, pytest.raises(RunError, match="is not the file"):
        models.serve(path, sha256=SHA256)
