"""Row: calls of a language model through all our policies, against clients without any."""

import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any, Final

from tests.benchmarks.environment import BENCH, ROOT, Peers, installed, prepare
from tests.benchmarks.inputs.provider import least_provider
from tests.benchmarks.inputs.tasks import Reply
from tests.benchmarks.process import OURS, Readings, brief, worker_environment
from tests.benchmarks.ratios import Line, compare
from tests.benchmarks.rows.row import Plan, RowResult

NAME: Final = "calls"
TITLE: Final = "Calls of a language model"
ABOUT: Final = (
    "A server on loopback answers each call after 50 ms, 64 calls at a time; all ask for the same "
    "JSON schema in OpenAI's wire format. Ours goes through every policy (transcript in a SQLite "
    "file, budget, retry, circuit breaker, limiter, a line of the log for each attempt) and then "
    "through pydantic-ai; the others have no policy at all. litellm runs in an environment of its "
    "own. Below 1 the engine is faster than ours. *Without latency* the model answers at once, so "
    "all that is left is our own work; its memory must not grow with the number of calls."
)
LATENCY_S: Final = 0.05
PATIENCE_S: Final = 1_800
AIM_MS: Final = 0.5
AIM_SHARE: Final = 0.7
DIRECT: Final = "pydantic-ai direct"
LITELLM: Final = "litellm"
ABSENT: Final = "absent"
PACKAGES: Final = ("openai", "pydantic-ai-slim", "litellm")
ENGINES: Final = {OURS: "ours", DIRECT: "pydantic_ai_peer", "openai": "openai_peer"}
N_CALLS: Final = {True: 400, False: 1_200}
N_AT_ONCE_CALLS: Final = {True: 10_000, False: 100_000}

Notes = list[list[float]]


def run(plan: Plan) -> RowResult:
    """Ask in turn, round after round; then count our own work and memory."""
    own = prepare("litellm.txt", BENCH / "litellm", install=plan.install)
    lines = (*_with_latency(plan, own), *_without_latency(plan))
    problems = tuple(
        f"{line.group}: {line.engine} gave no answer"
        for line in lines
        if not line.n_answered and line.engine != LITELLM
    )
    versions = installed(Path(sys.executable)) | own.versions
    held = ", ".join(f"{name} {versions[name]}" for name in PACKAGES if name in versions)
    return RowResult(NAME, TITLE, f"{ABOUT} Versions: {held}.", lines, problems)


def _with_latency(plan: Plan, own: Peers) -> list[Line]:
    sides = {name: (Path(sys.executable), module) for name, module in ENGINES.items()}
    sides[LITELLM] = (own.python, "litellm_peer")
    readings = {name: Readings(name) for name in sides}
    if LITELLM not in own.versions:
        readings[LITELLM].trouble = ABSENT
    n_calls = N_CALLS[plan.quick]
    figures: dict[str, Notes] = {name: [] for name in sides}
    with least_provider(LATENCY_S) as url:
        for number in range(plan.limits.n_rounds):
            for name, (python, module) in sides.items():
                if readings[name].trouble == ABSENT:
                    continue
                plan.tick(f"{name}, round {number + 1}")
                found, readings[name].trouble = _ask(python, module, url, n_calls)
                if not found:
                    continue
                seconds, _, _, peak_mb = found
                readings[name].rounds.append({0: Reply(0, seconds / n_calls, None, peak_mb)})
                figures[name].append(found)
    label = f"{n_calls} calls, 64 at once, 50 ms"
    return [remarked(line, figures, n_calls) for line in compare(label, readings, n_asked=1)]


def remarked(line: Line, figures: dict[str, Notes], n_calls: int) -> Line:
    """Write an engine's rate, its own work, and what of the library's rate is left to ours."""
    own = figures[line.engine]
    if not own:
        return line
    cpu_ms = median(1e3 * spent / n_calls for _, spent, _, _ in own)
    rate = median(n_calls / seconds for seconds, _, _, _ in own)
    late_ms = median(1e3 * late for _, _, late, _ in own)
    note = f"{rate:.0f} calls/s, {cpu_ms:.2f} ms CPU a call, 99 % within {late_ms:.0f} ms"
    if line.engine == OURS and figures[DIRECT]:
        pairs = zip(figures[DIRECT], own, strict=False)
        share = median(theirs[0] / ours[0] for theirs, ours in pairs)
        note += f"; {share:.0%} of {DIRECT}'s rate (aim: at least {AIM_SHARE:.0%})"
    return replace(line, note=note)


def _without_latency(plan: Plan) -> list[Line]:
    n_calls = N_AT_ONCE_CALLS[plan.quick]
    plan.tick(f"{n_calls} calls without latency")
    notes: Notes = _ask(Path(sys.executable), "ours", "none", n_calls)[0]
    made = []
    for upto, cpu_s, peak_mb in notes:
        own = Readings(OURS, [{0: Reply(0, cpu_s, None, peak_mb)}])
        (line,) = compare(f"{upto:.0f} calls without latency", {OURS: own}, n_asked=1)
        grown = f"{peak_mb - notes[0][2]:+.1f} MB"
        made.append(replace(line, note=f"CPU a call (aim: at most {AIM_MS} ms); {grown}"))
    return made


def _ask(python: Path, module: str, url: str, n_calls: int) -> tuple[Any, str]:  # Any: JSON
    """Run an engine once; give its figures, or none and its last words."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [
                str(python),
                "-W",
                "ignore",
                "-m",
                f"tests.benchmarks.engines.calls.{module}",
                url,
                str(n_calls),
                folder,
            ],
            cwd=ROOT,
            env=_environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
    if done.returncode == 0:
        return json.loads(done.stdout.splitlines()[-1]), ""
    said = [line for line in done.stderr.splitlines() if line.strip()]
    return [], brief(said[-1] if said else "no word")


def _environment() -> dict[str, str]:
    """Give no engine a key; litellm would fetch its table of prices when it is imported."""
    inherited = worker_environment(LITELLM_LOCAL_MODEL_COST_MAP="True")
    return {name: value for name, value in inherited.items() if "_KEY" not in name}
