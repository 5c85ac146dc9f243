"""Questions over several worlds and several experiments, compared with enumeration.

A formula is evaluated on the enumerated experiments that it may use. A refusal must name an object
that an independent check accepts; its two models must agree on every input, cell by cell, and
differ on the question, by enumeration.
"""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain, combinations, product

import numpy as np

from causal_interface_gym.causal import ADMG, SCM, Identified, NotIdentified, Query, identify
from causal_interface_gym.causal.enumeration import Enumeration
from causal_interface_gym.causal.identification.evidence.thicket import Thicket, check_thicket
from causal_interface_gym.causal.identification.worlds.conflict import (
    ConflictingWorlds,
    check_conflict,
)
from causal_interface_gym.causal.query import Setting, Settings, Term
from causal_interface_gym.errors import (
    ImpossibleEventError,
    InferenceError,
    QueryError,
    WidthError,
)
from tests.oracle.general.laboratory import Laboratory, coupled, sliced_probability
from tests.oracle.models import admg_model, random_admg
from tests.oracle.tally import TOLERANCE, Tally

__all__ = ["check_verdict", "check_worlds", "random_experiments", "random_question"]

Rng = np.random.Generator
Experiments = list[tuple[str, ...]] | str | None

_P_PAIR = 0.15
"""Share of the refusals whose pair of models is built and enumerated."""


def check_worlds(rng: Rng, tally: Tally) -> None:
    """Draw a mixed graph and a model of it, and ask over several worlds."""
    graph = random_admg(rng, int(rng.choice([3, 4, 5], p=[0.45, 0.4, 0.15])))
    model = coupled(rng, admg_model(rng, graph, p_zero=float(rng.choice([0.0, 0.2], p=[0.8, 0.2]))))
    for _ in range(3):
        query = random_question(rng, model)
        check_verdict(rng, graph, model, query, random_experiments(rng, graph), tally)


def random_experiments(rng: Rng, graph: ADMG) -> Experiments:
    """Draw what is known: observation, everything, or some experiments."""
    kind = rng.random()
    if kind < 0.35:
        return None
    if kind < 0.6:
        return "all"
    names = graph.nodes
    found = [tuple(v for v in names if rng.random() < 0.4) for _ in range(int(rng.integers(1, 4)))]
    return [(), *found] if rng.random() < 0.5 else found


def random_question(rng: Rng, model: SCM) -> Query:
    """Draw events in up to three worlds, some of them given, some worlds nested."""
    names = list(model.observed)

    def label(v: str) -> str:
        return model.states[v][int(rng.integers(len(model.states[v])))]

    def settings(depth: int) -> Settings:
        some = [names[i] for i in rng.permutation(len(names))[: int(rng.choice([1, 2]))]]
        found: list[tuple[str, Setting]] = []
        for v in some:
            nested = depth and rng.random() < 0.25
            found.append((v, Term(v, None, settings(0)) if nested else label(v)))
        return tuple(sorted(found))

    base = settings(0) if rng.random() < 0.25 else ()
    pool = [(), settings(1), settings(1)]

    def term() -> Term:
        v = names[int(rng.integers(len(names)))]
        return Term(v, label(v), pool[int(rng.integers(len(pool)))])

    outcome = tuple(term() for _ in range(int(rng.choice([1, 2], p=[0.6, 0.4]))))
    given = tuple(term() for _ in range(int(rng.choice([0, 1, 2], p=[0.4, 0.35, 0.25]))))
    return Query(outcome, given, base)


def check_verdict(
    rng: Rng, graph: ADMG, model: SCM, query: Query, experiments: Experiments, tally: Tally
) -> None:
    """Compare one verdict with the model."""
    name = "id*" if experiments in (None, "all") else "gid*"
    kind = f"{name}c" if query.given else name
    what = f"{query} in {graph!r} from {experiments}"
    known = [()] if experiments is None else experiments
    truth = partial(Enumeration(model).probability, query)
    asked, values = _opened(rng, query) if rng.random() < 0.3 else (query, {})
    what = f"{asked} at {values}, {what}" if values else what
    try:
        verdict = identify(graph, asked, experiments=known)
    except ImpossibleEventError:
        tally.compare(kind, what, partial(_raise_impossible, query), truth)
        return
    except QueryError:  # whether open events contradict depends on the value
        if not values:
            raise
        tally.refused[kind] += 1
        return
    match verdict:
        case Identified():
            if _is_impossible(truth):  # the model has no answer, whatever the formula says
                tally.impossible[kind] += 1
                return
            laboratory = Laboratory(model)
            engine = partial(_number, verdict, laboratory, values)
            tally.compare(kind, f"{what}: {verdict}", engine, truth)
        case NotIdentified():
            _check_refusal(rng, verdict, f"{kind} refusal", what, tally)


def _opened(rng: Rng, query: Query) -> tuple[Query, dict[str, str]]:
    """Leave the value of one outcome open, and say what it was."""
    place = int(rng.integers(len(query.outcome)))
    term = query.outcome[place]
    left = list(query.outcome)
    left[place] = Term(term.variable, None, term.do)
    return Query(tuple(left), query.given, query.do), {term.variable: str(term.value)}


def _is_impossible(truth: Callable[[], float]) -> bool:
    try:
        truth()
    except ImpossibleEventError:
        return True
    except WidthError:
        return False
    return False


def _raise_impossible(query: Query) -> float:
    raise ImpossibleEventError(str(query))


def _number(verdict: Identified, laboratory: Laboratory, values: dict[str, str]) -> float:
    found = verdict.estimand.evaluate(laboratory, values)
    assert isinstance(found, float)
    return found


def _check_refusal(rng: Rng, verdict: NotIdentified, kind: str, what: str, tally: Tally) -> None:
    found = verdict.obstruction
    if isinstance(found, ConflictingWorlds):
        tally.hold(f"{kind}: worlds", what, check_conflict(verdict.graph, found), str(found))
    else:
        assert isinstance(found, Thicket)
        assert not isinstance(verdict.inputs, str)
        valid = check_thicket(verdict.graph, found, verdict.inputs)
        tally.hold(f"{kind}: thicket", what, valid, str(found))
    if rng.random() > _P_PAIR:
        return
    try:
        check_pair(verdict, f"{kind}: pair", what, tally)
    except WidthError:
        tally.refused[f"{kind}: pair"] += 1


def check_pair(verdict: NotIdentified, kind: str, what: str, tally: Tally) -> None:
    """The models agree on the whole input and, sliced and enumerated, differ on the query."""
    try:
        pair = verdict.witness
    except InferenceError as error:
        if isinstance(error, WidthError):
            raise
        tally.not_found(kind)
        return
    one, other = Laboratory(pair.first), Laboratory(pair.second)
    names = list(verdict.graph.nodes)
    gap, least = 0.0, 1.0
    for do in _experiments(verdict, names):
        left = [v for v in names if v not in do]
        for labels in product(*(pair.first.states[v] for v in do)):
            setting = dict(zip(do, labels, strict=True))
            tables = [laboratory.table(left, do=setting) for laboratory in (one, other)]
            gap = max(gap, float(abs(tables[0] - tables[1]).max()))
            least = min(least, *(float(table.min()) for table in tables))
    tally.check(kind, f"{what}: input", gap, 0.0)
    tally.hold(kind, what, least > 0, "a probability of the input is 0")
    first, second = (sliced_probability(m, pair.query) for m in (pair.first, pair.second))
    tally.hold(kind, what, abs(first - second) > 1e2 * TOLERANCE, f"both give {first}")
    tally.check(kind, f"{what}: first model", pair.p_first, first)
    tally.check(kind, f"{what}: second model", pair.p_second, second)


def _experiments(verdict: NotIdentified, names: Sequence[str]) -> list[tuple[str, ...]]:
    if not isinstance(verdict.inputs, str):
        return [tuple(sorted(source.do)) for source in verdict.inputs]
    sizes = range(len(names) + 1)
    return list(chain.from_iterable(combinations(names, n) for n in sizes))
