"""``cig report``: show a run that was played before."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from causal_interface_gym.cli.output import JsonOption, say
from causal_interface_gym.runs.grading import grade
from causal_interface_gym.runs.report.document import report_json
from causal_interface_gym.runs.report.markdown import report_markdown
from causal_interface_gym.runs.report.page import report_html
from causal_interface_gym.runs.report.terminal import print_report
from causal_interface_gym.runs.store import JsonlStore

__all__ = ["report_command"]

Run = Annotated[Path, typer.Argument(help="The folder of the run.")]
Html = Annotated[Path | None, typer.Option(help="Write a stand-alone page to this file.")]
Markdown = Annotated[bool, typer.Option("--markdown", help="Write Markdown instead of a table.")]


def report_command(
    run: Run, html: Html = None, markdown: Markdown = False, as_json: JsonOption = False
) -> None:
    """Grade a run anew from its logs and show the result; an unfinished run is graded so far."""
    grades = grade(JsonlStore.open(run))
    if html is not None:
        html.write_text(report_html(grades), encoding="utf-8")
    if as_json:
        typer.echo(report_json(grades), nl=False)
    elif markdown:
        typer.echo(report_markdown(grades), nl=False)
    else:
        print_report(grades, Console())
        if html is not None:
            say(f"\nreport: {html}")
