"""Effects from other populations and plans, compared with enumeration."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import product

import numpy as np

from causal_interface_gym.causal import (
    ADMG,
    SCM,
    Identified,
    NotIdentified,
    Query,
    Source,
    identify_plan,
    transport,
)
from causal_interface_gym.causal.enumeration import enumerate_joint
from causal_interface_gym.causal.identification import (
    IdentifiedPlan,
    NotIdentifiedPlan,
    Thicket,
    Witness,
    check_thicket,
)
from causal_interface_gym.causal.mechanism import Mechanism, Table
from causal_interface_gym.errors import CycleError, InferenceError, WidthError
from tests.oracle.general.laboratory import Laboratory
from tests.oracle.models import admg_model, random_admg, random_rows
from tests.oracle.tally import TOLERANCE, Tally

__all__ = ["check_plan", "check_transport", "check_transport_pair", "two_populations"]

Rng = np.random.Generator
_P_PAIR = 0.15


def check_transport(rng: Rng, tally: Tally) -> None:
    """Draw a graph and sources in up to three populations, and ask for effects."""
    graph = random_admg(rng, int(rng.choice([3, 4, 5])))
    sources = _sources(rng, graph)
    models = two_populations(rng, graph, sources)
    known = {name: Laboratory(model) for name, model in models.items()}
    for _ in range(2):
        query = _effect(rng, models[""], graph)
        verdict = transport(graph, query, sources)
        what = f"{query} in {graph!r} from {[*map(str, sources)]}"
        match verdict:
            case Identified():
                truth = partial(_truth, models[""], query)
                if not np.isfinite(truth()):
                    tally.impossible["transport"] += 1
                    continue
                tally.compare("transport", what, partial(_number, verdict, known), truth)
            case NotIdentified():
                _check_refusal(rng, verdict, what, tally)


def check_plan(rng: Rng, tally: Tally) -> None:
    """Draw a graph and a plan for one or two actions, and ask for the outcome under it."""
    graph = random_admg(rng, int(rng.choice([3, 4, 5])))
    names = [str(v) for v in rng.permutation(graph.nodes)]
    actions = names[1 : 1 + int(rng.choice([1, 2]))]
    plan = {x: [z for z in names[1:] if z != x and rng.random() < 0.4] for x in actions}
    sources = [Source(), Source(frozenset(names[1:2]))] if rng.random() < 0.3 else [Source()]
    what = f"{names[0]} under {plan} in {graph!r} from {[*map(str, sources)]}"
    try:
        answer = identify_plan(graph, names[0], plan, sources=sources)
    except CycleError:  # an action would look at its own effect
        tally.refused["plan"] += 1
        return
    match answer:
        case IdentifiedPlan():
            model = admg_model(rng, graph)
            sizes = {v: len(labels) for v, labels in model.states.items()}
            policy = {x: random_rows(rng, [sizes[v] for v in z], sizes[x]) for x, z in plan.items()}
            tables = {x: Table(tuple(z), policy[x]) for x, z in plan.items()}
            truth = Laboratory(model.change(tables)).table(names[:1])
            label = model.states[names[0]][0]
            engine = partial(answer.evaluate, Laboratory(model), policy, {names[0]: label})
            tally.check("plan", what, float(engine()), float(truth[0]))  # type: ignore[arg-type]  # a label is given
        case NotIdentifiedPlan():
            valid = check_thicket(graph, answer.obstruction, sources)
            tally.hold("plan refusal: thicket", what, valid, str(answer))
            if rng.random() < _P_PAIR:
                _check_plan_pair(answer, plan, what, tally)


def _check_plan_pair(
    answer: NotIdentifiedPlan, plan: Mapping[str, Sequence[str]], what: str, tally: Tally
) -> None:
    try:
        pair = answer.witness
        enumerate_joint(pair.first)
    except WidthError:  # the question or the pair is too large to enumerate
        tally.refused["plan refusal: pair"] += 1
        return
    except InferenceError:
        tally.not_found("plan refusal: pair")
        return
    tables = {x: Table(tuple(z), pair.policy[x]) for x, z in plan.items()}
    numbers = [_truth(m.change(tables), pair.query) for m in (pair.first, pair.second)]
    tally.check("plan refusal: pair", what, numbers[0], pair.p_first)
    differ = abs(numbers[0] - numbers[1]) > 1e2 * TOLERANCE
    tally.hold("plan refusal: pair", what, differ, f"both give {numbers[0]}")
    gap = _gap(pair, answer.inputs, answer.graph.nodes)
    tally.check("plan refusal: pair", f"{what}: input", gap, 0.0)


def two_populations(rng: Rng, graph: ADMG, sources: Sequence[Source]) -> dict[str, SCM]:
    """Draw a model, and one for each other population with new tables for what differs."""
    target = admg_model(rng, graph)
    models = {"": target}
    for source in sources:
        changed: dict[str, Mechanism] = {}
        for v in sorted(source.differs):
            old = target.mechanisms[v]
            rows = random_rows(rng, target.cpt(v).shape[:-1], target.cpt(v).shape[-1])
            changed[v] = Table(old.parents, rows)
        models.setdefault(source.domain, target.change(changed) if changed else target)
    return models


def _sources(rng: Rng, graph: ADMG) -> list[Source]:
    found = [Source()] if rng.random() < 0.7 else []
    for domain in ("a", "b")[: int(rng.choice([1, 2]))]:
        differs = frozenset(v for v in graph.nodes if rng.random() < 0.3)
        do = frozenset(v for v in graph.nodes if rng.random() < 0.4)
        found += [Source(do, domain, differs), Source(frozenset(), domain, differs)]
    return found


def _effect(rng: Rng, model: SCM, graph: ADMG) -> Query:
    names = [str(v) for v in rng.permutation(graph.nodes)]
    label = {v: model.states[v][int(rng.integers(len(model.states[v])))] for v in names}
    n_x, n_z = int(rng.choice([1, 2])), int(rng.choice([0, 1], p=[0.7, 0.3]))
    x, z = names[1 : 1 + n_x], names[1 + n_x : 1 + n_x + n_z]
    return Query.of(
        outcome={names[0]: label[names[0]]},
        do={v: label[v] for v in x},
        given={v: label[v] for v in z},
    )


def _number(verdict: Identified, known: Mapping[str, Laboratory]) -> float:
    found = verdict.estimand.evaluate(known)
    assert isinstance(found, float)
    return found


def _truth(model: SCM, query: Query) -> float:
    joint = enumerate_joint(model, do={name: str(label) for name, label in query.do})
    events = [(t.variable, str(t.value)) for t in (*query.outcome, *query.given)]
    some = [_at(model, pairs) for pairs in (events, events[len(query.outcome) :])]
    top, bottom = (float(joint[place].sum()) for place in some)
    return top / bottom if bottom > 0 else float("nan")


def _at(model: SCM, pairs: Sequence[tuple[str, str]]) -> tuple[int | slice, ...]:
    where: list[int | slice] = [slice(None)] * len(model.nodes)
    for v, label in pairs:
        where[model.nodes.index(v)] = model.states[v].index(label)
    return tuple(where)


def _check_refusal(rng: Rng, verdict: NotIdentified, what: str, tally: Tally) -> None:
    found = verdict.obstruction
    assert isinstance(found, Thicket)
    assert not isinstance(verdict.inputs, str)
    valid = check_thicket(verdict.graph, found, verdict.inputs)
    tally.hold("transport refusal: thicket", what, valid, str(found))
    if rng.random() < _P_PAIR:
        check_transport_pair(verdict, "transport refusal: pair", what, tally)


def check_transport_pair(verdict: NotIdentified, kind: str, what: str, tally: Tally) -> None:
    """Both models of each population agree on all that its sources show; the target's differ."""
    try:
        pair = verdict.witness
        enumerate_joint(pair.first)
    except WidthError:  # the question or the pair is too large to enumerate
        tally.refused[kind] += 1
        return
    except InferenceError:
        tally.not_found(kind)
        return
    assert not isinstance(verdict.inputs, str)
    tally.check(kind, f"{what}: input", _gap(pair, verdict.inputs, verdict.graph.nodes), 0.0)
    first, second = (_truth(m, pair.query) for m in (pair.first, pair.second))
    tally.hold(kind, what, abs(first - second) > 1e2 * TOLERANCE, f"both give {first}")
    tally.check(kind, f"{what}: first model", pair.p_first, first)
    tally.check(kind, f"{what}: second model", pair.p_second, second)
    for source in verdict.inputs:
        if source.domain:
            alike = _alike(pair, source)
            tally.hold(kind, f"{what}: {source}", alike, "what does not differ has changed")


def _gap(pair: Witness, inputs: Sequence[Source], names: Sequence[str]) -> float:
    gap = 0.0
    for source in inputs:
        models = pair.elsewhere[source.domain] if source.domain else (pair.first, pair.second)
        one, other = (Laboratory(model) for model in models)
        left = [v for v in names if v not in source.do]
        for setting in _settings(models[0], sorted(source.do)):
            difference = one.table(left, do=setting) - other.table(left, do=setting)
            gap = max(gap, float(abs(difference).max()))
    return gap


def _settings(model: SCM, names: Sequence[str]) -> Iterator[dict[str, str]]:
    for labels in product(*(model.states[v] for v in names)):
        yield dict(zip(names, labels, strict=True))


def _alike(pair: Witness, source: Source) -> bool:
    """A population's model has the target's tables except where it differs."""
    for here, there in zip((pair.first, pair.second), pair.elsewhere[source.domain], strict=True):
        for v in here.nodes:
            if v not in source.differs and not np.array_equal(here.cpt(v), there.cpt(v)):
                return False
    return True
