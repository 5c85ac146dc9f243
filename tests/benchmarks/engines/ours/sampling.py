"""Our engine's sampler, through its public names only."""

from collections.abc import Callable

import numpy as np

from causal_interface_gym.causal.formats.bif import read_bif
from causal_interface_gym.causal.sample import sample
from tests.benchmarks.inputs.tasks import Answer, NetworkQuestion, Question, Task, Timed


def sampling(task: Task) -> Callable[[Question], Timed]:
    """Draw rows; the answer is the frequencies of one column."""
    model = read_bif(task.network)

    def prepare(question: Question) -> Timed:
        if not isinstance(question, NetworkQuestion):
            raise TypeError(question)
        n_rows = int(question.state)
        column, width = question.outcome, len(model.states[question.outcome])

        def read(raw: object) -> Answer:
            counts = np.bincount(np.asarray(raw[column]), minlength=width)  # type: ignore[index]
            return [float(p) for p in counts / n_rows]

        return Timed(lambda: sample(model, n_rows, rng=np.random.default_rng(0)), read)

    return prepare


ROWS = {"sampling": sampling}
