"""``cig run``: agents x scenarios x seeds, resumable, then the report."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from causal_interface_gym.agents.registry import REFERENCE_AGENTS
from causal_interface_gym.cli.database import DatabaseOption, Place, place
from causal_interface_gym.cli.output import JsonOption, say
from causal_interface_gym.errors import RunError
from causal_interface_gym.runs.grading import Grades, grade
from causal_interface_gym.runs.report.document import report_json
from causal_interface_gym.runs.report.markdown import report_markdown
from causal_interface_gym.runs.report.page import report_html
from causal_interface_gym.runs.report.terminal import print_report
from causal_interface_gym.runs.runner import check_same, run
from causal_interface_gym.runs.spec import RunSpec, parse_seeds
from causal_interface_gym.runs.store import HEADLINE, ScoreRow, Store
from causal_interface_gym.scenarios import registry
from causal_interface_gym.scoring.causal_score import VERSION
from causal_interface_gym.storage.run_store import SqlStore

__all__ = ["run_command"]

_STOPPED: Final = 130
"""The exit code of a command that was interrupted from the keyboard."""

Agents = Annotated[
    list[str] | None,
    typer.Option("--agent", help="An agent's id; give it again for more. Default: all reference."),
]
Scenarios = Annotated[
    str | None, typer.Option(help="Scenario ids and sets, separated by commas. Default: classic.")
]
Seeds = Annotated[str | None, typer.Option(help="Seeds such as 0-19 or 0,3,5-7. Default: 0-9.")]
Interface = Annotated[
    str | None, typer.Option(help="What a participant may see and do. Default: graph.")
]
Out = Annotated[Path, typer.Option(help="The folder of the run.")]
Resume = Annotated[
    Path | None, typer.Option(help="Continue the run in this folder instead of starting one.")
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace a run that is there.")]


def run_command(  # noqa: PLR0913, PLR0917 - one for each option of the command
    agent: Agents = None,
    scenarios: Scenarios = None,
    seeds: Seeds = None,
    interface: Interface = None,
    out: Out = Path("runs/latest"),
    resume: Resume = None,
    overwrite: Overwrite = False,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Play every trial, grade it, write the reports and show the leaderboard.

    A run can be stopped at any time and continued with --resume; finished trials are neither lost
    nor repeated. In a database a run is known by the last part of its folder's name. Exit code 1:
    an agent failed in some episodes.
    """
    folder = out if resume is None else resume
    where = place(folder, database)
    again = f"{folder} --database URL" if database else str(folder)
    if resume is None:
        spec = _spec(agent or [], scenarios, seeds, interface)
        store = _start(where, spec, overwrite=overwrite)
    else:
        store = where.open()
    with store:
        if resume is not None:
            found = store.spec
            check_same(found, _spec(agent or [*found.agents], scenarios, seeds, interface, found))
        grades = _finish(store, folder, again)
    if as_json:
        typer.echo(report_json(grades), nl=False)
    else:
        print_report(grades, Console(), is_short=True)
        say(f"\nmore: cig report {again}\nreport: {folder / 'report.html'}")
    if any(graded.n_failed for graded in grades.agents):
        raise typer.Exit(1)


def _finish(store: Store, folder: Path, again: str) -> Grades:
    """Play what is left, grade the run, and keep the scores and the reports."""
    _play(store, again)
    grades = grade(store)
    store.keep_scores(_score_rows(grades))
    folder.mkdir(parents=True, exist_ok=True)
    _write_reports(folder, grades)
    return grades


def _spec(
    agents: list[str],
    scenarios: str | None,
    seeds: str | None,
    interface: str | None,
    found: RunSpec | None = None,
) -> RunSpec:
    """Read the options; what is not given is taken from the run found, else from the defaults."""
    return RunSpec(
        tuple(agents) or REFERENCE_AGENTS,
        found.scenarios if found and not scenarios else registry.select(scenarios or "classic"),
        parse_seeds(seeds) if seeds else (found.seeds if found else parse_seeds("0-9")),
        interface or (found.interface if found else "graph"),
        cards=found.cards if found and not scenarios else (),
    )


def _start(where: Place, spec: RunSpec, *, overwrite: bool) -> SqlStore:
    if overwrite:
        where.remove()
    try:
        return where.create(spec)
    except RunError as error:
        if "already" not in str(error):
            raise
        folder = where.folder
        message = (
            f"{folder} holds a run already; continue it with --resume {folder}, replace it with "
            "--overwrite, or name another folder with --out"
        )
        raise RunError(message) from None


class _Rate(ProgressColumn):
    """Episodes a second, over the last of them."""

    def render(self, task: Task) -> Text:
        """Write the rate; nothing until it is known."""
        return Text(f"{task.speed:,.0f}/s" if task.speed else "", style="progress.data.speed")


def _play(store: Store, again: str) -> None:
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("episodes", total=store.spec.n_trials)
        try:
            run(store, on_progress=lambda n: progress.update(task, completed=n))
        except KeyboardInterrupt:
            progress.stop()
            typer.echo(f"Stopped; continue with: cig run --resume {again}", err=True)
            raise typer.Exit(_STOPPED) from None


def _score_rows(grades: Grades) -> Iterator[ScoreRow]:
    for graded in grades.agents:
        scores = {HEADLINE: graded.scores.headline, **graded.scores.families}
        for family, score in scores.items():
            yield ScoreRow(VERSION, grades.n_finished, graded.agent, family, score)


def _write_reports(folder: Path, grades: Grades) -> None:
    (folder / "report.json").write_text(report_json(grades), encoding="utf-8")
    (folder / "report.md").write_text(report_markdown(grades), encoding="utf-8")
    (folder / "report.html").write_text(report_html(grades), encoding="utf-8")
