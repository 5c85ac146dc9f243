"""A run as the runbook profiles it: the reference agents on the classics, with time and memory.

python examples/performance_test.py [--seeds N]
python -m memory_profiler --pdb-mmem=100 examples/performance_test.py
"""

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

from causal_interface_gym.agents.registry import REFERENCE_AGENTS
from causal_interface_gym.runs.grading import grade
from causal_interface_gym.runs.runner import run
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.scenarios import registry
from causal_interface_gym.storage.folder import create_run


def main() -> None:
    """Play, grade, and say what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10, help="seeds of each scenario")
    n_seeds = parser.parse_args().seeds
    spec = RunSpec(REFERENCE_AGENTS, registry.ids(), tuple(range(n_seeds)))
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, create_run(Path(folder) / "run", spec) as store:
        run(store)
        played = time.perf_counter()
        grade(store)
    graded = time.perf_counter()
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    took_s, rate = played - began, spec.n_trials / (played - began)
    sys.stdout.write(
        f"played {spec.n_trials} episodes in {took_s:.1f} s ({rate:.0f}/s), "
        f"graded in {graded - played:.1f} s, peak memory {peak_mb:.0f} MB\n"
    )


if __name__ == "__main__":
    main()
