"""``cig scenario``: list and show scenarios, begin one of your own, check it."""

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from causal_interface_gym.cli.output import JsonOption, emit_json, say
from causal_interface_gym.errors import CausalGymError, FormatError, ScenarioError
from causal_interface_gym.questions.question import BaseRate, Item
from causal_interface_gym.scenarios import registry
from causal_interface_gym.scenarios.catalogue import room_of
from causal_interface_gym.scenarios.contract import Finding, check_scenario, is_kept
from causal_interface_gym.scenarios.scenario import Scenario
from causal_interface_gym.scenarios.source import load_scenario
from causal_interface_gym.scenarios.template import file_name, scenario_template
from causal_interface_gym.validation import validate_scenario

__all__ = ["app"]

app: typer.Typer = typer.Typer(
    help="List the curated scenarios, show one with its exact answers, write and check your own.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
ScenarioId = Annotated[str, typer.Argument(metavar="ID", help="The scenario's id.")]
NewId = Annotated[str, typer.Argument(metavar="ID", help="Its id, such as winter-tyres-v1.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="A Python file that defines SCENARIO.")]
SetName = Annotated[str, typer.Option("--set", help="A field or set. Default: curated, all.")]
Bibliography = Annotated[
    Path | None, typer.Option("--bib", help="A BibTeX file that must hold every key cited.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Let warnings count as errors.")]


@app.command("list")
def list_command(name: SetName = "curated", as_json: JsonOption = False) -> None:
    """List id, field, structure and title of the scenarios."""
    found = [registry.get(scenario) for scenario in registry.select(name)]
    if as_json:
        emit_json([_entry(scenario) for scenario in found])
        return
    for scenario in found:
        entry = _entry(scenario)
        say(f"{entry['id']:24} {entry['field']:12} {entry['structure']:11} {entry['title']}")


def _entry(scenario: Scenario) -> dict[str, str]:
    return {
        "id": scenario.id,
        "field": room_of(scenario.id) if scenario.id in registry.ids() else "your own",
        "structure": scenario.structure,
        "title": scenario.title,
    }


@app.command("new")
def new_command(scenario: NewId) -> None:
    """Write a commented scenario file to start from into this folder."""
    text = scenario_template(scenario)
    file = Path(file_name(scenario))
    try:
        with file.open("x", encoding="utf-8") as handle:
            handle.write(text)
    except FileExistsError:
        message = f"{file} is there already; choose another id, or move the file away"
        raise ScenarioError(message) from None
    say(f"{file} is written; check it with: cig scenario check {file}")


@app.command("check")
def check_command(
    file: File, bib: Bibliography = None, strict: Strict = False, as_json: JsonOption = False
) -> None:
    """Check a scenario file against the contract; this runs the file.

    Every truth is derived again by two algorithms. Exit code 1: a promise is not kept (with
    --strict, or a warning is given); 2: the file cannot be used.
    """
    findings = _findings(file, None if bib is None else _keys(bib))
    kept = not findings if strict else is_kept(findings)
    if as_json:
        emit_json(
            {
                "file": str(file),
                "is_valid": kept,
                "findings": [
                    {
                        "level": finding.level,
                        "rule": finding.rule,
                        "where": finding.where,
                        "message": finding.message,
                    }
                    for finding in findings
                ],
            }
        )
    else:
        for finding in findings:
            say(str(finding))
        say(_verdict(file, findings, kept=kept))
    if not kept:
        raise typer.Exit(1)


def _findings(file: Path, bibliography: frozenset[str] | None) -> list[Finding]:
    try:
        scenario = load_scenario(file)
    except FormatError:
        raise
    except CausalGymError as error:  # the file runs, and the package refuses what it makes
        return [Finding("construction", str(file), str(error))]
    findings = list(check_scenario(scenario, bibliography=bibliography))
    if is_kept(findings):  # what cannot be asked cannot be validated either
        errors = validate_scenario(scenario).errors
        findings += [Finding("truth", scenario.id, error) for error in errors]
    return findings


def _keys(bibliography: Path) -> frozenset[str]:
    try:
        text = bibliography.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"cannot read the bibliography {bibliography}: {error}"
        raise FormatError(message) from None
    return frozenset(re.findall(r"^\s*@\w+\{\s*([^,\s]+)\s*,", text, re.MULTILINE))


def _verdict(file: Path, findings: list[Finding], *, kept: bool) -> str:
    n_errors = sum(finding.is_error for finding in findings)
    n_warnings = len(findings) - n_errors
    state = "keeps the contract" if kept else "does not keep the contract"
    return f"{file} {state}: {n_errors} errors, {n_warnings} warnings"


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
