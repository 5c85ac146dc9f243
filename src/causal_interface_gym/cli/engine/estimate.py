"""``cig estimate``: an identified query evaluated on data, with an interval."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from causal_interface_gym.causal import NotIdentified, identify
from causal_interface_gym.causal.estimation import Counts, PlugIn, estimate, variables_of
from causal_interface_gym.cli.engine.frames import load_frame
from causal_interface_gym.cli.engine.loading import load_graph
from causal_interface_gym.cli.output import JsonOption, emit_json, say
from causal_interface_gym.errors import DataError, QueryError

__all__ = ["estimate_command"]

Graph = Annotated[
    str, typer.Argument(help="A scenario id, a graph or model file, or text like 'dag { X -> Y }'.")
]
Asked = Annotated[
    str, typer.Argument(metavar="QUERY", help='For example "P(y=1 | do(x=1))"; every value given.')
]
Data = Annotated[Path, typer.Argument(help="A .csv, .tsv or .parquet file: a row a unit.")]
Against = Annotated[
    list[str] | None,
    typer.Option(
        "--against",
        metavar="VARIABLE=STATE",
        help="Estimate the difference to the same query with this value instead. Repeatable.",
    ),
]
Trial = Annotated[
    list[str] | None,
    typer.Option(
        "--trial",
        metavar="VARIABLES=FILE",
        help="Data of an experiment that randomised these variables, e.g. 'Z=trial.csv'. "
        "Repeatable.",
    ),
]
Count = Annotated[
    str, typer.Option("--count", help="The column that says how many units a row stands for.")
]
Confidence = Annotated[
    float, typer.Option("--confidence", min=0.5, max=0.999, help="What the interval covers.")
]
Resamples = Annotated[
    int, typer.Option("--resamples", min=0, max=1_000_000, help="0 for no interval.")
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Of the resamples.")]


def estimate_command(  # noqa: PLR0913 - each argument is an option
    graph: Graph,
    query: Asked,
    data: Data,
    *,
    against: Against = None,
    trial: Trial = None,
    count: Count = "",
    confidence: Confidence = 0.95,
    resamples: Resamples = 1000,
    seed: Seed = 0,
    as_json: JsonOption = False,
) -> None:
    """Estimate an identified query from data: plug-in with a bootstrap interval.

    Exit code 1: the query is not identified.
    """
    files = dict(_pair(text, "--trial Z=trial.csv") for text in trial or ())
    trials = {tuple(v.strip() for v in names.split(",")): Path(f) for names, f in files.items()}
    answer = identify(load_graph(graph), query, experiments=[(), *trials] if trials else None)
    if isinstance(answer, NotIdentified):
        say(f"{answer}; cig bounds gives the interval that holds it")
        raise typer.Exit(1)
    names = variables_of(answer)
    counts = _counts(data, names, count)
    for assigned, path in trials.items():
        counts = counts.with_trial(assigned, _counts(path, names, count, counts))
    others = dict(_pair(text, "--against X=0") for text in against or ())
    found = estimate(
        answer,
        counts,
        rng=np.random.default_rng(seed),
        against=others,
        confidence=confidence,
        n_resamples=resamples,
    )
    if as_json:
        emit_json(_as_json(found, str(answer.estimand)))
    else:
        say(f"{found}\nby the formula {answer.estimand}")


def _counts(path: Path, names: list[str], count: str, like: Counts | None = None) -> Counts:
    try:
        frame = load_frame(path, [*names, count] if count else names)
        states = like.states if like else None
        return Counts.from_frame(frame, names, count=count or None, states=states)
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror}") from None


def _pair(text: str, example: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name.strip() and equals and value.strip()):
        raise QueryError(f"{text!r} is not NAME=VALUE; write {example}")
    return name.strip(), value.strip()


def _as_json(found: PlugIn, formula: str) -> dict[str, object]:
    return {
        **asdict(found),
        "interval": found.interval and list(found.interval),
        "formula": formula,
    }
