"""``cig adjust``: what to adjust for, what to use instead, and why the usual sets fail."""

from typing import Annotated, Any

import typer

from causal_interface_gym.causal.formats.answers import adjustment_json
from causal_interface_gym.cli.engine.loading import load_graph
from causal_interface_gym.cli.output import JsonOption, emit_json, say

__all__ = ["adjust_command"]

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
    data = adjustment_json(load_graph(graph), treatment=treatment, outcome=outcome)
    if as_json:
        emit_json(data)
    else:
        _show(data)
    if "reason" in data:
        raise typer.Exit(1)


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
