"""``cig query``: an exact probability, with how it was found."""

from dataclasses import dataclass
from typing import Annotated, Final

import typer

from causal_interface_gym.causal import SCM, Query
from causal_interface_gym.causal.enumeration import Enumeration
from causal_interface_gym.cli.engine.loading import load_model
from causal_interface_gym.cli.output import JsonOption, emit_json, say
from causal_interface_gym.errors import WidthError

__all__ = ["query_command"]

_MAX_CHECKED: Final = 20_000
"""Noise states up to which the answer is confirmed by enumeration."""

Model = Annotated[
    str,
    typer.Argument(help="A scenario id, a .bif file, or a model's .json file.", show_default=False),
]
Asked = Annotated[str, typer.Argument(metavar="QUERY", help='For example "P(y=1 | do(x=1))".')]


@dataclass(frozen=True, slots=True)
class _Check:
    """What the second algorithm said."""

    text: str
    confirmed: bool


def query_command(model: Model, query: Asked, as_json: JsonOption = False) -> None:
    """Compute a probability exactly: seeing, doing or imagining.

    An outcome without a value gives its whole distribution. Where the model is small the answer
    is confirmed by enumerating the noise.
    """
    found, asked = load_model(model), Query.parse(query)
    if all(term.value is None and not term.do for term in asked.outcome):
        _distribution(found, asked, as_json)
        return
    value = found.p(asked)
    check = _check(found, asked, value)
    rung = _rung(asked)
    if as_json:
        emit_json(
            {
                "query": str(asked),
                "value": value,
                "rung": rung,
                "method": "variable elimination",
                "confirmed": check.confirmed,
                "check": check.text,
            }
        )
        return
    say(f"{asked} = {value:.10g}")
    say(f"{rung}; by variable elimination; {check.text}")


def _distribution(model: SCM, asked: Query, as_json: bool) -> None:
    names = [term.variable for term in asked.outcome]
    given = {term.variable: term.value for term in asked.given}
    table = model.distribution(names, do=dict(asked.do), given=given)
    rows = {", ".join(labels): p for labels, p in table.items()}
    if as_json:
        emit_json(
            {
                "query": str(asked),
                "distribution": rows,
                "rung": _rung(asked),
                "method": "variable elimination",
            }
        )
        return
    say(str(asked))
    for labels, p in rows.items():
        say(f"   {labels}: {p:.10g}")
    say(f"{_rung(asked)}; by variable elimination")


def _rung(query: Query) -> str:
    if query.is_counterfactual:
        return "imagining"
    return "doing" if query.do else "seeing"


def _check(model: SCM, query: Query, value: float) -> _Check:
    try:
        # Elimination found that no undeclared coupling matters, so any one must agree.
        enumeration = Enumeration(model, undeclared="comonotone", limit=_MAX_CHECKED)
        again = enumeration.probability(query)
    except WidthError:
        return _Check("too large to confirm by enumeration", confirmed=False)
    return _Check(f"confirmed by enumeration (difference {abs(again - value):.1e})", confirmed=True)
