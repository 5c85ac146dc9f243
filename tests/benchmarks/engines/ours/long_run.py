"""A long run in a process of its own: play it, or report it; one line of JSON out.

``play FOLDER N`` plays at least N episodes of all reference agents in all curated scenarios and
notes time and peak memory on the way, after each scenario was met once: the first that needs
linear programmes brings scipy with it, which is no growth. ``report FOLDER`` reads the log once,
then makes the report as ``cig run`` does: grades, JSON, Markdown, HTML.
"""

import json
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

from causal_interface_gym.agents.registry import REFERENCE_AGENTS
from causal_interface_gym.runs.grading import grade
from causal_interface_gym.runs.report.document import report_json
from causal_interface_gym.runs.report.markdown import report_markdown
from causal_interface_gym.runs.report.page import report_html
from causal_interface_gym.runs.runner import run
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.scenarios import registry
from causal_interface_gym.storage.folder import create_run, open_run
from tests.benchmarks.worker import peak_megabytes

SHARES: Final = (0.1, 0.3, 1.0)
"""Parts of a run after which its memory is noted."""

Notes = list[list[float]]


def play(folder: Path, n_episodes: int) -> Notes:
    """Play a run; note episodes, seconds and peak megabytes after each share."""
    scenarios = registry.ids()
    n_seeds = -(-n_episodes // (len(REFERENCE_AGENTS) * len(scenarios)))
    spec = RunSpec(REFERENCE_AGENTS, scenarios, tuple(range(n_seeds)))
    _meet(replace(spec, seeds=(0,)))
    notes: Notes = []
    start = time.perf_counter()

    def note(n_finished: int) -> None:
        while len(notes) < len(SHARES) and n_finished >= SHARES[len(notes)] * spec.n_trials:
            notes.append([float(n_finished), time.perf_counter() - start, peak_megabytes()])

    with create_run(folder, spec) as store:
        run(store, on_progress=note)
    return notes


def _meet(spec: RunSpec) -> None:
    """Play a run that is not kept."""
    with tempfile.TemporaryDirectory() as folder, create_run(Path(folder) / "met", spec) as store:
        run(store)


def report(folder: Path) -> Notes:
    """Read the log once, then grade and write; note episodes or bytes, seconds, peak megabytes."""
    with open_run(folder) as store:
        start = time.perf_counter()
        n_episodes = sum(1 for _ in store.records())
        read = time.perf_counter()
        notes = [[float(n_episodes), read - start, peak_megabytes()]]
        grades = grade(store)
        graded = time.perf_counter()
        notes.append([float(n_episodes), graded - read, peak_megabytes()])
        texts = (report_json(grades), report_markdown(grades), report_html(grades))
        written = time.perf_counter()
        notes.append([float(sum(map(len, texts))), written - graded, peak_megabytes()])
    return notes


def main(arguments: list[str]) -> None:
    """Do what the command line says."""
    task, folder, *rest = arguments
    notes = play(Path(folder), int(rest[0])) if task == "play" else report(Path(folder))
    print(json.dumps(notes))


if __name__ == "__main__":
    main(sys.argv[1:])
