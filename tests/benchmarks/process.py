"""Run workers and collect their replies, ours and the peers' turn by turn.

A round is one process of ours, then one of each peer, on the same questions; then the next round.
A drift of the machine thus falls on both sides of every ratio.
"""

import os
import queue
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.benchmarks.environment import ROOT, Peers
from tests.benchmarks.inputs.tasks import Reply, Task, reply_from_json, task_to_json

OURS = "ours"


@dataclass(frozen=True, slots=True)
class Engine:
    """One side of a comparison: the module that drives it and the package that must be there."""

    name: str
    module: str
    package: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """One line of a table: a task and the engines it is put to, ours first."""

    label: str
    task: Task
    engines: tuple[Engine, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """How often, and how long: seconds to get ready, seconds for one answer."""

    n_rounds: int = 5
    setup_s: float = 120.0
    answer_s: float = 15.0


@dataclass(slots=True)
class Readings:
    """All replies of one engine to one group, round by round, and why some are missing."""

    engine: str
    rounds: list[dict[int, Reply]] = field(default_factory=list)
    trouble: str = ""


def interleave(
    group: Group, peers: Peers, *, limits: Limits, tick: Callable[[str], None]
) -> dict[str, Readings]:
    """Put the group's task to every engine in turn, round after round."""
    readings = {engine.name: Readings(engine.name) for engine in group.engines}
    for round_number in range(limits.n_rounds):
        for engine in group.engines:
            tick(f"{group.label}: {engine.name}, round {round_number + 1}")
            own = readings[engine.name]
            if engine.package and engine.package not in peers.versions:
                own.trouble = "absent"
            elif not (own.trouble and not any(own.rounds)):
                _one_round(engine, group.task, peers, limits, own)
    return readings


def _one_round(engine: Engine, task: Task, peers: Peers, limits: Limits, own: Readings) -> None:
    """Ask what has been answered so far (all, in the first round); a hang costs one question."""
    left = list(range(len(task.questions)))
    if own.rounds:
        left = [i for i in left if i < task.n_warm or i in own.rounds[0]]
    replies: dict[int, Reply] = {}
    n_hangs = 0
    while len(left) > task.n_warm and n_hangs < 2:
        asked = replace(task, questions=tuple(task.questions[i] for i in left))
        python = peers.python if engine.package else Path(sys.executable)
        outcome = run_worker(python, engine.module, asked, limits=limits, seed=len(own.rounds))
        replies |= {left[r.index]: replace(r, index=left[r.index]) for r in outcome.replies}
        if not outcome.trouble:
            break
        own.trouble = outcome.trouble
        n_hangs += 1
        # Leave out the question that hung; the warm-up questions stay in front.
        left = left[: task.n_warm] + left[task.n_warm + len(outcome.replies) + 1 :]
    own.rounds.append(replies)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The replies of one process, and what stopped it, if anything did."""

    replies: tuple[Reply, ...]
    trouble: str = ""


def worker_environment(**extra: str) -> dict[str, str]:
    """Give a worker's environment; bytecode is kept, or every import would pay the compiler."""
    inherited = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return inherited | {"MPLBACKEND": "Agg"} | extra


def run_worker(python: Path, module: str, task: Task, *, limits: Limits, seed: int) -> Outcome:
    """Run one worker; end it when an answer takes longer than the limits allow."""
    command = [str(python), "-W", "ignore", "-m", "tests.benchmarks.worker", module]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=worker_environment(PYTHONHASHSEED=str(seed)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        errors = _drain(process.stderr)
        lines = _drain(process.stdout)
        if process.stdin is not None:
            process.stdin.write(task_to_json(task) + "\n")
            process.stdin.close()
        outcome = _collect(process, lines, limits)
        if outcome.trouble:
            return outcome
        if process.wait() != 0:
            said = [line for line in iter(errors.get, None) if line.strip()]
            return replace(outcome, trouble=brief(said[-1] if said else "no word"))
    return outcome


def brief(said: str) -> str:
    """Cut a last word down to the page: no path of this machine, one short line."""
    text = re.sub(r"\(?/\S+\)?", "", said).strip()
    return f"failed: {text[:120]}"


def _drain(stream: object) -> "queue.Queue[str | None]":
    lines: queue.Queue[str | None] = queue.Queue()

    def pump() -> None:
        for line in stream:  # type: ignore[attr-defined]  # a text stream of the process
            lines.put(line)
        lines.put(None)

    threading.Thread(target=pump, daemon=True).start()
    return lines


def _collect(
    process: "subprocess.Popen[str]", lines: "queue.Queue[str | None]", limits: Limits
) -> Outcome:
    replies: list[Reply] = []
    patience = limits.setup_s
    while True:
        try:
            line = lines.get(timeout=patience)
        except queue.Empty:
            process.kill()
            return Outcome(tuple(replies), f"no answer in {patience:.0f} s")
        if line is None:
            return Outcome(tuple(replies))
        replies.append(reply_from_json(line))
        patience = limits.answer_s
