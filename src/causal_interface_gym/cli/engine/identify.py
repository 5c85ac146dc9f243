"""``cig identify``: the estimand with its derivation, or the hedge and two models that disagree."""

from typing import Annotated

import typer

from causal_interface_gym.causal import Identified, NotIdentified, identify
from causal_interface_gym.cli.engine.loading import load_graph
from causal_interface_gym.cli.output import JsonOption, emit_json, say

__all__ = ["identify_command"]

Graph = Annotated[
    str, typer.Argument(help="A scenario id, a graph or model file, or text like 'dag { X -> Y }'.")
]
Asked = Annotated[str, typer.Argument(metavar="QUERY", help='For example "P(y | do(x))".')]
Latex = Annotated[bool, typer.Option("--latex", help="Write the estimand in LaTeX.")]


def identify_command(
    graph: Graph, query: Asked, latex: Latex = False, as_json: JsonOption = False
) -> None:
    """Decide whether observation alone answers a causal question, with a proof either way.

    Exit code 1: it does not.
    """
    verdict = identify(load_graph(graph), query)
    match verdict:
        case Identified():
            _identified(verdict, latex=latex, as_json=as_json)
        case NotIdentified():
            _not_identified(verdict, as_json=as_json)
            raise typer.Exit(1)


def _identified(verdict: Identified, *, latex: bool, as_json: bool) -> None:
    if as_json:
        emit_json(
            {
                "query": str(verdict.query),
                "identified": True,
                "estimand": str(verdict.estimand),
                "latex": verdict.estimand.latex(),
                "derivation": [str(step) for step in verdict.derivation],
                "references": list(verdict.references),
            }
        )
        return
    if latex:
        say(verdict.estimand.latex())
        return
    say(f"{verdict}\n\n{verdict.derivation}")


def _not_identified(verdict: NotIdentified, *, as_json: bool) -> None:
    witness = verdict.witness
    if as_json:
        emit_json(
            {
                "query": str(verdict.query),
                "identified": False,
                "hedge": str(verdict.hedge),
                "derivation": [str(step) for step in verdict.derivation],
                "references": list(verdict.references),
                "witness": {
                    "query": str(witness.query),
                    "first": witness.p_first,
                    "second": witness.p_second,
                    "checked": witness.is_checked,
                },
            }
        )
        return
    say(f"{verdict}\n\n{verdict.derivation}\n")
    say("Two models agree on every observational probability and differ on the question:")
    say(str(witness))
