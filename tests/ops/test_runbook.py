"""Every block of the runbook, in order, and for each what must make it fail.

A block stands behind ``<!-- block: NAME; unless: CAUSE -->``: it ends with exit code 0 on a stack
that is well, and with another one while the cause holds: a service that is stopped, an engine that
is away, or a file that is missing.
"""

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from causal_interface_gym.service.watching.health import FRESH_S
from tests.ops.engine.stack import ROOT, Engine, Stack, is_running, stacked

pytestmark = [pytest.mark.ops, pytest.mark.timeout(600)]

GIT = shutil.which("git") or "git"
RUNBOOK = ROOT / "docs" / "runbook.md"
BLOCK = re.compile(
    r"<!-- block: (?P<name>[\w-]+); unless: (?P<cause>[\w. -]+) -->\n```bash\n(?P<text>.*?)```",
    re.DOTALL,
)
FENCE = re.compile(r"^```(?:bash|sql|python)$", re.MULTILINE)


class Block(NamedTuple):
    """A block of the runbook."""

    name: str
    cause: str
    text: str


BLOCKS = [Block(*found) for found in BLOCK.findall(RUNBOOK.read_text("utf-8"))]


class Shell(NamedTuple):
    """Where an operator types: a folder with the programs, and the stack that they reach."""

    folder: Path
    stack: Stack
    engine: int

    def run(self, text: str) -> "subprocess.CompletedProcess[str]":
        """Run a block as it is written, but for the two ports that are published."""
        led = text.replace("localhost:8501", f"127.0.0.1:{self.stack.gateway_port}").replace(
            "localhost:8090", f"127.0.0.1:{self.stack.metrics_port}"
        )
        path = os.pathsep.join([str(self.folder / "bin"), os.environ["PATH"]])
        return subprocess.run(
            ["/bin/bash", "-euo", "pipefail", "-c", led],
            cwd=self.folder,
            env={"PATH": path, "HOME": str(self.folder), "CIG_TEST_ENGINE": str(self.engine)},
            capture_output=True,
            text=True,
            check=False,
            timeout=200,
        )


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    for program in ("nginx", "redis-cli", "curl", "prometheus-alertmanager"):
        found = shutil.which(program, path=f"/usr/sbin:{os.environ['PATH']}")
        if found is None and not os.environ.get("CI"):
            pytest.skip(f"{program} is not installed")
        assert found is not None, program
    folder = tmp_path_factory.mktemp("operator")
    (folder / "bin").mkdir()
    for name in ("docker", "docker-compose"):
        script = folder / "bin" / name
        client = ROOT / "tests" / "ops" / "engine" / "client.py"
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{client}" {name} "$@"\n')
        script.chmod(0o755)
    for name in (".env", ".env.backup"):
        shutil.copy(ROOT / ".env.example", folder / name)
    who = ["-c", "user.name=a", "-c", "user.email=a@b"]
    for command in (["init", "-q", "-b", "main"], ["add", ".env.backup"],
                    [*who, "commit", "-qm", "begin"]):  # fmt: skip
        subprocess.run([GIT, *command], cwd=folder, check=True)
    with stacked(folder) as stack, Engine(stack) as engine:
        threading.Thread(target=engine.serve_forever, daemon=True).start()
        yield Shell(folder, stack, int(engine.server_address[1]))
        engine.shutdown()


def test_every_fenced_command_is_a_block_with_a_cause() -> None:
    text = RUNBOOK.read_text("utf-8")
    assert len(BLOCKS) == len(FENCE.findall(text)) >= 25
    assert len({block.name for block in BLOCKS}) == len(BLOCKS)


@pytest.mark.parametrize("block", BLOCKS, ids=[block.name for block in BLOCKS])
def test_a_block_works_and_fails_where_it_must(block: Block, shell: Shell) -> None:
    result = shell.run(block.text)
    assert result.returncode == 0, f"{block.text}\n{result.stdout[-2000:]}\n{result.stderr[-2000:]}"
    for service in shell.stack.servers:  # whatever the block did, all is up for the next
        shell.stack.start(service)
    bad = _while(block.cause, shell, block.text)
    assert bad.returncode != 0, f"{block.text}\nworked although: {block.cause}\n{bad.stdout[-500:]}"


def _while(cause: str, shell: Shell, text: str) -> "subprocess.CompletedProcess[str]":
    """Run a block while something holds that must make it fail, and mend it afterwards."""
    kind, _, name = cause.partition(" ")
    match kind:
        case "stopped":
            shell.stack.stop(name)
            assert not any(map(is_running, shell.stack.servers[name]))
            time.sleep(FRESH_S + 0.1)  # what was found before counts no more
            try:
                return shell.run(text)
            finally:
                for service in shell.stack.servers:
                    shell.stack.start(service)
        case "missing":
            place = shell.folder / name
            aside = shell.folder / "aside"
            place.rename(aside)
            try:
                return shell.run(text)
            finally:
                aside.rename(place)
        case "no-engine":
            shell.stack.is_answering = False
            try:
                return shell.run(text)
            finally:
                shell.stack.is_answering = True
        case _:
            raise AssertionError(cause)
