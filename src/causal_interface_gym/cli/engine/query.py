"""``cig query``: an exact probability with how it was found, or on demand a sampled one."""

from typing import Annotated

import typer

from causal_interface_gym.causal import Query
from causal_interface_gym.causal.formats.answers import probability_json, sampled_json
from causal_interface_gym.cli.engine.loading import load_model
from causal_interface_gym.cli.output import JsonOption, emit_json, say

__all__ = ["query_command"]

Model = Annotated[
    str,
    typer.Argument(help="A scenario id, a .bif file, or a model's .json file.", show_default=False),
]
Asked = Annotated[str, typer.Argument(metavar="QUERY", help='For example "P(y=1 | do(x=1))".')]


Samples = Annotated[
    int,
    typer.Option(min=0, help="Draw so many rows instead: never exact, with a standard error."),
]
Seed = Annotated[int, typer.Option(min=0, help="The seed of the rows.")]


def query_command(
    model: Model, query: Asked, samples: Samples = 0, seed: Seed = 0, as_json: JsonOption = False
) -> None:
    """Compute a probability exactly: seeing, doing or imagining.

    An outcome without a value gives its whole distribution. Where the model is small the answer
    is confirmed by enumerating the noise. A model that is too wide to be exact is sampled on
    demand.
    """
    asked = Query.parse(query)
    loaded = load_model(model)
    answer = (
        sampled_json(loaded, asked, n=samples, seed=seed)
        if samples
        else probability_json(loaded, asked)
    )
    if as_json:
        emit_json(answer)
    elif samples:
        say(f"{answer['query']} is about {answer['value']:.6g}")
        say(
            f"{answer['rung']}; sampled, not exact: standard error {answer['standard_error']:.2g}, "
            f"{answer['kept']:,} of {answer['rows']:,} rows meet the condition"
        )
    elif "distribution" in answer:
        say(answer["query"])
        for labels, p in answer["distribution"].items():
            say(f"   {labels}: {p:.10g}")
        say(f"{answer['rung']}; by {answer['method']}")
    else:
        say(f"{answer['query']} = {answer['value']:.10g}")
        say(f"{answer['rung']}; by {answer['method']}; {answer['check']}")
