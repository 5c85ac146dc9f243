"""Our engine's minimal adjustment set, through its public names only."""

from collections.abc import Callable

from causal_interface_gym.causal import ADMG
from causal_interface_gym.causal.adjustment import NoAdjustmentSet, minimal_adjustment_set
from tests.benchmarks.inputs.tasks import Answer, GraphQuestion, Question, Task, Timed


def adjustment(task: Task) -> Callable[[Question], Timed]:
    """Ask for one minimal adjustment set."""

    def prepare(question: Question) -> Timed:
        if not isinstance(question, GraphQuestion):
            raise TypeError(question)
        graph = ADMG(question.directed, question.bidirected, nodes=question.nodes)
        x, y = question.treatment, question.outcome
        return Timed(lambda: minimal_adjustment_set(graph, treatment=x, outcome=y), _names)

    return prepare


def _names(raw: object) -> Answer:
    if isinstance(raw, NoAdjustmentSet):
        return None
    if not isinstance(raw, frozenset):
        raise TypeError(raw)
    return sorted(raw)


ROWS = {"adjustment": adjustment}
