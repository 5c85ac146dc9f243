"""``cig report``: show a run that was played before."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from causal_interface_gym.cli.database import DatabaseOption, place
from causal_interface_gym.cli.output import JsonOption, say
from causal_interface_gym.cli.runs.playing import heard_in
from causal_interface_gym.runs.grading import N_AUDITED, N_COMPARED, grade
from causal_interface_gym.runs.report.document import report_json
from causal_interface_gym.runs.report.figures import save_figures
from causal_interface_gym.runs.report.markdown import report_markdown
from causal_interface_gym.runs.report.page import report_html
from causal_interface_gym.runs.report.sections import BREAKDOWNS, parse_by
from causal_interface_gym.runs.report.terminal import TERMINAL_BREAKDOWNS, print_report

__all__ = ["report_command"]

Run = Annotated[Path, typer.Argument(help="The folder of the run.")]
By = Annotated[
    str | None,
    typer.Option(
        help="Breakdowns, separated by commas: agent, family, stratum, names. "
        "Default: agent,family on the terminal, else all."
    ),
]
Baseline = Annotated[
    str | None, typer.Option(help="The agent to compare with. Default: the seer, else the first.")
]
Html = Annotated[Path | None, typer.Option(help="Write a stand-alone page to this file.")]
Figures = Annotated[
    Path | None, typer.Option(help="Write every figure as SVG and PDF to this folder.")
]
Markdown = Annotated[bool, typer.Option("--markdown", help="Write Markdown instead of a table.")]
Sample = Annotated[
    int | None,
    typer.Option(
        min=0,
        help="Worlds that the costly metrics look at. "
        f"Default: {N_AUDITED} for coherence, {N_COMPARED} for the comparison with exact Bayes.",
    ),
]


def report_command(  # noqa: PLR0913, PLR0917 - one for each option of the command
    run: Run,
    by: By = None,
    baseline: Baseline = None,
    html: Html = None,
    figures: Figures = None,
    markdown: Markdown = False,
    sample: Sample = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Grade a run anew from its logs and show the result; an unfinished run is graded so far."""
    wanted = BREAKDOWNS if by is None else parse_by(by)
    where = place(run, database)
    with where.open() as store:
        grades = grade(
            store,
            baseline=baseline or "",
            n_audited=N_AUDITED if sample is None else sample,
            n_compared=N_COMPARED if sample is None else sample,
            heard=heard_in(where, store.spec) if store.spec.models else None,
        )
    if html is not None:
        html.write_text(report_html(grades, by=wanted), encoding="utf-8")
    if figures is not None:
        save_figures(grades, figures)
    if as_json:
        typer.echo(report_json(grades), nl=False)
    elif markdown:
        typer.echo(report_markdown(grades, by=wanted), nl=False)
    else:
        print_report(grades, Console(), by=TERMINAL_BREAKDOWNS if by is None else wanted)
        for path in filter(None, (html, figures)):
            say(f"\nreport: {path}")
