"""Row: import time and resident memory, ours against numpy alone and against the peers."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from statistics import median

from tests.benchmarks.environment import ROOT
from tests.benchmarks.inputs.tasks import Reply
from tests.benchmarks.process import OURS, Readings, worker_environment
from tests.benchmarks.ratios import Line, compare
from tests.benchmarks.rows.row import Plan, RowResult

NAME = "imports"
_PROBE = """
import time
start = time.perf_counter()
{statement}
seconds = time.perf_counter() - start
import json
fields = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(json.dumps([seconds, int(fields["VmHWM"].split()[0]) / 1024]))
"""
OUR_MODULE = "causal_interface_gym.causal"
EVERY_NAME = "ours, every public name"
PEERS = {
    "networkx": "networkx",
    "bayesian-cpp": "bayesian",
    "causal-hub": "causal_hub",
    "causaleffect": "causaleffect",
    "pyAgrum": "pyagrum",
    "antecedent": "antecedent",
    "y0": "y0.algorithm.identify",
    "pgmpy": "pgmpy.inference",
}
BUDGET = 1.5
"""Ours may cost at most this many times numpy's own import."""


def run(plan: Plan, *, python: Path) -> RowResult:
    """Import each library in fresh interpreters, ours before every peer, round after round."""
    sides = {
        OURS: (python, f"import {OUR_MODULE}"),
        EVERY_NAME: (python, f"from {OUR_MODULE} import *"),
        "numpy": (python, "import numpy"),
    }
    sides |= {
        name: (plan.peers.python, f"import {module}")
        for name, module in PEERS.items()
        if name in plan.peers.versions
    }
    readings = {name: Readings(name) for name in sides}
    for round_number in range(2 * plan.limits.n_rounds + 1):
        for name, (interpreter, statement) in sides.items():
            plan.tick(f"{statement}, round {round_number}")
            # The first round only warms the disk and the bytecode.
            if reply := _probe(interpreter, statement):
                readings[name].rounds += [{0: reply}] if round_number else []
            else:
                readings[name].trouble = "does not import"
    lines = [_with_numpy(line, readings) for line in compare("import", readings, n_asked=1)]
    return RowResult(NAME, TITLE, ABOUT, tuple(lines))


def _probe(interpreter: Path, statement: str) -> Reply | None:
    code = _PROBE.format(statement=statement)
    done = subprocess.run(
        [str(interpreter), "-W", "ignore", "-c", code],
        cwd=ROOT,
        env=worker_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        return None
    seconds, peak_mb = json.loads(done.stdout.splitlines()[-1])
    return Reply(0, seconds, None, peak_mb)


def _with_numpy(line: Line, readings: dict[str, Readings]) -> Line:
    """Say how many times numpy's own import ours takes; the median of the rounds' ratios."""
    if line.engine not in {OURS, EVERY_NAME}:
        return line
    pairs = zip(readings[line.engine].rounds, readings["numpy"].rounds, strict=False)
    ratios = [mine[0].seconds / alone[0].seconds for mine, alone in pairs]
    if not ratios:
        return line
    return replace(line, note=f"{median(ratios):.2f} x numpy alone (aim: at most {BUDGET})")


TITLE = "Import, in a fresh interpreter"
ABOUT = (
    "Bytecode is compiled and the disk is warm. Memory is the interpreter's own plus the import. "
    "numpy is imported in the engine's environment, the peers in theirs. Some algorithms load when "
    "first named, so a line of its own imports every public name at once."
)
