"""``cig adjust``: what to adjust for, what to use instead, and why the usual sets fail."""

from collections.abc import Iterable
from itertools import islice
from typing import Annotated, Any, Final

import typer

from causal_interface_gym.causal import ADMG, adjustment_sets, frontdoor_sets, instruments
from causal_interface_gym.causal.adjustment import (
    AdjustmentReport,
    NoAdjustmentSet,
    adjustment_report,
    optimal_adjustment_set,
)
from causal_interface_gym.cli.engine.loading import load_graph
from causal_interface_gym.cli.output import JsonOption, emit_json, say

__all__ = ["adjust_command"]

_MOST: Final = 50
"""Sets that are listed; there may be exponentially many."""

Graph = Annotated[
    str, typer.Argument(help="A scenario id, a graph or model file, or text like 'dag { X -> Y }'.")
]
Treatment = Annotated[str, typer.Argument(help="The treatment.")]
Outcome = Annotated[str, typer.Argument(help="The outcome.")]


def adjust_command(
    graph: Graph, treatment: Treatment, outcome: Outcome, as_json: JsonOption = False
) -> None:
    """List minimal adjustment sets, front doors and instruments, and check the usual candidates.

    Exit code 1: no set can be adjusted for.
    """
    found = load_graph(graph)
    report = adjustment_report(found, treatment=treatment, outcome=outcome)
    data = _answers(found, treatment, outcome, report)
    if as_json:
        emit_json(data)
    else:
        _show(data)
    if isinstance(report.minimal, NoAdjustmentSet):
        raise typer.Exit(1)


def _answers(
    graph: ADMG, treatment: str, outcome: str, report: AdjustmentReport
) -> dict[str, Any]:  # Any: JSON
    best = optimal_adjustment_set(graph, treatment=treatment, outcome=outcome)
    none = {"reason": str(report.minimal)} if isinstance(report.minimal, NoAdjustmentSet) else {}
    return {
        "treatment": treatment,
        "outcome": outcome,
        "adjustment_sets": _lists(adjustment_sets(graph, treatment=treatment, outcome=outcome)),
        **none,
        "optimal": {"set": sorted(best)} if isinstance(best, frozenset) else {"none": str(best)},
        "frontdoor_sets": _lists(frontdoor_sets(graph, treatment=treatment, outcome=outcome)),
        "instruments": [
            {"variable": found.variable, "given": sorted(found.given)}
            for found in islice(instruments(graph, treatment=treatment, outcome=outcome), _MOST)
        ],
        "candidates": [
            {
                "habit": candidate.habit,
                "set": list(candidate.check.adjustment),
                "valid": bool(candidate.check),
                "reason": candidate.check.reason,
            }
            for candidate in report.candidates
        ],
    }


def _lists(sets: Iterable[frozenset[str]]) -> list[list[str]]:
    return [sorted(found) for found in islice(sets, _MOST)]


def _show(data: dict[str, Any]) -> None:  # Any: JSON
    say(f"the effect of {data['treatment']} on {data['outcome']}")
    sets = [_set(found) for found in data["adjustment_sets"]]
    say("minimal adjustment sets: " + (", ".join(sets) or f"none; {data['reason']}"))
    optimal = data["optimal"]
    best = _set(optimal["set"]) if "set" in optimal else f"none; {optimal['none']}"
    say(f"optimal adjustment set: {best}")
    doors = [_set(found) for found in data["frontdoor_sets"]]
    say("front doors: " + (", ".join(doors) or "none"))
    found = [
        i["variable"] + (f" given {_set(i['given'])}" if i["given"] else "")
        for i in data["instruments"]
    ]
    say("instruments: " + (", ".join(found) or "none"))
    habits: dict[str, list[str]] = {}
    for candidate in data["candidates"]:
        verdict = "valid" if candidate["valid"] else f"fails, because {candidate['reason']}"
        habits.setdefault(f"{_set(candidate['set'])} {verdict}", []).append(candidate["habit"])
    for verdict, names in habits.items():
        say(f"{', '.join(names)}: {verdict}")


def _set(names: list[str]) -> str:
    return "{" + ", ".join(names) + "}"
