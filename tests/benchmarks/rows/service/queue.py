"""Row: trials through a worker and into the queue, against procrastinate's own jobs."""

import json
import subprocess
import sys
from dataclasses import replace
from typing import Final

from tests.benchmarks.environment import ROOT
from tests.benchmarks.inputs.tasks import Reply
from tests.benchmarks.process import OURS, Readings, worker_environment
from tests.benchmarks.ratios import Line, compare
from tests.benchmarks.rows.row import Plan, RowResult
from tests.servers.postgres import Postgres, postgres

NAME: Final = "queue"
TITLE: Final = "A run through the queue"
ABOUT: Final = (
    "One PostgreSQL with fsync on. *Written*: one worker process plays reference episodes and "
    "writes each durably, in shards, without the time in which it starts; beside it one worker of "
    "procrastinate runs jobs that do nothing. *Enqueued*: a whole run becomes ready to be played; "
    "beside it procrastinate enqueues a job for each trial. Times are for 1,000 trials or jobs."
)
PEER: Final = "procrastinate"
MODULES: Final = {OURS: "ours", PEER: "procrastinate_peer"}
SIZES: Final = {
    ("written", "play"): {OURS: (1_000, 10_000), PEER: (500, 3_000)},
    ("enqueued", "enqueue"): {OURS: (20_000, 1_000_000), PEER: (5_000, 50_000)},
}
"""How many are done, in a quick run and in a whole one; times are scaled to 1,000."""
PER: Final = 1_000
PATIENCE_S: Final = 900


def run(plan: Plan) -> RowResult:
    """Measure in turn, round after round, each time in a database of its own."""
    lines: list[Line] = []
    problems: list[str] = []
    with postgres(is_durable=True) as cluster:
        for (label, what), sizes in SIZES.items():
            readings = {name: Readings(name) for name in MODULES}
            notes: dict[str, str] = {}
            for number in range(plan.limits.n_rounds):
                for name, module in MODULES.items():
                    plan.tick(f"queue, {label}, {name}, round {number + 1}")
                    n_asked = sizes[name][0 if plan.quick else 1]
                    found = _ask(cluster.postgres, module, what, n_asked)
                    if found is None:
                        problems.append(f"{label}: {name} ended with an error")
                        continue
                    seconds, n_done, peak_mb = found
                    reply = Reply(0, seconds * PER / n_done, None, peak_mb)
                    readings[name].rounds.append({0: reply})
                    notes[name] = f"{n_done / seconds:,.0f} a second, of {n_asked:,}"
            made = compare(label, readings, n_asked=1)
            lines += [replace(line, note=notes.get(line.engine, line.note)) for line in made]
    return RowResult(NAME, TITLE, ABOUT, tuple(lines), tuple(problems))


def _ask(server: Postgres, module: str, what: str, n: int) -> tuple[float, int, float] | None:
    with server.database(is_empty=True) as address:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", f"tests.benchmarks.engines.queues.{module}",
             what, address, str(n)],
            cwd=ROOT,
            env=worker_environment(),
            stdout=subprocess.PIPE,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )  # fmt: skip
    if done.returncode != 0:
        return None
    seconds, n_done, peak_mb = json.loads(done.stdout)
    return float(seconds), int(n_done), float(peak_mb)
