"""``cig query``: an exact probability, with how it was found."""

from typing import Annotated

import typer

from causal_interface_gym.causal import Query
from causal_interface_gym.causal.formats.answers import probability_json
from causal_interface_gym.cli.engine.loading import load_model
from causal_interface_gym.cli.output import JsonOption, emit_json, say

__all__ = ["query_command"]

Model = Annotated[
    str,
    typer.Argument(help="A scenario id, a .bif file, or a model's .json file.", show_default=False),
]
Asked = Annotated[str, typer.Argument(metavar="QUERY", help='For example "P(y=1 | do(x=1))".')]


def query_command(model: Model, query: Asked, as_json: JsonOption = False) -> None:
    """Compute a probability exactly: seeing, doing or imagining.

    An outcome without a value gives its whole distribution. Where the model is small the answer
    is confirmed by enumerating the noise.
    """
    answer = probability_json(load_model(model), Query.parse(query))
    if as_json:
        emit_json(answer)
    elif "distribution" in answer:
        say(answer["query"])
        for labels, p in answer["distribution"].items():
            say(f"   {labels}: {p:.10g}")
        say(f"{answer['rung']}; by {answer['method']}")
    else:
        say(f"{answer['query']} = {answer['value']:.10g}")
        say(f"{answer['rung']}; by {answer['method']}; {answer['check']}")
