"""causal-hub (Rust core): its minimal back-door set."""

import importlib
from collections.abc import Callable

from tests.benchmarks.inputs.tasks import GraphQuestion, Question, Task, Timed


def adjustment(task: Task) -> Callable[[Question], Timed]:
    """Ask for the minimal back-door set of a directed graph."""
    models = importlib.import_module("causal_hub.models")

    def prepare(question: Question) -> Timed:
        if not isinstance(question, GraphQuestion):
            raise TypeError(question)
        graph = models.DiGraph.empty(list(question.nodes))
        for tail, head in question.directed:
            graph.add_edge(tail, head)
        x, y = [question.treatment], [question.outcome]
        return Timed(
            lambda: graph.find_minimal_backdoor_set(x, y),
            lambda raw: None if raw is None else sorted(raw),  # type: ignore[call-overload]  # a list
        )

    return prepare


ROWS = {"adjustment": adjustment}
