"""Write docs/reference/benchmarks.md: the tables, what machine they are from, and the versions."""

import datetime as dt
import os
import platform
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.environment import ROOT
from tests.benchmarks.rows.row import RowResult
from tests.benchmarks.table import markdown

PAGE = ROOT / "docs" / "reference" / "benchmarks.md"

_HEAD = """# Benchmarks

This page is written by `make bench BENCH_ARGS=--write`; [how to run it](../howto/benchmarks.md).

Read the column **engine / ours**: a peer's median time divided by ours on the same questions, in
the same run; above 1 the peer is slower. In brackets stand the smallest and the largest of the
rounds. Each round starts one fresh process an engine, ours and the peers' in turn, and asks every
question once. Milliseconds belong to this machine and this hour; ratios carry over. *median* is
over the questions of a round, *slowest* the slowest question of the median round, *peak MB* the
whole process's highest resident memory. Every answer is compared, not only timed.

How time grows with size (`python -m tests.benchmarks.growth`): identification and adjustment hardly
grow with a random graph; an exact effect grows with the number of nodes and, past a width of eight
or so, with the size of the largest table.

![Milliseconds over 10 to 1000 nodes, and over widths of 2 to 12](../images/growth.svg)
"""


def machine() -> str:
    """Describe the machine without naming it: cores, processor, system, interpreter."""
    model = platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        named = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        model = named[0].split(":", 1)[1].strip() if named else model
    return (
        f"{os.cpu_count()} cores ({model}), {platform.system()}, Python {platform.python_version()}"
    )


def write_page(
    results: Sequence[RowResult],
    *,
    versions: dict[str, str],
    absent: Sequence[str],
    n_rounds: int,
    is_whole: bool = True,
) -> Path:
    """Rewrite the page from the rows of this run; a run of some rows leaves the others alone.

    A row that was measured by itself says when and where.
    """
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    measured = f"Measured on {today}: {machine()}; {n_rounds} rounds."
    if not is_whole:
        return _write_sections({r.title: markdown(r, measured) for r in results})
    held = ", ".join(f"{name} {version}" for name, version in versions.items())
    facts = [measured, f"Versions: {held}."]
    if absent:
        facts.append(f"Absent, since they did not install here: {', '.join(absent)}.")
    body = "\n".join([_HEAD, "\n\n".join(facts), "", "\n".join(markdown(r) for r in results)])
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(body, encoding="utf-8")
    return PAGE


def _write_sections(made: dict[str, str]) -> Path:
    """Put sections in the place of those with their titles, new ones at the end."""
    head, *old = PAGE.read_text(encoding="utf-8").split("\n## ")
    kept = {section.partition("\n")[0]: f"## {section}".rstrip() + "\n" for section in old}
    PAGE.write_text("\n".join([head, *(kept | made).values()]), encoding="utf-8")
    return PAGE
