"""Our generator: forms of admitted worlds, every truth computed three times."""

from collections.abc import Callable

from causal_interface_gym.scenarios.generated import Form, form
from tests.benchmarks.inputs.tasks import Answer, CountQuestion, Question, Task, Timed

LEVEL = 2


def worlds(task: Task) -> Callable[[Question], Timed]:
    """Draw a form; the answer is how many of its worlds are distinct."""
    del task

    def prepare(question: Question) -> Timed:
        if not isinstance(question, CountQuestion):
            raise TypeError(question)
        family, seed, n_worlds = question.kind, question.seed, question.n

        def read(raw: object) -> Answer:
            if not isinstance(raw, Form) or min(raw.balances.values(), default=0.0) < 0:
                raise TypeError(raw)
            return float(len({world.digest for world in raw.worlds}))

        return Timed(lambda: form(family, level=LEVEL, seed=seed, n_worlds=n_worlds), read)

    return prepare


ROWS = {"worlds": worlds}
