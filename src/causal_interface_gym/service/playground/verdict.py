"""Whether an effect follows from observation: formula, sets, paths; else hedge, bounds, advice."""

import math
from collections.abc import Callable, Iterator
from itertools import combinations, islice
from typing import Any, Final

from causal_interface_gym.causal import ADMG, SCM, Identified, NotIdentified, Query, identify
from causal_interface_gym.causal.adjustment.paths import Path, paths_between
from causal_interface_gym.causal.bounds import Bounds, Knowledge, bounds
from causal_interface_gym.causal.formats.answers import adjustment_json, verdict_json
from causal_interface_gym.causal.identification.hedge import Hedge
from causal_interface_gym.causal.query import Term
from causal_interface_gym.errors import (
    CausalGymError,
    ImpossibleEventError,
    UndeclaredCouplingError,
    WidthError,
)
from causal_interface_gym.service.playground.contrast import others
from causal_interface_gym.service.playground.forms import CaseForm

__all__ = ["imagine_json", "verdict_of_case"]

# Any: JSON.
Json = dict[str, Any]
_MOST_HIDDEN: Final = 2
_MOST_ADVICE: Final = 6
_MOST_BLOCKS: Final = 4_096
"""Joint response functions up to which bounds are computed while somebody waits."""
_MOST_CELLS: Final = 1 << 14


def verdict_of_case(found: SCM | ADMG, asked: CaseForm) -> Json:
    """Decide about P(outcome | do(treatment), given) and list what helps to see why.

    Raises:
        QueryError: The graph has no such variable.
    """
    graph = found.graph if isinstance(found, SCM) else found
    do, given = others(asked)
    acted = [asked.treatment, *do]
    query = Query.of([asked.outcome], do=dict.fromkeys(acted), given=list(given))
    verdict = identify(graph, query)
    answer = verdict_json(verdict)
    cut = graph.do(list(do)) if do else graph
    boxes = [name for name in dict.fromkeys((*asked.adjust, *given)) if name in graph.nodes]
    listed = paths_between(cut, treatment=asked.treatment, outcome=asked.outcome, given=boxes)
    answer |= {
        "paths": [_path_json(path) for path in listed.paths],
        "has_more_paths": not listed.is_complete,
        "adjustment": adjustment_json(cut, treatment=asked.treatment, outcome=asked.outcome),
    }
    if isinstance(verdict, NotIdentified):
        answer |= _remedies(found, query, asked, verdict)
    return answer


def imagine_json(model: SCM, asked: CaseForm) -> Json:
    """Say what would have been: the outcome under each level, for those who were as they were.

    Where the tables do not fix the number, the interval that holds it is given.

    Raises:
        QueryError: The model has no such variable or state.
    """
    y = asked.state
    model.state(asked.treatment, asked.level)
    factual = {asked.treatment: asked.level, asked.outcome: y}
    levels = [label for label in model.states[asked.treatment] if label != asked.level]
    return {
        "factual": factual,
        "worlds": [_imagined(model, asked, level, factual) for level in levels],
    }


def _imagined(model: SCM, asked: CaseForm, level: str, factual: dict[str, str]) -> Json:
    term = Term(asked.outcome, asked.state, ((asked.treatment, level),))
    query = Query((term,), tuple(Term(name, label) for name, label in factual.items()))
    answer: Json = {"level": level, "query": str(query)}
    try:
        return answer | {"value": model.p(query)}
    except UndeclaredCouplingError as error:
        return answer | {"undefined": str(error), "bounds": _bounds_json(lambda: model, query)}
    except ImpossibleEventError as error:
        return answer | {"undefined": str(error)}


def _remedies(found: SCM | ADMG, query: Query, asked: CaseForm, verdict: NotIdentified) -> Json:
    more: Json = {
        "measure": [list(names) for names in islice(_helpful(found, query), _MOST_ADVICE)]
    }
    if isinstance(verdict.obstruction, Hedge):
        hedge = verdict.hedge
        more["hedge"] = {"forest": sorted(hedge.forest), "subforest": sorted(hedge.subforest)}
    if isinstance(found, SCM):
        do, given = others(asked)
        number = Query.of(
            {asked.outcome: asked.state}, do={**do, asked.treatment: asked.level}, given=given
        )
        more["bounds"] = _bounds_json(lambda: _seen(found), number)
    return more


def _seen(model: SCM) -> Knowledge:
    """Keep what observation shows of a model, if it is small enough to wait for.

    Raises:
        WidthError: It is not.
    """
    cells = math.prod(len(model.states[v]) for v in model.observed)
    if cells > _MOST_CELLS:
        raise WidthError(cells, _MOST_CELLS)
    return Knowledge.from_model(model)


def _bounds_json(known: Callable[[], Knowledge | SCM], query: Query) -> Json:
    try:
        return _interval(bounds(known(), query, limit=_MOST_BLOCKS))
    except CausalGymError as error:
        return {"query": str(query), "undefined": str(error)}


def _interval(found: Bounds) -> Json:
    return {
        "query": found.question,
        "lower": found.lower,
        "upper": found.upper,
        "sharp": found.is_sharp,
        "reason": found.reason,
    }


def _helpful(found: SCM | ADMG, query: Query) -> Iterator[tuple[str, ...]]:
    """Give the smallest sets of hidden causes whose measurement would identify the effect."""
    dag, hidden = _explicit(found)
    for n in range(1, _MOST_HIDDEN + 1):
        helpful = [
            names
            for names in combinations(sorted(hidden), n)
            if isinstance(identify(dag.latent_projection(hidden - set(names)), query), Identified)
        ]
        yield from helpful
        if helpful:
            return


def _explicit(found: SCM | ADMG) -> tuple[ADMG, frozenset[str]]:
    """Give the graph with its hidden causes as nodes, and their names."""
    if isinstance(found, SCM):
        return found.dag, frozenset(found.latent)
    named = {f"common cause of {a} and {b}": (a, b) for a, b in found.bidirected}
    arrows = [*found.directed, *((name, end) for name, ends in named.items() for end in ends)]
    return ADMG(arrows, [], [*found.nodes, *named]), frozenset(named)


def _path_json(path: Path) -> Json:
    return {
        "nodes": list(path.nodes),
        "edges": list(path.edges),
        "text": str(path),
        "causal": path.is_causal,
        "open": path.is_open,
        "blockers": list(path.blockers),
        "colliders": list(path.colliders),
    }
