"""``cig bounds``: the interval that holds an answer, and whether models attain its ends."""

from enum import StrEnum
from typing import Annotated

import typer

from causal_interface_gym.causal.bounds import Bounds, Knowledge, bounds
from causal_interface_gym.causal.formats.answers import bounds_json
from causal_interface_gym.cli.engine.loading import load_model
from causal_interface_gym.cli.output import JsonOption, emit_json, say

__all__ = ["bounds_command"]


class Known(StrEnum):
    """What is taken from the model; the rest is forgotten."""

    observations = "observations"
    tables = "tables"


Model = Annotated[
    str,
    typer.Argument(help="A scenario id, a .bif file, or a model's .json file.", show_default=False),
]
Asked = Annotated[
    str,
    typer.Argument(
        metavar="QUERY",
        help='A probability such as "P(y=1 | do(x=1))", or an effect: "ATE(x, y=1)", ETT, PN, PS, '
        'PNS, "NDE(x, y=1, m)", NIE.',
    ),
]
What = Annotated[
    Known,
    typer.Option(
        "--known",
        help="observations: P of the observed variables and the graph; tables: all tables, latent "
        "ones too, so that only undeclared couplings are open.",
    ),
]
Experiments = Annotated[
    list[str] | None,
    typer.Option(
        "--experiment", help="Also known: the result of setting this variable (or x,z together)."
    ),
]


def bounds_command(
    model: Model,
    query: Asked,
    known: What = Known.observations,
    experiment: Experiments = None,
    as_json: JsonOption = False,
) -> None:
    """Bound what cannot be computed from what is known, with the two models at the ends.

    Exit code 1: the answer is not identified.
    """
    found = load_model(model)
    sets = [[name.strip() for name in text.split(",")] for text in experiment or ()]
    if known is Known.tables and sets:
        message = (
            "experiments add nothing to known tables; leave out --experiment or --known tables"
        )
        raise typer.BadParameter(message)
    is_seen = known is Known.observations
    answer = bounds(Knowledge.from_model(found, experiments=sets) if is_seen else found, query)
    if as_json:
        emit_json(bounds_json(answer, known=known.value))
    else:
        _say(answer, known)
    if not answer.is_identified:
        raise typer.Exit(1)


def _say(answer: Bounds, known: Known) -> None:
    say(f"{answer.lower:.10g} <= {answer.question} <= {answer.upper:.10g}")
    is_seen = known is Known.observations
    given = "the observed probabilities and the graph" if is_seen else "all tables"
    if answer.is_identified:
        say(f"identified by {given}")
    elif answer.is_sharp:
        say(f"sharp, given {given}: two models that agree with them answer with these ends")
    else:
        say(f"an outer interval, given {given}: {answer.reason}; the answer lies inside, and the")
        say("narrowest interval may be smaller")
    say(f"by {answer.method} over response functions")
