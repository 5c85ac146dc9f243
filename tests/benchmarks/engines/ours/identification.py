"""Our engine's identification, through its public names only."""

import inspect
import sys
from collections.abc import Callable

from causal_interface_gym.causal import ADMG, Identified, Query, identify
from tests.benchmarks.inputs.tasks import GraphQuestion, Question, Task, Timed


def _graph(question: GraphQuestion) -> ADMG:
    return ADMG(directed=question.directed, bidirected=question.bidirected, nodes=question.nodes)


def identification(task: Task) -> Callable[[Question], Timed]:
    """Identify, and write out the estimand and every step of the derivation."""

    def prepare(question: Question) -> Timed:
        if not isinstance(question, GraphQuestion):
            raise TypeError(question)
        graph = _graph(question)
        query = Query.of(outcome=question.outcome, do=question.treatment)

        def call() -> object:
            result = identify(graph, query)
            if not isinstance(result, Identified):
                return False
            return [str(result.estimand), *map(str, result.derivation)]

        return Timed(call, bool)

    return prepare


def unwritten(task: Task) -> Callable[[Question], Timed]:
    """Identify without writing anything out: the verdict with its formula as an object."""

    def prepare(question: Question) -> Timed:
        if not isinstance(question, GraphQuestion):
            raise TypeError(question)
        graph = _graph(question)
        query = Query.of(outcome=question.outcome, do=question.treatment)
        return Timed(lambda: identify(graph, query), lambda raw: isinstance(raw, Identified))

    return prepare


def shallow_stack(task: Task) -> Callable[[Question], Timed]:
    """Identify with a hundred frames of stack left, to show that depth does not matter."""
    prepare = identification(task)
    sys.setrecursionlimit(len(inspect.stack()) + 100)
    return prepare


ROWS = {
    "identification": identification,
    "unwritten": unwritten,
    "shallow_stack": shallow_stack,
}
