"""Row: memory while a long run is played, and its report against passes over its log."""

import json
import subprocess
import sys
import tempfile
from dataclasses import replace

from tests.benchmarks.environment import ROOT
from tests.benchmarks.inputs.tasks import Reply
from tests.benchmarks.process import OURS, Readings, worker_environment
from tests.benchmarks.ratios import Line, compare
from tests.benchmarks.rows.row import Plan, RowResult

NAME = "report"
TITLE = "Memory of a long run, and the time of its report"
ABOUT = (
    "All reference agents in all curated scenarios under as many seeds as are needed, stored in a "
    "SQLite file; memory is noted after each scenario was met once. *ours* of the report is "
    "grading and the writing of JSON, Markdown and HTML, each in a fresh process; beside it stand "
    "two passes over the log. A pass reads every record of the store in order, checks the text of "
    "its log against the hash stored with it, makes its events, and does nothing with them. Below "
    "1 the report takes longer than two passes. Grading audits and compares a fixed number of "
    "worlds, so its cost has a part that does not grow."
)
TWO_PASSES = "two passes over the log"
N_QUICK = 1_000
MOST_ROUNDS = 3
PATIENCE_S = 3_600

Notes = list[list[float]]


def run(plan: Plan) -> RowResult:
    """Play one run, then report it round after round."""
    n_asked = N_QUICK if plan.quick else plan.n_episodes
    with tempfile.TemporaryDirectory() as folder:
        plan.tick(f"playing {n_asked} episodes")
        played = _ask("play", folder, str(n_asked))
        if not played:
            return RowResult(NAME, TITLE, ABOUT, problems=("the long run ended with an error",))
        rounds = []
        for number in range(min(plan.limits.n_rounds, MOST_ROUNDS)):
            plan.tick(f"reporting, round {number + 1}")
            rounds.append(_ask("report", folder))
    problems = () if all(rounds) else ("the report ended with an error",)
    lines = (*_memory(played), *_times(f"report of {played[-1][0]:.0f}", [r for r in rounds if r]))
    return RowResult(NAME, TITLE, ABOUT, lines, problems)


def _ask(*arguments: str) -> Notes:
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "tests.benchmarks.engines.ours.long_run",
            *arguments,
        ],
        cwd=ROOT,
        env=worker_environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    found: Notes = json.loads(done.stdout) if done.returncode == 0 else []
    return found


def _memory(played: Notes) -> list[Line]:
    first_mb = played[0][2]
    made = []
    for n_finished, seconds, peak_mb in played:
        own = Readings(OURS, [{0: Reply(0, seconds, None, peak_mb)}])
        (line,) = compare(f"played {n_finished:.0f}", {OURS: own}, n_asked=1)
        note = f"{n_finished / seconds:.0f} episodes/s; {peak_mb - first_mb:+.1f} MB"
        made.append(replace(line, note=note))
    return made


def _times(label: str, rounds: list[Notes]) -> list[Line]:
    ours, passes = Readings(OURS), Readings(TWO_PASSES)
    for (_, reading_s, reading_mb), (_, grading_s, _), (_, writing_s, peak_mb) in rounds:
        ours.rounds.append({0: Reply(0, grading_s + writing_s, None, peak_mb)})
        passes.rounds.append({0: Reply(0, 2 * reading_s, None, reading_mb)})
    lines = compare(label, {OURS: ours, TWO_PASSES: passes}, n_asked=1)
    if not rounds:
        return lines
    (_, (_, grading_s, _), (n_bytes, writing_s, _)) = rounds[-1]
    note = f"grading {grading_s:.1f} s, writing {writing_s:.1f} s ({n_bytes / 1e6:.1f} MB)"
    return [replace(line, note=note) if line.engine == OURS else line for line in lines]
