"""reasoning-gym: items of one of its tasks, made one by one as its data sets make them."""

import importlib
from collections.abc import Callable
from typing import Any

from tests.benchmarks.inputs.tasks import Answer, CountQuestion, Question, Task, Timed

LARGEST = "zebra_puzzles"


def of_task(name: str) -> Callable[[Task], Callable[[Question], Timed]]:
    """Drive one task at its default size."""

    def items(task: Task) -> Callable[[Question], Timed]:
        del task
        package = importlib.import_module("reasoning_gym")

        def prepare(question: Question) -> Timed:
            if not isinstance(question, CountQuestion):
                raise TypeError(question)
            n, seed = question.n, question.seed

            def call() -> object:
                data = package.create_dataset(name, size=n, seed=1_000 * seed)
                return [data[i] for i in range(n)]

            return Timed(call, _distinct)

        return prepare

    return items


def _distinct(raw: object) -> Answer:
    made: Any = raw
    return float(len({item["question"] for item in made}))


ROWS = {"worlds": of_task(LARGEST)}
