"""``cig run``: agents x scenarios x seeds, resumable, then the report."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from causal_interface_gym.cli.database import DatabaseOption, Place, place
from causal_interface_gym.cli.output import JsonOption, say
from causal_interface_gym.cli.runs.choosing import (
    Chosen,
    Given,
    choose_new,
    choose_replayed,
    resumed,
)
from causal_interface_gym.cli.runs.playing import heard_in, players_of
from causal_interface_gym.cli.runs.progress import progress_of
from causal_interface_gym.errors import BudgetError, ReplayError, StoppingError
from causal_interface_gym.runs.asking import MAX_DRAWS, MAX_TOKENS
from causal_interface_gym.runs.grading import Grades, grade
from causal_interface_gym.runs.metering import Meter
from causal_interface_gym.runs.outages import Unplayed
from causal_interface_gym.runs.report.document import report_json
from causal_interface_gym.runs.report.markdown import report_markdown
from causal_interface_gym.runs.report.page import report_html
from causal_interface_gym.runs.report.terminal import print_report
from causal_interface_gym.runs.runner import CONCURRENCY, Limits, run
from causal_interface_gym.runs.store import HEADLINE, ScoreRow
from causal_interface_gym.scoring.causal_score import VERSION

__all__ = ["run_command"]

_FINDING: Final = 1
_DOWN: Final = 3
_STOPPED: Final = 130
"""The exit code of a command that was interrupted from the keyboard."""

Agents = Annotated[
    list[str] | None,
    typer.Option(
        "--agent",
        help="An agent's id, or PROVIDER:MODEL[+STRATEGY[=K]], local:FILE.gguf or primary for a "
        "language model; give it again for more. Default: all reference.",
    ),
]
Scenarios = Annotated[
    str | None, typer.Option(help="Scenario ids and sets, separated by commas. Default: classic.")
]
Seeds = Annotated[str | None, typer.Option(help="Seeds such as 0-19 or 0,3,5-7. Default: 0-9.")]
Interface = Annotated[
    str | None, typer.Option(help="What a participant may see and do. Default: graph.")
]
Out = Annotated[Path | None, typer.Option(help="The folder of the run. Default: runs/latest.")]
Resume = Annotated[
    Path | None, typer.Option(help="Continue the run in this folder instead of starting one.")
]
Replay = Annotated[
    Path | None,
    typer.Option(
        help="Play the run in this folder again from its transcript: no key, no call. "
        "Default folder: beside it, with -replay behind its name."
    ),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace a run that is there.")]
MaxDraws = Annotated[
    int | None,
    typer.Option(min=0, help=f"How often a model may draw rows. Default: {MAX_DRAWS}."),
]
Temperature = Annotated[
    float | None, typer.Option(help="Sampling temperature, 0 to 2. Default: the provider's.")
]
MaxTokens = Annotated[
    int | None,
    typer.Option(min=1, help=f"Room for a model's reply, in tokens. Default: {MAX_TOKENS:,}."),
]
Controls = Annotated[
    bool | None,
    typer.Option(
        "--controls/--no-controls",
        help="Whether models answer the format controls, 56 short questions each. Default: yes.",
    ),
]
Cache = Annotated[
    str | None,
    typer.Option(
        metavar="[off|record|replay]",
        help="Take a model's replies from the cache that runs share: never, if there, or only. "
        "Default: off.",
    ),
]
BudgetUsd = Annotated[
    float | None,
    typer.Option(min=0, help="US dollars that the run may cost; no call is made beyond it."),
]
BudgetUsdDay = Annotated[
    float | None, typer.Option(min=0, help="US dollars that all runs of a day may cost, by UTC.")
]
MaxCalls = Annotated[int | None, typer.Option(min=0, help="Calls that the run may make.")]
Concurrency = Annotated[int, typer.Option(min=1, help="Episodes in flight at once.")]


def run_command(  # noqa: PLR0913 - each argument is an option
    *,
    agent: Agents = None,
    scenarios: Scenarios = None,
    seeds: Seeds = None,
    interface: Interface = None,
    out: Out = None,
    resume: Resume = None,
    replay: Replay = None,
    overwrite: Overwrite = False,
    database: DatabaseOption = None,
    max_draws: MaxDraws = None,
    temperature: Temperature = None,
    max_tokens: MaxTokens = None,
    controls: Controls = None,
    cache: Cache = None,
    budget_usd: BudgetUsd = None,
    budget_usd_day: BudgetUsdDay = None,
    max_calls: MaxCalls = None,
    concurrency: Concurrency = CONCURRENCY,
    as_json: JsonOption = False,
) -> None:
    """Play every trial, grade it, write the reports and show the leaderboard.

    A run can be stopped at any time and continued with --resume; finished trials are neither lost
    nor repeated, and no reply of a model is paid for twice. In a database a run is known by the
    last part of its folder's name. Exit code 1: an agent failed in some episodes, or the budget is
    used up. Exit code 3: a provider is down or wants another key.
    """
    asked = (max_draws, temperature, max_tokens, cache, controls)
    given = Given(tuple(agent or ()), scenarios, seeds, interface, *asked)
    if resume is not None:
        chosen = resumed(place(resume, database), given)
    elif replay is not None:
        target = place(out or replay.with_name(f"{replay.name}-replay"), database)
        chosen = choose_replayed(place(replay, database), target, given, overwrite=overwrite)
    else:
        chosen = choose_new(place(out or Path("runs/latest"), database), given, overwrite=overwrite)
    means = replace(
        chosen.means, budget_usd=budget_usd, budget_usd_day=budget_usd_day, max_calls=max_calls
    )
    with chosen.store:
        ending = _play(replace(chosen, means=means), Limits(concurrency))
        grades = _graded(chosen) if chosen.store.finished().any() else None
    _tell(grades, chosen.where, as_json=as_json)
    _end(ending, grades, chosen)


@dataclass(frozen=True, slots=True)
class _Ending:
    """How the playing of a run came to its end."""

    unplayed: tuple[Unplayed, ...] = ()
    stopped: StoppingError | None = None


def _play(chosen: Chosen, limits: Limits) -> "_Ending":
    """Play what is left."""
    spec = chosen.store.spec
    meter = Meter()
    with (
        players_of(chosen.where, spec, chosen.means, meter) as players,
        progress_of(spec.n_trials, meter if spec.models else None) as show,
    ):
        try:
            outcome = run(chosen.store, players=players, limits=limits, on_progress=show)
        except StoppingError as error:
            return _Ending(stopped=error)
        except KeyboardInterrupt:
            typer.echo(f"Stopped; continue with: cig run --resume {chosen.where.again}", err=True)
            raise typer.Exit(_STOPPED) from None
    return _Ending(outcome.unplayed)


def _graded(chosen: Chosen) -> Grades:
    """Grade the run, and keep the scores and the reports."""
    store = chosen.store
    grades = grade(store, heard=heard_in(chosen.where, store.spec) if store.spec.models else None)
    store.keep_scores(_score_rows(grades))
    _write_reports(chosen.where.folder, grades)
    return grades


def _tell(grades: Grades | None, where: Place, *, as_json: bool) -> None:
    if grades is None:
        return
    if as_json:
        typer.echo(report_json(grades), nl=False)
        return
    print_report(grades, Console(), is_short=True)
    say(f"\nmore: cig report {where.again}\nreport: {where.folder / 'report.html'}")


def _end(ending: _Ending, grades: Grades | None, chosen: Chosen) -> None:
    """Say what is left to play, and end with the code that says why.

    Raises:
        Exit: The run is not finished, or an agent failed.
    """
    left = chosen.store.spec.n_trials - (grades.n_finished if grades is not None else 0)
    go_on = f"continue with: cig run --resume {chosen.where.again}"
    for unplayed in ending.unplayed:
        what = f"{unplayed.n:,} episodes" if unplayed.n else "the format controls"
        typer.echo(
            f"Not played: {what} of {unplayed.provider}, which does not serve "
            f"({unplayed.kind}: {unplayed.message})",
            err=True,
        )
    if ending.stopped is not None:
        kind = type(ending.stopped).__name__
        typer.echo(f"Stopped with {left:,} episodes to go: {kind}: {ending.stopped}", err=True)
    if ending.unplayed or ending.stopped is not None:
        typer.echo(go_on[0].upper() + go_on[1:], err=True)
        is_finding = isinstance(ending.stopped, BudgetError | ReplayError)
        raise typer.Exit(_FINDING if is_finding else _DOWN)
    if grades is not None and any(graded.n_failed for graded in grades.agents):
        raise typer.Exit(_FINDING)


def _score_rows(grades: Grades) -> Iterator[ScoreRow]:
    for graded in grades.agents:
        scores = {HEADLINE: graded.scores.headline, **graded.scores.families}
        for family, score in scores.items():
            yield ScoreRow(VERSION, grades.n_finished, graded.agent, family, score)


def _write_reports(folder: Path, grades: Grades) -> None:
    (folder / "report.json").write_text(report_json(grades), encoding="utf-8")
    (folder / "report.md").write_text(report_markdown(grades), encoding="utf-8")
    (folder / "report.html").write_text(report_html(grades), encoding="utf-8")
