"""The benchmark: our engine and its peers on the same questions, figures as ratios of one run.

The exit code is 1 when an answer is wrong or differs beyond its tolerance: a fast wrong number
is no number.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from tests.benchmarks import page, table
from tests.benchmarks.environment import BENCH, Peers, installed, pinned, prepare_peers
from tests.benchmarks.inputs.networks import extract_networks
from tests.benchmarks.process import OURS, Limits, interleave
from tests.benchmarks.ratios import compare
from tests.benchmarks.rows import (
    adjustment,
    counterfactual,
    effect,
    identification,
    imports,
    large_graph,
    posteriors,
    sampling,
)
from tests.benchmarks.rows.gym import calls, episodes, report, worlds
from tests.benchmarks.rows.row import Plan, Row, RowResult
from tests.benchmarks.rows.service import queue, replies

ROWS: dict[str, Row] = {
    row.name: row
    for row in (
        effect.ROW,
        effect.ROW_AGAIN,
        posteriors.ROW,
        identification.ROW,
        adjustment.ROW,
        counterfactual.ROW,
        large_graph.ROW,
        sampling.ROW,
        worlds.ROW,
        episodes.ROW,
    )
}
ALONE = {calls.NAME, queue.NAME, replies.NAME}
NAMES = (*ROWS, report.NAME, calls.NAME, queue.NAME, replies.NAME, imports.NAME)


def main() -> int:
    """Run the chosen rows, show them, and report what was wrong."""
    options = _options().parse_args()
    # These rows need none of the peers that share an environment.
    needs_peers = not set(options.only or NAMES) <= ALONE
    peers = prepare_peers(install=needs_peers and not options.no_install)
    limits = Limits(n_rounds=2, answer_s=5.0) if options.quick else Limits(n_rounds=options.rounds)
    plan = Plan(
        peers=peers,
        networks=extract_networks(peers.site_packages, BENCH / "networks"),
        limits=limits,
        tick=_tick,
        quick=options.quick,
        n_episodes=options.episodes,
        install=not options.no_install,
    )
    results = [_run_row(name, plan) for name in options.only or NAMES]
    _tick("")
    _deliver(results, options, peers, limits)
    problems = [problem for result in results for problem in result.problems]
    for problem in problems:
        print(f"WRONG: {problem}", file=sys.stderr)
    return 1 if problems else 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=NAMES, help="run this row (repeatable)")
    parser.add_argument("--quick", action="store_true", help="two rounds, the small cases")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of all engines in turn")
    parser.add_argument("--episodes", type=int, default=10_000, help="length of the long run")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--write", action="store_true", help="rewrite docs/reference/benchmarks.md")
    parser.add_argument("--no-install", action="store_true", help="use the peers that are there")
    return parser


def _tick(text: str) -> None:
    """Keep one line of progress, on a terminal only."""
    if sys.stderr.isatty():
        width = os.get_terminal_size(sys.stderr.fileno()).columns - 1
        print(f"\r{text[:width]:<{width}}\r", end="", file=sys.stderr, flush=True)


def _run_row(name: str, plan: Plan) -> RowResult:
    if name == imports.NAME:
        return imports.run(plan, python=Path(sys.executable))
    own = {
        report.NAME: report.run,
        calls.NAME: calls.run,
        queue.NAME: queue.run,
        replies.NAME: replies.run,
    }
    if name in own:
        return own[name](plan)
    row = ROWS[name]
    result = RowResult(row.name, row.title, row.about)
    groups = row.groups(plan)
    if not groups:
        return replace(result, skipped="its networks come with pgmpy, which is absent")
    for group in groups:
        readings = interleave(group, plan.peers, limits=plan.limits, tick=plan.tick)
        checked = row.check(group, readings)
        n_asked = len(group.task.questions) - group.task.n_warm
        lines = [
            replace(
                line, note="; ".join(filter(None, (checked.remarks.get(line.engine), line.note)))
            )
            for line in compare(group.label, readings, n_asked=n_asked)
        ]
        missing = [] if any(readings[OURS].rounds) else [f"{group.label}: {readings[OURS].trouble}"]
        result = replace(
            result,
            lines=(*result.lines, *lines),
            problems=(*result.problems, *checked.problems, *missing),
        )
    return result


def _deliver(
    results: Sequence[RowResult], options: argparse.Namespace, peers: Peers, limits: Limits
) -> None:
    absent = [name for name in pinned() if name not in peers.versions]
    if options.json:
        facts = {"machine": page.machine(), "versions": peers.versions, "absent": absent}
        print(json.dumps(facts | {"rows": [asdict(result) for result in results]}, indent=2))
    else:
        table.show(results)
    if options.write:
        ours = installed(Path(sys.executable))
        versions = {
            "causal-interface-gym": ours.get("causal-interface-gym", "source tree"),
            "numpy": ours["numpy"],
        } | {name: v for name, v in peers.versions.items() if name != "numpy"}
        page.write_page(
            results,
            versions=versions,
            absent=absent,
            n_rounds=limits.n_rounds,
            is_whole=not options.only,
        )


if __name__ == "__main__":
    raise SystemExit(main())
