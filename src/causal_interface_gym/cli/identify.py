"""``cig identify``: the estimand with its derivation, or the hedge and two models that disagree."""

from typing import Annotated

import typer

from causal_interface_gym.causal import NotIdentified, identify
from causal_interface_gym.causal.formats.answers import verdict_json
from causal_interface_gym.cli.loading import load_graph
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
    if as_json:
        emit_json(verdict_json(verdict))
    elif isinstance(verdict, NotIdentified):
        say(f"{verdict}\n\n{verdict.derivation}\n")
        say("Two models agree on every observational probability and differ on the question:")
        say(str(verdict.witness))
    elif latex:
        say(verdict.estimand.latex())
    else:
        say(f"{verdict}\n\n{verdict.derivation}")
    if isinstance(verdict, NotIdentified):
        raise typer.Exit(1)
