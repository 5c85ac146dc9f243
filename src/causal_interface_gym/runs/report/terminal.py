"""The leaderboard on the terminal."""

from typing import TYPE_CHECKING

from causal_interface_gym.questions.families import FAMILIES, HEADLINE
from causal_interface_gym.runs.grading import Grades
from causal_interface_gym.runs.report.wording import (
    NOTES,
    interval_text,
    shape_text,
    short_value_text,
    value_text,
)

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["print_report"]


def print_report(grades: Grades, console: "Console") -> None:
    """Print the leaderboard, the families and how to read them."""
    from rich.table import Table  # noqa: PLC0415 - only a terminal needs it

    table = Table(
        title="Causal Score",
        title_justify="left",
        header_style="bold",
        box=None,
        padding=(0, 2, 0, 0),
    )
    table.add_column("agent", no_wrap=True)
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("95 % interval", justify="right", no_wrap=True)
    table.add_column("answered", justify="right")
    table.add_column("failed", justify="right")
    for agent in grades.agents:
        scores = agent.scores
        table.add_row(
            agent.agent,
            value_text(scores.headline),
            interval_text(scores.headline),
            f"{scores.coverage:.0%}",
            str(agent.n_failed),
        )
    console.print(table)
    console.print()
    console.print(_families(grades))
    console.print()
    console.print(shape_text(grades), highlight=False)
    console.print(NOTES[0], style="dim", highlight=False)


def _families(grades: Grades) -> object:
    from rich.table import Table  # noqa: PLC0415 - only a terminal needs it

    found = [name for name in FAMILIES if any(name in a.scores.families for a in grades.agents)]
    table = Table(
        title="By family (* in the headline)",
        title_justify="left",
        header_style="bold",
        box=None,
        padding=(0, 1, 0, 0),
    )
    table.add_column("family", no_wrap=True)
    for agent in grades.agents:
        name = agent.agent.removeprefix("reference:").replace("-", "-\n")
        table.add_column(name, justify="right", overflow="fold", min_width=6)
    for name in found:
        cells = [
            short_value_text(agent.scores.families[name]) if name in agent.scores.families else ""
            for agent in grades.agents
        ]
        table.add_row(name + ("*" if name in HEADLINE else ""), *cells)
    return table
