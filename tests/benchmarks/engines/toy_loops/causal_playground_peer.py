"""CausalPlayground: its own environment over the kidney stones; truths by its own sampling.

It has no exact query, so a truth is the frequency among samples drawn under the intervention.
"""

import importlib
from collections.abc import Callable
from typing import Any

from tests.benchmarks.engines.toy_loops.gymnasium_peer import (
    LEVELS,
    RECOVERED,
    STONES,
    TREATED,
    order,
)
from tests.benchmarks.inputs.tasks import Answer, CountQuestion, Question, Task, Timed

N_SAMPLES = 100


def _model() -> object:
    package = importlib.import_module("CausalPlayground")
    scm: Any = package.StructuralCausalModel()
    # The library seeds the global generator before each sample; its documentation draws from it.
    noise = importlib.import_module("random").random
    for name in ("US", "UT", "UR"):
        scm.add_exogenous_var(name, noise, {})
    scm.add_endogenous_var(
        "STONE", lambda u: "small" if u < STONES["small"] else "large", {"u": "US"}
    )
    scm.add_endogenous_var(
        "TREATMENT",
        lambda stone, u: LEVELS[int(u >= TREATED[stone][0])],
        {"stone": "STONE", "u": "UT"},
    )
    scm.add_endogenous_var(
        "RECOVERY",
        lambda stone, treatment, u: int(u < RECOVERED[stone, treatment]),
        {"stone": "STONE", "treatment": "TREATMENT", "u": "UR"},
    )
    return scm


def episodes(task: Task) -> Callable[[Question], Timed]:
    """Make one environment an episode, as it keeps all samples; two steps with a truth each."""
    del task
    module = importlib.import_module("CausalPlayground.scm_environment")
    base: Any = module.SCMEnvironment
    actions: list[Any] = [("TREATMENT", ((lambda level=level: level), {})) for level in LEVELS]

    class Observed(base):  # type: ignore[misc]  # the peer is not there for the type checker
        """The environment with an observation that numpy takes."""

        def get_observation(self) -> object:
            return tuple(self.endogenous_vars.values())

    def episode(seed: int) -> list[float]:
        env: Any = Observed(_model(), actions)
        truths = {}
        for action in order(seed):
            env.step([action + 1])
            truths[action] = _truth(env.scm, actions[action])
        return [truths[0], truths[1]]

    def prepare(question: Question) -> Timed:
        if not isinstance(question, CountQuestion):
            raise TypeError(question)
        first, n = question.n * question.seed, question.n

        def read(raw: object) -> Answer:
            found: Any = raw
            return [float(n), *(sum(truths[i] for truths in found) / n for i in range(2))]

        return Timed(lambda: [episode(seed) for seed in range(first, first + n)], read)

    return prepare


def _truth(scm: Any, action: object) -> float:  # noqa: ANN401 - the peer has no types here
    scm.do_interventions([action])
    n_well = sum(scm.get_next_sample()[0]["RECOVERY"] for _ in range(N_SAMPLES))
    scm.undo_interventions()
    return float(n_well / N_SAMPLES)


ROWS = {"episodes": episodes}
