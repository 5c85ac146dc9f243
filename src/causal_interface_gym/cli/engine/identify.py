"""``cig identify`` and ``cig transport``: the estimand and its derivation, or a proof of none."""

from typing import Annotated

import typer

from causal_interface_gym.causal import Identified, NotIdentified, identify, transport
from causal_interface_gym.causal.formats.answers import verdict_json, witness_of
from causal_interface_gym.causal.identification import Source
from causal_interface_gym.cli.engine.loading import load_graph
from causal_interface_gym.cli.output import JsonOption, emit_json, say
from causal_interface_gym.errors import QueryError

__all__ = ["identify_command", "transport_command"]

Graph = Annotated[
    str, typer.Argument(help="A scenario id, a graph or model file, or text like 'dag { X -> Y }'.")
]
Asked = Annotated[
    str,
    typer.Argument(metavar="QUERY", help='For example "P(y | do(x))" or "P(y[x=0] | x=1)".'),
]
Latex = Annotated[bool, typer.Option("--latex", help="Write the estimand in LaTeX.")]
Experiment = Annotated[
    list[str] | None,
    typer.Option(
        "--experiment",
        metavar="VARIABLES",
        help="An experiment that is known, e.g. 'Z' or 'A, B'; '' is observation. Repeatable.",
    ),
]
Everything = Annotated[
    bool, typer.Option("--all-experiments", help="Every experiment is known, not only observation.")
]
Sources = Annotated[
    list[str],
    typer.Option(
        "--source",
        metavar="SOURCE",
        help="A population with what is set and what differs there, e.g. 'LA do(X) differs(Z)'; "
        "'target' is the one asked about. Repeatable.",
    ),
]


def identify_command(
    graph: Graph,
    query: Asked,
    experiment: Experiment = None,
    all_experiments: Everything = False,
    latex: Latex = False,
    as_json: JsonOption = False,
) -> None:
    """Decide whether what is known answers a causal question, with a proof either way.

    Known is observation unless experiments are named. Exit code 1: it does not.
    """
    if experiment and all_experiments:
        raise QueryError("give --experiment or --all-experiments, not both")
    named = [[v.strip() for v in text.split(",") if v.strip()] for text in experiment or []]
    known = "all" if all_experiments else named or None
    _report(identify(load_graph(graph), query, experiments=known), latex=latex, as_json=as_json)


def transport_command(
    graph: Graph, query: Asked, source: Sources, latex: Latex = False, as_json: JsonOption = False
) -> None:
    """Decide whether an effect follows from data of other populations.

    P(v) of the population asked about counts only where a source names it: --source target.
    Exit code 1: it does not follow.
    """
    sources = [Source.from_text(text) for text in source]
    _report(transport(load_graph(graph), query, sources), latex=latex, as_json=as_json)


def _report(verdict: Identified | NotIdentified, *, latex: bool, as_json: bool) -> None:
    if as_json:
        emit_json(verdict_json(verdict))
    else:
        _show(verdict, latex=latex)
    if isinstance(verdict, NotIdentified):
        raise typer.Exit(1)


def _show(verdict: Identified | NotIdentified, *, latex: bool) -> None:
    if isinstance(verdict, Identified):
        say(verdict.estimand.latex() if latex else f"{verdict}\n\n{verdict.derivation}")
        return
    say(f"{verdict}\n\n{verdict.derivation}\n")
    witness = witness_of(verdict)
    if isinstance(witness, str):
        say(witness)
        return
    same = "every observational probability" if verdict.input == "P(v)" else verdict.input
    say(f"Two models agree on {same} and differ on the question:")
    say(str(witness))
