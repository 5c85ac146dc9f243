"""Our engine's numbers: doing, imagining and sampling, through its public names only."""

from collections.abc import Callable

import numpy as np

from causal_interface_gym.causal import SCM, Query
from causal_interface_gym.causal.formats.bif import read_bif
from causal_interface_gym.causal.query import Term
from causal_interface_gym.causal.sample import sample
from tests.benchmarks.inputs.tasks import Answer, NetworkQuestion, Question, Task, Timed


def effects(task: Task) -> Callable[[Question], Timed]:
    """Answer P(y | do(x)) for every state of y."""
    model = read_bif(task.network)

    def prepare(question: Question) -> Timed:
        if not isinstance(question, NetworkQuestion):
            raise TypeError(question)
        outcome, do = question.outcome, {question.treatment: question.state}
        return Timed(lambda: model.distribution(outcome=outcome, do=do), _numbers)

    return prepare


def _numbers(raw: object) -> Answer:
    if not isinstance(raw, dict):
        raise TypeError(raw)
    return [float(p) for p in raw.values()]


def counterfactuals(task: Task) -> Callable[[Question], Timed]:
    """Answer P(y had x been x' | e) for one value of y."""
    tables = read_bif(task.network)
    model = SCM.from_tables(
        states=tables.states,
        parents={name: mechanism.parents for name, mechanism in tables.mechanisms.items()},
        tables={name: tables.cpt(name) for name in tables.nodes},
        coupling="comonotone",
    )

    def prepare(question: Question) -> Timed:
        if not isinstance(question, NetworkQuestion):
            raise TypeError(question)
        world = ((question.treatment, question.state),)
        query = Query(
            outcome=(Term(question.outcome, question.value, world),),
            given=tuple(Term(name, label) for name, label in question.given),
        )
        return Timed(lambda: model.p(query), lambda raw: [float(str(raw))])

    return prepare


def sampling(task: Task) -> Callable[[Question], Timed]:
    """Draw rows; the answer is the frequencies of one column."""
    model = read_bif(task.network)

    def prepare(question: Question) -> Timed:
        if not isinstance(question, NetworkQuestion):
            raise TypeError(question)
        n_rows = int(question.state)
        column, width = question.outcome, len(model.states[question.outcome])

        def read(raw: object) -> Answer:
            counts = np.bincount(np.asarray(raw[column]), minlength=width)  # type: ignore[index]
            return [float(p) for p in counts / n_rows]

        return Timed(lambda: sample(model, n_rows, rng=np.random.default_rng(0)), read)

    return prepare


ROWS = {
    "effect": effects,
    "counterfactual": counterfactuals,
    "sampling": sampling,
}
