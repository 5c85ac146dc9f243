"""Answer one task with one engine, in a process of its own: JSON lines out, one a question.

Unless the task says otherwise every question is asked once, so no answer comes from a memory of the
same question; the first ones warm the interpreter and are not reported.
"""

import contextlib
import importlib
import resource
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from tests.benchmarks.inputs.tasks import (
    Question,
    Reply,
    Task,
    Timed,
    reply_to_json,
    task_from_json,
)


def peak_megabytes() -> float:
    """Return the highest resident memory of this process.

    The kernel's VmHWM starts anew at exec; `ru_maxrss` may carry the parent's peak over.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Read a task from standard input, answer it with the engine named on the command line."""
    out, task = sys.stdout, task_from_json(sys.stdin.readline())
    warnings.simplefilter("ignore")
    # Some libraries print; only replies may reach standard output.
    with contextlib.redirect_stdout(sys.stderr):
        engine = importlib.import_module(f"tests.benchmarks.engines.{sys.argv[1]}")
        prepare: Callable[[Question], Timed] = engine.ROWS[task.row](task)
        _answer(task, prepare, out)


def _answer(task: Task, prepare: Callable[[Question], Timed], out: TextIO) -> None:
    for index, question in enumerate(task.questions):
        reply = _ask(index, prepare(question), n_before=task.n_before)
        if index >= task.n_warm:
            out.write(reply_to_json(reply) + "\n")
            out.flush()


def _ask(index: int, timed: Timed, *, n_before: int) -> Reply:
    """Ask one question; nothing of its result outlives this call, so memory is one answer's."""
    for _ in range(n_before):
        timed.call()
    start = time.perf_counter()
    raw = timed.call()
    seconds = time.perf_counter() - start
    return Reply(index, seconds, timed.read(raw), peak_megabytes())


if __name__ == "__main__":
    main()
