"""antecedent (Rust core): the verdict of its general ID, and its back-door set."""

import importlib
from collections.abc import Callable

from tests.benchmarks.inputs.tasks import GraphQuestion, Question, Task, Timed


def identification(task: Task) -> Callable[[Question], Timed]:
    """Ask the Rust core for the verdict alone, the cheapest way it offers."""
    native = importlib.import_module("antecedent._native")
    errors = importlib.import_module("antecedent.errors")

    def prepare(question: Question) -> Timed:
        if not isinstance(question, GraphQuestion):
            raise TypeError(question)
        names = list(question.nodes)
        graph = native.Admg.from_edges(names, list(question.directed), list(question.bidirected))
        x, y = question.treatment, question.outcome

        def call() -> object:
            try:
                return native.identify_ate_admg(names, graph, x, y, identifier="general.id")
            except errors.EffectNotIdentified:
                return None

        return Timed(call, lambda raw: raw is not None)

    return prepare


def adjustment(task: Task) -> Callable[[Question], Timed]:
    """Ask for its back-door adjustment set."""
    native = importlib.import_module("antecedent._native")

    def prepare(question: Question) -> Timed:
        if not isinstance(question, GraphQuestion):
            raise TypeError(question)
        names, arrows = list(question.nodes), list(question.directed)
        x, y = question.treatment, question.outcome
        return Timed(
            lambda: native.identify_ate(names, arrows, x, y, identifier="backdoor.adjustment"),
            lambda raw: sorted(raw[2]),  # type: ignore[index]  # a triple: status, method, set
        )

    return prepare


ROWS = {"identification": identification, "adjustment": adjustment}
