"""Compare random models with enumeration: ``python -m tests.oracle.run --n 10000 --seed 0``.

Model number i of a seed is always the same, so a failure is run again with ``--seed S --first i
--n 1``. The exit code is 1 if anything was wrong. The last line is the count.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from causal_interface_gym.causal import SCM
from causal_interface_gym.causal.formats.model_json import model_to_json
from tests.oracle.battery import check_model
from tests.oracle.general.constraints import check_constraints
from tests.oracle.general.populations import check_plan, check_transport
from tests.oracle.general.worlds import check_worlds
from tests.oracle.identification import check_graph, check_identification
from tests.oracle.intervals.checks import check_bounds, check_exact
from tests.oracle.models import random_model
from tests.oracle.tally import Tally

__all__ = ["check_one", "main", "run"]

_CHUNK = 50
_GENERAL = (check_worlds, check_transport, check_constraints, check_plan)
"""What is asked beyond effects from observation, in turn."""
_SHOWN = 5
_EACH_BOUND = 20
"""Bounds are checked on one model in so many: their references take a second."""


def check_one(seed: int, number: int) -> Tally:
    """Draw model ``number`` of a seed, its graph and another graph, and ask all three."""
    rng = np.random.default_rng([seed, number])
    tally = Tally()
    model = random_model(rng)
    try:
        check_model(rng, model, tally)
        if len(model.observed) > 1:
            check_identification(rng, model.graph, model, tally)
        check_graph(rng, tally)
        _GENERAL[number % len(_GENERAL)](rng, tally)
        if number % _EACH_BOUND == 0:
            check_bounds(rng, model, tally)
            check_exact(rng, tally)
    except Exception as error:
        tally.fail("crash", type(error).__name__, str(error))
    for failure in tally.failures:
        failure.update(seed=seed, number=number, model=_text(model))
    return tally


def run(n: int, seed: int, *, first: int = 0, jobs: int = 1) -> Iterator[Tally]:
    """Yield the tally of each chunk of models."""
    chunks = [(seed, i, min(_CHUNK, first + n - i)) for i in range(first, first + n, _CHUNK)]
    if jobs == 1:
        yield from map(_check_chunk, chunks)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(_check_chunk, chunks)


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line and give the exit code."""
    parser = argparse.ArgumentParser(description="Compare the engine with enumeration.")
    parser.add_argument("--n", type=int, default=1000, help="how many models")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, help="number of the first model")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--json", action="store_true", help="write one JSON object")
    given = parser.parse_args(arguments)
    total, started = Tally(), time.monotonic()
    columns = (TextColumn("oracle"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), disable=given.json)
    with bar if not given.json else nullcontext():
        task = bar.add_task("oracle", total=given.n)
        for tally in run(given.n, given.seed, first=given.first, jobs=given.jobs):
            total.add(tally)
            bar.advance(task, min(_CHUNK, given.n))
    report = _report(total, given.n, given.seed)
    print(
        json.dumps(report, indent=1) if given.json else _table(report, time.monotonic() - started)
    )
    return 1 if total.is_wrong else 0


def _check_chunk(chunk: tuple[int, int, int]) -> Tally:
    seed, first, count = chunk
    total = Tally()
    for number in range(first, first + count):
        total.add(check_one(seed, number))
    return total


def _text(model: SCM) -> str:
    return "".join(line.strip() for line in model_to_json(model).splitlines())


def _report(total: Tally, n: int, seed: int) -> dict[str, object]:
    counts = {
        name: dict(sorted(getattr(total, name).items()))
        for name in ("passed", "failed", "impossible", "refused", "positivity")
    }
    return {
        "n": n,
        "seed": seed,
        **counts,
        "max_error": max(total.worst.values(), default=0.0),
        "worst": dict(sorted(total.worst.items())),
        "n_passed": total.passed.total(),
        "n_failed": total.failed.total(),
        "failures": total.failures[:_SHOWN],
    }


def _table(report: dict[str, object], seconds: float) -> str:
    columns = ("passed", "failed", "impossible", "refused", "positivity")
    counts = {name: Counter(report[name]) for name in columns}  # type: ignore[call-overload]
    worst = Counter(report["worst"])  # type: ignore[call-overload]
    lines = [f"{'question':<22}" + "".join(f"{name:>12}" for name in columns) + "   max error"]
    for kind in sorted(set().union(*counts.values())):
        numbers = "".join(f"{counts[name][kind]:>12}" for name in columns)
        lines.append(f"{kind:<22}{numbers}{worst[kind]:>12.1e}")
    failures = report["failures"]
    assert isinstance(failures, list)
    lines += [json.dumps(failure) for failure in failures]
    rate = f"{seconds:.0f} s, {1000 * seconds / max(1, int(str(report['n']))):.1f} ms a model"
    lines.append(f"{report['n']} models of seed {report['seed']} in {rate}")
    lines.append(f"{report['n_passed']} passed, {report['n_failed']} failed")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
