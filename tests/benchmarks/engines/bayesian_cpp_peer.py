"""bayesian-cpp: its elimination, given only the mutilated graph's ancestors of the outcome.

The library has no do-operator and no pruning. Both are done here in its favour: the tables are
built beforehand, the clock sees the selection of tables, the engine and the query.
"""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.inputs.networks import read_network
from tests.benchmarks.inputs.tasks import Answer, NetworkQuestion, Question, Task, Timed


def effects(task: Task) -> Callable[[Question], Timed]:
    """Answer P(y | do(x)) with x's own table left out and x observed."""
    bayes = importlib.import_module("bayesian")
    network = read_network(Path(task.network))
    ids = {
        name: bayes.Variable(i, name, len(states))
        for i, (name, states) in enumerate(network.states.items())
    }
    tables = {
        name: bayes.Potential([ids[v] for v in (*network.parents[name], name)], list(flat))
        for name, flat in network.tables.items()
    }

    def prepare(question: Question) -> Timed:
        if not isinstance(question, NetworkQuestion):
            raise TypeError(question)
        x, y = question.treatment, question.outcome
        state = network.states[x].index(question.state)

        def call() -> object:
            needed, stack = {y}, [y]
            while stack:
                name = stack.pop()
                fresh = [p for p in network.parents[name] if p not in needed] if name != x else []
                needed.update(fresh)
                stack.extend(fresh)
            kept = [tables[name] for name in needed if name != x]
            engine = bayes.Inference(kept)
            # A treatment that no kept table mentions does not move the outcome.
            return engine.conditional_given([ids[y]], {ids[x]: state} if x in needed else {})

        def read(raw: object) -> Answer:
            potential: Any = raw
            return [float(p) for p in potential.probabilities()]

        return Timed(call, read)

    return prepare


ROWS = {"effect": effects}
