"""pgmpy: do() with variable elimination, and its minimal adjustment set."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.inputs.networks import read_network
from tests.benchmarks.inputs.tasks import (
    Answer,
    GraphQuestion,
    NetworkQuestion,
    Question,
    Task,
    Timed,
)


def effects(task: Task) -> Callable[[Question], Timed]:
    """Answer P(y | do(x)): do() copies the model, a new elimination answers."""
    readers = importlib.import_module("pgmpy.readwrite")
    inference = importlib.import_module("pgmpy.inference")
    model = readers.BIFReader(task.network).get_model()
    states = read_network(Path(task.network)).states

    def prepare(question: Question) -> Timed:
        if not isinstance(question, NetworkQuestion):
            raise TypeError(question)
        x, y, label = question.treatment, question.outcome, question.state

        def call() -> object:
            engine = inference.VariableElimination(model.do([x]))
            return engine.query([y], evidence={x: label}, show_progress=False)

        def read(raw: object) -> Answer:
            factor: Any = raw
            by_label = dict(zip(factor.state_names[y], factor.values, strict=True))
            return [float(by_label[state]) for state in states[y]]

        return Timed(call, read)

    return prepare


def adjustment(task: Task) -> Callable[[Question], Timed]:
    """Ask for the minimal adjustment set of a directed graph."""
    models = importlib.import_module("pgmpy.models")
    inference = importlib.import_module("pgmpy.inference")

    def prepare(question: Question) -> Timed:
        if not isinstance(question, GraphQuestion):
            raise TypeError(question)
        model = models.DiscreteBayesianNetwork(list(question.directed))
        asked = inference.CausalInference(model)
        return Timed(
            lambda: asked.get_minimal_adjustment_set(question.treatment, question.outcome),
            lambda raw: None if raw is None else sorted(raw),  # type: ignore[call-overload]  # a set
        )

    return prepare


ROWS = {"effect": effects, "adjustment": adjustment}
