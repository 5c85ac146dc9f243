"""The answers to questions in their JSON form: a probability, a verdict, what to adjust for."""

from collections.abc import Iterable
from itertools import islice
from typing import Any, Final, assert_never

from causal_interface_gym.causal.adjustment import (
    NoAdjustmentSet,
    adjustment_report,
    adjustment_sets,
    frontdoor_sets,
    instruments,
    optimal_adjustment_set,
)
from causal_interface_gym.causal.bounds import Bounds, Extreme
from causal_interface_gym.causal.enumeration import Enumeration
from causal_interface_gym.causal.formats.drawing.layout import places
from causal_interface_gym.causal.formats.model_json import model_to_json
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identification import Identified, NotIdentified, Witness
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.causal.sample import sampled_probability
from causal_interface_gym.errors import InferenceError, WidthError

__all__ = [
    "adjustment_json",
    "bounds_json",
    "layout_json",
    "probability_json",
    "sampled_json",
    "verdict_json",
    "witness_of",
]

# Any: JSON.
Json = dict[str, Any]

_MAX_CHECKED: Final = 20_000
"""Noise states up to which an answer is confirmed by enumeration."""
_MOST: Final = 50
"""Sets that are listed; there may be exponentially many."""


def probability_json(model: SCM, asked: Query) -> Json:
    """Compute a probability exactly, and say how; an outcome without a value gives them all.

    Where the model is small the answer is confirmed by enumerating the noise.

    Raises:
        QueryError: The model has no such variable or state.
        InferenceError: The question has no number in this model.
    """
    answer: Json = {
        "query": str(asked),
        "rung": _rung(asked),
        "method": "variable elimination",
    }
    if all(term.value is None and not term.do for term in asked.outcome):
        names = [term.variable for term in asked.outcome]
        given = {term.variable: term.value for term in asked.given}
        table = model.distribution(names, do=dict(asked.do), given=given)
        return answer | {"distribution": {", ".join(labels): p for labels, p in table.items()}}
    value = model.p(asked)
    return answer | {"value": value, **_check(model, asked, value)}


def verdict_json(verdict: Identified | NotIdentified) -> Json:
    """Write the estimand with its derivation, or what stands in its way and two models."""
    answer: Json = {
        "query": str(verdict.query),
        "input": verdict.input,
        "derivation": [str(step) for step in verdict.derivation],
        "references": list(verdict.references),
    }
    match verdict:
        case Identified():
            return answer | {
                "identified": True,
                "estimand": str(verdict.estimand),
                "latex": verdict.estimand.latex(),
            }
        case NotIdentified():
            obstruction = verdict.obstruction
            return answer | {
                "identified": False,
                "obstruction": {"kind": obstruction.name, "text": str(obstruction)},
                "witness": _witness_json(witness_of(verdict)),
            }
        case _:
            assert_never(verdict)


def witness_of(verdict: NotIdentified) -> Witness | str:
    """Give the pair of models that disagree, or why there is none to show."""
    try:
        return verdict.witness
    except InferenceError as error:
        return str(error)


def adjustment_json(graph: ADMG, *, treatment: str, outcome: str) -> Json:
    """List minimal adjustment sets, front doors and instruments, and check the usual candidates.

    ``reason`` is there only where nothing can be adjusted for.

    Raises:
        QueryError: The graph has no such variable.
    """
    report = adjustment_report(graph, treatment=treatment, outcome=outcome)
    best = optimal_adjustment_set(graph, treatment=treatment, outcome=outcome)
    none = {"reason": str(report.minimal)} if isinstance(report.minimal, NoAdjustmentSet) else {}
    return {
        "treatment": treatment,
        "outcome": outcome,
        "adjustment_sets": _lists(adjustment_sets(graph, treatment=treatment, outcome=outcome)),
        **none,
        "optimal": {"set": sorted(best)} if isinstance(best, frozenset) else {"none": str(best)},
        "frontdoor_sets": _lists(frontdoor_sets(graph, treatment=treatment, outcome=outcome)),
        "instruments": [
            {"variable": found.variable, "given": sorted(found.given)}
            for found in islice(instruments(graph, treatment=treatment, outcome=outcome), _MOST)
        ],
        "candidates": [
            {
                "habit": candidate.habit,
                "set": list(candidate.check.adjustment),
                "valid": bool(candidate.check),
                "reason": candidate.check.reason,
            }
            for candidate in report.candidates
        ],
    }


def bounds_json(answer: Bounds, *, known: str) -> Json:
    """Write an interval with the models at its ends; ``known`` says what was taken from a model."""
    return {
        "question": answer.question,
        "known": known,
        "lower": answer.lower,
        "upper": answer.upper,
        "sharp": answer.is_sharp,
        "identified": answer.is_identified,
        "method": answer.method,
        "reason": answer.reason,
        "lowest": _extreme_json(answer.lowest),
        "highest": _extreme_json(answer.highest),
        "references": list(answer.references),
    }


def layout_json(found: SCM | ADMG) -> Json:
    """Give each node its place, causes above effects; latent variables of a model are shown.

    ``x`` is from -width/2 to width/2 and ``y`` the number of the layer, both in steps.
    """
    graph, latent = (found.dag, found.latent) if isinstance(found, SCM) else (found, frozenset())
    at = places(graph)
    return {
        "nodes": [
            {"name": v, "x": at[v][0], "y": at[v][1], "latent": v in latent} for v in graph.nodes
        ],
        "directed": [list(edge) for edge in graph.directed],
        "bidirected": [list(edge) for edge in graph.bidirected],
        "width": max((2 * x for x, _ in at.values()), default=0.0),
        "height": max((y for _, y in at.values()), default=0.0),
    }


def _extreme_json(extreme: Extreme | None) -> Json | None:
    if extreme is None:
        return None
    return {"value": extreme.value, "model": model_to_json(extreme.model)}


def _witness_json(witness: Witness | str) -> Json | None:
    if isinstance(witness, str):
        return None
    return {
        "query": str(witness.query),
        "first": witness.p_first,
        "second": witness.p_second,
        "checked": witness.is_checked,
    }


def sampled_json(model: SCM, asked: Query, *, n: int, seed: int) -> Json:
    """Answer from rows that are drawn; the answer says its error and is never exact."""
    found = sampled_probability(model, asked, n=n, seed=seed)
    return {
        "query": str(asked),
        "rung": _rung(asked),
        "method": "sampling",
        "exact": False,
        "value": found.value,
        "standard_error": found.standard_error,
        "rows": found.n,
        "kept": found.n_kept,
        "seed": seed,
    }


def _rung(query: Query) -> str:
    if query.is_counterfactual:
        return "imagining"
    return "doing" if query.do else "seeing"


def _check(model: SCM, query: Query, value: float) -> Json:
    """Say what the second algorithm said."""
    try:
        # Elimination found that no undeclared coupling matters, so any one must agree.
        enumeration = Enumeration(model, undeclared="comonotone", limit=_MAX_CHECKED)
        again = enumeration.probability(query)
    except WidthError:
        return {"confirmed": False, "check": "too large to confirm by enumeration"}
    text = f"confirmed by enumeration (difference {abs(again - value):.1e})"
    return {"confirmed": True, "check": text}


def _lists(sets: Iterable[frozenset[str]]) -> list[list[str]]:
    return [sorted(found) for found in islice(sets, _MOST)]
