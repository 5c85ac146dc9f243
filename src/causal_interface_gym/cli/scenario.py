"""``cig scenario``: list the curated scenarios, show one."""

from typing import Annotated, Any

import typer

from causal_interface_gym.cli.output import JsonOption, emit_json, say
from causal_interface_gym.questions.question import BaseRate, Item
from causal_interface_gym.scenarios import registry
from causal_interface_gym.scenarios.scenario import Scenario

__all__ = ["app"]

app = typer.Typer(
    help="List the curated scenarios, or show one with its exact answers.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
ScenarioId = Annotated[str, typer.Argument(metavar="ID", help="The scenario's id.")]


@app.command("list")
def list_command(as_json: JsonOption = False) -> None:
    """List id, structure and title of every scenario."""
    found = [registry.get(name) for name in registry.ids()]
    if as_json:
        emit_json([{"id": s.id, "structure": s.structure, "title": s.title} for s in found])
        return
    for scenario in found:
        say(f"{scenario.id:24} {scenario.structure:11} {scenario.title}")


@app.command("show")
def show_command(scenario: ScenarioId, as_json: JsonOption = False) -> None:
    """Show story, variables, graph, questions with exact truths and lures, and sources."""
    found = registry.get(scenario)
    if as_json:
        emit_json(_scenario_json(found))
        return
    say(f"{found.title}  ({found.id}, {found.structure})\n\n{found.story}\n")
    for variable in found.variables:
        hidden = " (hidden)" if variable.name in found.model.latent else ""
        states = ", ".join(f"{label}: {meaning}" for label, meaning in variable.states)
        say(f"{variable.name}{hidden}: {variable.meaning} ({states})")
    say()
    for cause, effect in found.model.dag.directed:
        say(f"{cause} -> {effect}")
    say()
    for item in found.world().items:
        say(f"{item.family}: {item.name}\n   truth {item.truth:.4f}{_reference(item)}")
        for lure in item.lures:
            say(f"   {lure.fallacy}: {lure.value:.4f}")
    if found.published:
        say(f"\nPublished: {found.published}")
    if found.illustrative:
        say(f"\nIllustrative: {found.illustrative}")
    say("\n" + "\n".join(citation.text for citation in found.citations))


def _reference(item: Item) -> str:
    return "" if isinstance(item.reference, BaseRate) else f"   reference {item.reference:.4f}"


def _scenario_json(scenario: Scenario) -> dict[str, Any]:  # Any: JSON
    return {
        "id": scenario.id,
        "title": scenario.title,
        "story": scenario.story,
        "structure": scenario.structure,
        "treatment": scenario.treatment,
        "outcome": scenario.outcome,
        "variables": [
            {
                "name": v.name,
                "meaning": v.meaning,
                "states": dict(v.states),
                "latent": v.name in scenario.model.latent,
            }
            for v in scenario.variables
        ],
        "edges": [list(edge) for edge in scenario.model.dag.directed],
        "questions": [_item_json(item) for item in scenario.world().items],
        "published": scenario.published,
        "illustrative": scenario.illustrative,
        "citations": [{"key": c.key, "text": c.text} for c in scenario.citations],
    }


def _item_json(item: Item) -> dict[str, Any]:  # Any: JSON
    reference = {} if isinstance(item.reference, BaseRate) else {"reference": item.reference}
    return {
        "family": item.family,
        "asked": item.name,
        "truth": item.truth,
        **reference,
        "lures": item.lure,
    }
