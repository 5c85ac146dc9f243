"""Our runner: episodes of the reference agents, played, chained and stored in a database file."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from causal_interface_gym.agents.registry import REFERENCE_AGENTS
from causal_interface_gym.runs.runner import run
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.scenarios import registry
from causal_interface_gym.storage.folder import create_run
from tests.benchmarks.inputs.tasks import Answer, CountQuestion, Question, Task, Timed

AGENTS = tuple(agent for agent in REFERENCE_AGENTS if agent != "reference:experimenter")
"""Those that take exactly two steps: they believe, then submit."""
LEVELS = ("A", "B")


def episodes(task: Task) -> Callable[[Question], Timed]:
    """Play `n` episodes, each seed by all agents; the answer is how many are stored, and truths."""
    del task

    def prepare(question: Question) -> Timed:
        if not isinstance(question, CountQuestion):
            raise TypeError(question)
        scenario, first = question.kind, question.n * question.seed
        seeds = tuple(range(first, first + question.n // len(AGENTS)))
        spec = RunSpec(AGENTS, (scenario,), seeds)

        def call() -> object:
            with (
                tempfile.TemporaryDirectory() as folder,
                create_run(Path(folder), spec) as store,
            ):
                run(store)
                return int(store.finished().sum())

        def read(raw: object) -> Answer:
            items = registry.get(scenario).world(seed=first).items
            truths = [
                i.truth for level in LEVELS for i in items if f"do(treatment={level})" in i.name
            ]
            return [float(str(raw)), *truths[:2]]

        return Timed(call, read)

    return prepare


ROWS = {"episodes": episodes}
