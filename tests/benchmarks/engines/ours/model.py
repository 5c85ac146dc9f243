"""Our engine's numbers: doing and imagining, through its public names only."""

from collections.abc import Callable

from causal_interface_gym.causal import SCM, Query
from causal_interface_gym.causal.formats.bif import read_bif
from causal_interface_gym.causal.query import Term
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


def posteriors(task: Task) -> Callable[[Question], Timed]:
    """Answer P(v | e) for every v, in the order of the file."""
    model = read_bif(task.network)

    def prepare(question: Question) -> Timed:
        if not isinstance(question, NetworkQuestion):
            raise TypeError(question)
        seen = {question.treatment: question.state}

        def read(raw: object) -> Answer:
            if not isinstance(raw, dict):
                raise TypeError(raw)
            return [float(p) for name in model.states for p in raw[name]]

        return Timed(lambda: model.marginals(given=seen), read)

    return prepare


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


ROWS = {
    "effect": effects,
    "posteriors": posteriors,
    "counterfactual": counterfactuals,
}
