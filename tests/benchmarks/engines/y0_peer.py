"""y0: its ID algorithm; the estimand only, it gives no derivation."""

import importlib
from collections.abc import Callable

from tests.benchmarks.inputs.tasks import GraphQuestion, Question, Task, Timed


def identification(task: Task) -> Callable[[Question], Timed]:
    """Ask for the estimand, or nothing where the effect is not identified."""
    graphs = importlib.import_module("y0.graph")
    dsl = importlib.import_module("y0.dsl")
    identify = importlib.import_module("y0.algorithm.identify").identify_outcomes

    def prepare(question: Question) -> Timed:
        if not isinstance(question, GraphQuestion):
            raise TypeError(question)
        graph = graphs.NxMixedGraph.from_str_edges(
            nodes=question.nodes,
            directed=list(question.directed),
            undirected=list(question.bidirected),
        )
        treatment, outcome = dsl.Variable(question.treatment), dsl.Variable(question.outcome)
        return Timed(lambda: identify(graph, treatment, outcome), lambda raw: raw is not None)

    return prepare


ROWS = {"identification": identification}
