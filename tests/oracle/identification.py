"""Formulas from graphs, compared with enumeration; verdicts of none, with their two models.

A model of the graph is drawn with a latent for every bidirected edge. The truth P(y, z | do(x)) is
summed out of the product of its tables; the formula sees the observational joint distribution only,
which is enumerated too.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal import ADMG, SCM, Query
from causal_interface_gym.causal.enumeration import enumerate_joint
from causal_interface_gym.causal.identification import Identified, NotIdentified, identify
from causal_interface_gym.causal.query import Term
from causal_interface_gym.errors import PositivityViolation
from tests.oracle.adjustment import check_adjustment, check_separation
from tests.oracle.effects_of_models import Question, Seen
from tests.oracle.models import admg_model, random_admg
from tests.oracle.tally import TOLERANCE, Tally

__all__ = ["check_graph", "check_identification"]

Rng = np.random.Generator
Floats = NDArray[np.float64]
_CELLS = 3


def check_graph(rng: Rng, tally: Tally) -> None:
    """Draw a mixed graph and a model of it, and ask for effects."""
    graph = random_admg(rng, int(rng.choice([3, 4, 5, 6], p=[0.25, 0.35, 0.25, 0.15])))
    p_zero = float(rng.choice([0.0, 0.2], p=[0.8, 0.2]))
    model = admg_model(rng, graph, p_zero=p_zero)
    check_identification(rng, graph, model, tally, is_generic=p_zero == 0)


def check_identification(
    rng: Rng, graph: ADMG, model: SCM, tally: Tally, *, is_generic: bool = False
) -> None:
    """Compare what a graph says about effects with a model of it."""
    seen = Seen(model)
    for question in _questions(rng, graph.nodes):
        _check_question(rng, graph, seen, question, tally)
    check_separation(rng, graph, seen, tally, is_generic=is_generic)
    check_adjustment(rng, graph, seen, tally, is_generic=is_generic)


def _questions(rng: Rng, nodes: Sequence[str]) -> Iterator[Question]:
    """Draw two effects and two conditional effects, of one or several variables."""
    for n_given in (0, 0, 1, 1):
        names = [str(nodes[i]) for i in rng.permutation(len(nodes))]
        n_y = int(rng.choice([1, 2], p=[0.8, 0.2])) if len(names) > 3 else 1
        n_x = int(rng.choice([1, 2], p=[0.7, 0.3])) if len(names) > n_y + n_given + 1 else 1
        n_z = min(n_given + int(n_given and rng.random() < 0.3), len(names) - n_y - n_x)
        y, x, z = names[:n_y], names[n_y : n_y + n_x], names[n_y + n_x : n_y + n_x + n_z]
        yield Question(tuple(y), tuple(x), tuple(z))


def _check_question(rng: Rng, graph: ADMG, seen: Seen, question: Question, tally: Tally) -> None:
    kind = "idc" if question.given else "id"
    what = f"{question.query} in {graph!r}"
    match identify(graph, question.query):
        case Identified() as answer:
            _check_estimand(rng, answer, seen, question, (kind, what), tally)
        case NotIdentified() as answer:
            _check_witness(answer, graph, question, (f"{kind} witness", what), tally)


def _check_estimand(
    rng: Rng,
    answer: Identified,
    seen: Seen,
    question: Question,
    label: tuple[str, str],
    tally: Tally,
) -> None:
    """Compare the whole table, or single cells where positivity fails somewhere."""
    kind, what = label
    what = f"{what}: {answer.estimand}"
    truth = question.truth(seen)
    names = (*question.treatment, *question.given, *question.outcome)
    try:
        table = answer.estimand.evaluate(seen)
    except PositivityViolation:
        for _ in range(_CELLS):
            place = tuple(int(rng.integers(n)) for n in truth.shape)
            values = {v: seen.states[v][i] for v, i in zip(names, place, strict=True)}
            if np.isnan(truth[place]):  # the model has no answer, whatever the formula says
                tally.impossible[f"{kind} cell"] += 1
                continue
            tally.compare(
                f"{kind} cell",
                f"{what} at {values}",
                partial(_number, answer, seen, values),
                partial(truth.item, *place),
            )
        return
    assert not isinstance(table, float)
    found = table.values.transpose([table.variables.index(v) for v in names])
    worst = np.nanmax(abs(found - truth), initial=0.0)
    is_number = bool(np.isfinite(found).all())
    tally.check(kind, what, float(worst) if is_number else float("nan"), 0.0)


def _number(answer: Identified, seen: Seen, values: Mapping[str, str]) -> float:
    found = answer.estimand.evaluate(seen, values)
    assert isinstance(found, float)
    return found


def _check_witness(
    answer: NotIdentified,
    graph: ADMG,
    question: Question,
    label: tuple[str, str],
    tally: Tally,
) -> None:
    """The two models agree on every observed probability, all positive, and not on the query."""
    kind, what = label
    witness = answer.witness
    one, other = Seen(witness.first), Seen(witness.second)
    fits = all(_is_within(m.graph, graph) for m in (witness.first, witness.second))
    names = sorted(one.variables)
    same = sorted(other.variables) == names and all(one.states[v] == other.states[v] for v in names)
    tally.hold(kind, what, fits and same, "the models are not of this graph")
    if not (fits and same):
        return
    seen, seen_too = one.table(names), other.table(names)
    gap = float(abs(seen - seen_too).max())
    tally.check(kind, f"{what}: P(v)", gap, 0.0)
    positive = min(float(seen.min()), float(seen_too.min())) > 0
    tally.hold(kind, what, positive, "an observed probability is 0")
    first, second = (_asked(s, witness.query) for s in (one, other))
    tally.hold(kind, what, abs(first - second) > 1e3 * TOLERANCE, f"both give {first}")
    tally.check(kind, f"{what}: first model", witness.p_first, first)
    tally.check(kind, f"{what}: second model", witness.p_second, second)


def _asked(seen: Seen, query: Query) -> float:
    """Give the query's number by the truncated product."""
    do = {name: str(label) for name, label in query.do}
    joint = enumerate_joint(seen.model, do=do)

    def total(terms: Sequence[Term]) -> float:
        where: list[int | slice] = [slice(None)] * joint.ndim
        for term in terms:
            place = seen.model.nodes.index(term.variable)
            where[place] = seen.states[term.variable].index(str(term.value))
        return float(joint[tuple(where)].sum())

    return total((*query.outcome, *query.given)) / total(query.given)


def _is_within(part: ADMG, whole: ADMG) -> bool:
    """Say whether a model's graph has no edge that the graph lacks."""
    arcs = {frozenset(edge) for edge in whole.bidirected}
    return set(part.directed) <= set(whole.directed) and all(
        frozenset(edge) in arcs for edge in part.bidirected
    )
