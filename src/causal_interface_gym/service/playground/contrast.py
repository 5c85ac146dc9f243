"""Seeing beside doing: both numbers, their difference, the lures, and where a belief lies.

Every number that the playground shows comes from here, so the page computes none.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

from causal_interface_gym.causal import SCM, Query
from causal_interface_gym.causal.adjustment import is_adjustment_set
from causal_interface_gym.causal.query import Term
from causal_interface_gym.errors import ImpossibleEventError, InferenceError, QueryError
from causal_interface_gym.questions.adjusting import adjusted_probability
from causal_interface_gym.service.playground.forms import CaseForm, ContrastForm, Setting

__all__ = ["contrast_json", "others"]

# Any: JSON.
Json = dict[str, Any]
_LEAST: Final = 1e-12
"""What a belief of 0 or 1 counts as where its logarithm is taken."""


def contrast_json(model: SCM, asked: ContrastForm) -> Json:
    """Compute P(y | x) and P(y | do(x)) with what lies between them.

    A number that does not exist is replaced by ``undefined``, which says why.

    Raises:
        QueryError: The model has no such variable or state.
        WidthError: The model is too wide for exact answers.
    """
    do, given = others(asked)
    y, x = {asked.outcome: asked.state}, {asked.treatment: asked.level}
    if asked.treatment == asked.outcome:
        message = "treatment and outcome are two variables; choose another outcome"
        raise QueryError(message)
    see = _number(model, Query.of(y, do=do, given={**given, **x}))
    doing = _number(model, Query.of(y, do={**do, **x}, given=given))
    lures = [{"fallacy": "see for do", **see}, *_lures(model, asked)]
    both = ("value" in see) and ("value" in doing)
    return {
        "see": see,
        "do": doing,
        "bias": see["value"] - doing["value"] if both else None,
        "lures": [lure for lure in lures if "value" in lure],
        "adjusted": _adjusted(model, asked),
        "belief": _belief(asked.belief, doing, lures),
        **_marginals(model, asked),
    }


def others(asked: CaseForm) -> tuple[dict[str, Setting], dict[str, str]]:
    """Give what is done and given on the graph besides treatment and outcome."""
    both = (asked.treatment, asked.outcome)
    do = {name: setting for name, setting in asked.do.items() if name not in both}
    given = {name: label for name, label in asked.given.items() if name not in both}
    return do, given


def _lures(model: SCM, asked: CaseForm) -> list[Json]:
    """Give the numbers that named fallacies would give."""
    do, given = others(asked)
    y, x = {asked.outcome: asked.state}, {asked.treatment: asked.level}
    named = {
        "base rate": Query.of(y, do=do, given=given),
        "reverse direction": Query.of(x, do=do, given={**given, **y}),
        "backwards": Query.of(x, do={**do, **y}, given=given),
    }
    found = [{"fallacy": name, **_number(model, query)} for name, query in named.items()]
    if not do and not given:
        measured = [v for v in model.observed if v not in {asked.treatment, asked.outcome}]
        if measured:
            number = _adjusting(model, asked, measured)
            found.append({"fallacy": "adjust for everything", **number})
    return found


def _adjusted(model: SCM, asked: CaseForm) -> Json | None:
    """Say what adjusting for the nodes in boxes gives, and whether it may be done."""
    if not asked.adjust:
        return None
    check = is_adjustment_set(
        model.graph, asked.adjust, treatment=asked.treatment, outcome=asked.outcome
    )
    verdict = {"set": list(check.adjustment), "valid": bool(check), "reason": check.reason}
    return {**verdict, **_adjusting(model, asked, list(asked.adjust))}


def _adjusting(model: SCM, asked: CaseForm, names: list[str]) -> Json:
    text = ", ".join(names)
    x, y = Term(asked.treatment, asked.level), Term(asked.outcome, asked.state)
    formula = f"sum over {text} of P({y} | {x}, {text}) P({text})"

    def value() -> float:
        return adjusted_probability(model, treatment=x, outcome=y, adjust=names)

    return {"query": formula, **_defined(value)}


def _belief(belief: float | None, doing: Json, lures: list[Json]) -> Json | None:
    """Judge a belief: its losses, and which number it comes nearest to."""
    if belief is None or "value" not in doing:
        return None
    truth = doing["value"]
    numbers = [("truth", truth), *((x["fallacy"], x["value"]) for x in lures if "value" in x)]
    nearest, value = min(numbers, key=lambda pair: abs(pair[1] - belief))
    return {
        "p": belief,
        "brier": (belief - truth) ** 2,
        "log": _divergence(truth, belief),
        "nearest": nearest,
        "distance": abs(value - belief),
    }


def _divergence(truth: float, belief: float) -> float:
    """Give the expected loss of bits: sum of t log2(t / b) over the event and its opposite."""
    pairs = ((truth, belief), (1 - truth, 1 - belief))
    return sum(t * math.log2(t / max(b, _LEAST)) for t, b in pairs if t > 0)


def _marginals(model: SCM, asked: CaseForm) -> Json:
    """Give the distribution of every variable in the world as it is drawn."""
    try:
        tables = model.marginals(do=_plain(asked.do), given=dict(asked.given))
    except (ImpossibleEventError, InferenceError) as error:
        return {"marginals": {}, "undefined": str(error)}
    labels = model.states
    return {
        "marginals": {
            name: {label: float(p) for label, p in zip(labels[name], table, strict=True)}
            for name, table in tables.items()
        }
    }


def _plain(do: Mapping[str, Setting]) -> dict[str, Any]:  # Any: a state or a mapping
    return dict(do)


def _number(model: SCM, query: Query) -> Json:
    return {"query": str(query), **_defined(lambda: model.p(query))}


def _defined(value: Callable[[], float]) -> Json:
    try:
        return {"value": value()}
    except ImpossibleEventError as error:
        return {"undefined": str(error)}
