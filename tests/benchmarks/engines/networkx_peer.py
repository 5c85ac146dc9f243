"""networkx: a minimal d-separator in the proper back-door graph, built here in its favour."""

import importlib
from collections.abc import Callable

from tests.benchmarks.inputs.tasks import GraphQuestion, Question, Task, Timed


def adjustment(task: Task) -> Callable[[Question], Timed]:
    """Ask for a separator among the nodes that an adjustment set may hold."""
    nx = importlib.import_module("networkx")

    def prepare(question: Question) -> Timed:
        if not isinstance(question, GraphQuestion):
            raise TypeError(question)
        x, y = question.treatment, question.outcome
        graph = nx.DiGraph(list(question.directed))
        graph.add_nodes_from(question.nodes)

        def call() -> object:
            upstream = nx.ancestors(graph, y) | {y}
            first = [v for v in graph.successors(x) if v in upstream]
            barred = {x}.union(first, *(nx.descendants(graph, v) for v in first))
            cut = graph.copy()
            cut.remove_edges_from([(x, v) for v in first])
            return nx.find_minimal_d_separator(cut, x, y, restricted=set(graph) - barred)

        return Timed(call, lambda raw: None if raw is None else sorted(raw))  # type: ignore[call-overload]  # a set

    return prepare


ROWS = {"adjustment": adjustment}
