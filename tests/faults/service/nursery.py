"""Starts workers quickly: everything is loaded once, and each worker is a fork.

Run as a program: a line on standard input is the JSON of how a worker works; its process number is
the answer. A worker's clock can be wrong by ``clock_s`` seconds.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from procrastinate import utils

from causal_interface_gym.runs.grading import grade
from causal_interface_gym.runs.runner import Limits, run
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.runs.store import MemoryStore
from causal_interface_gym.storage.database import database_at
from causal_interface_gym.worker.log import json_log
from causal_interface_gym.worker.process import Working, work

ROOT = Path(__file__).resolve().parents[3]
_SET_DEATH_SIGNAL = 1


class Nursery:
    """Workers of a test."""

    def __init__(self, process: "subprocess.Popen[str]", address: str, log: Path) -> None:
        """Start none yet."""
        self._process = process
        self._address = address
        self.log = log
        self.workers: list[int] = []

    def start(self, **working: float) -> int:
        """Start a worker and give its process number."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {"address": self._address, "log": str(self.log), **working}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        self.workers.append(int(self._process.stdout.readline()))
        return self.workers[-1]

    def kill(self, worker: int) -> None:
        """Kill a worker as the system would that is out of memory."""
        os.kill(worker, signal.SIGKILL)
        self.workers.remove(worker)

    def said(self, event: str) -> list[dict[str, Any]]:  # Any: JSON
        """Give the lines of the logs of all workers that tell of an event."""
        if not self.log.exists():
            return []
        lines = [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]
        return [line for line in lines if line["event"] == event]


@contextmanager
def forking() -> Iterator["subprocess.Popen[str]"]:
    """Start the program whose forks are workers; they end with it."""
    path = os.pathsep.join([*sys.path, str(ROOT)])
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.service.nursery"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def nursery(process: "subprocess.Popen[str]", address: str, folder: Path) -> Iterator[Nursery]:
    """Lend a nursery for the workers of a database, and kill those that are left."""
    made = Nursery(process, address, folder / "workers.log")
    try:
        yield made
    finally:
        for worker in made.workers:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)


def until(is_true: Callable[[], object], *, longest_s: float = 60.0) -> None:
    """Wait for something that has to become true."""
    give_up = time.monotonic() + longest_s
    while not is_true():
        assert time.monotonic() < give_up, "it did not come true"
        time.sleep(0.05)


def _wrong_by(seconds: float) -> None:
    """Let this process's clock be wrong, for whoever asks it through Python."""
    right, right_utc = time.time, utils.utcnow
    time.time = lambda: right() + seconds
    from datetime import timedelta  # noqa: PLC0415 - only here

    utils.utcnow = lambda: right_utc() + timedelta(seconds=seconds)


def _work(asked: dict[str, Any]) -> None:  # Any: JSON
    ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _wrong_by(asked.pop("clock_s", 0.0))
    limits = Limits(batch=int(asked.pop("batch", 4)), concurrency=8, pause_s=0.1)
    engine = database_at(asked.pop("address"))
    with Path(asked.pop("log")).open("a", encoding="utf-8", buffering=1) as log:
        times = {"poll_s": 0.2, "heartbeat_s": 0.5, "stalled_s": 3.0, "sweep_s": 6.0, **asked}
        times["n_shards"] = int(times.get("n_shards", 1))
        work(engine, Working(limits=limits, **times), json_log(log))


def main() -> None:
    """Fork a worker for each line."""
    # What a worker would otherwise load when it needs it.
    store = MemoryStore(RunSpec(("reference:random",), ("smoking-tar-v1",), (0, 1)))
    run(store)
    grade(store)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                _work(json.loads(line))
                os._exit(0)
            except BaseException as error:
                sys.stderr.write(f"{error!r}\n")
                os._exit(1)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
