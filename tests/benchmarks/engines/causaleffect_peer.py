"""causaleffect (Python): its ID algorithm; the estimand only, it gives no derivation."""

import importlib
from collections.abc import Callable

from tests.benchmarks.inputs.tasks import GraphQuestion, Question, Task, Timed


def identification(task: Task) -> Callable[[Question], Timed]:
    """Ask for the probability expression, which says itself whether it is identified."""
    library = importlib.import_module("causaleffect")

    def prepare(question: Question) -> Timed:
        if not isinstance(question, GraphQuestion):
            raise TypeError(question)
        arrows = [f"{tail}->{head}" for tail, head in question.directed]
        arcs = [f"{tail}<->{head}" for tail, head in question.bidirected]
        graph = library.createGraph(arrows + arcs)
        outcome, treatment = {question.outcome}, {question.treatment}
        return Timed(
            lambda: library.ID(outcome, treatment, graph),
            lambda raw: bool(raw.identifiable),  # type: ignore[attr-defined]  # the library's class
        )

    return prepare


ROWS = {"identification": identification}
