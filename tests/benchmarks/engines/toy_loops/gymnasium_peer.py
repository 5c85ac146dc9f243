"""Gymnasium: a toy loop of our own making on the kidney stones of Charig and others (1986).

A step sets the treatment, draws one patient, and asks for the exact P(recovery | do(treatment)).
Here the truth is summed over the confounder in plain Python: the least that any loop can do.
"""

import importlib
from collections.abc import Callable
from typing import Any

from tests.benchmarks.inputs.tasks import Answer, CountQuestion, Question, Task, Timed

LEVELS = ("A", "B")
N_STEPS = 2
STONES = {"small": 357 / 700, "large": 343 / 700}
TREATED = {"small": (87 / 357, 270 / 357), "large": (263 / 343, 80 / 343)}
"""P(treatment | stone), A and B."""
RECOVERED = {
    ("small", "A"): 81 / 87,
    ("small", "B"): 234 / 270,
    ("large", "A"): 192 / 263,
    ("large", "B"): 55 / 80,
}
Truth = Callable[[str], float]


def enumerated(level: str) -> float:
    """Sum over the confounder."""
    return sum(p * RECOVERED[stone, level] for stone, p in STONES.items())


def order(seed: int) -> tuple[int, int]:
    """Say which level an episode tries first."""
    return (0, 1) if seed % 2 == 0 else (1, 0)


def environment(truth: Truth) -> object:
    """Make the toy environment: its action is a level, its step asks for the truth of it."""
    gymnasium = importlib.import_module("gymnasium")
    base: Any = gymnasium.Env

    class KidneyStones(base):  # type: ignore[misc]  # the peer is not there for the type checker
        """Two patients an episode."""

        def __init__(self) -> None:
            self.action_space = gymnasium.spaces.Discrete(len(LEVELS))
            self.observation_space = gymnasium.spaces.MultiDiscrete([2, 2])
            self.n_steps = 0

        def reset(self, *, seed: int | None = None, options: Any = None) -> Any:  # noqa: ANN401 - the interface
            super().reset(seed=seed, options=options)
            self.n_steps = 0
            return (0, 0), {}

        def step(self, action: int) -> Any:  # noqa: ANN401 - the interface
            self.n_steps += 1
            stone = "small" if self.np_random.random() < STONES["small"] else "large"
            is_well = self.np_random.random() < RECOVERED[stone, LEVELS[action]]
            seen = (int(stone == "large"), int(is_well))
            info = {"truth": truth(LEVELS[action])}
            return seen, float(is_well), self.n_steps == N_STEPS, False, info

    return KidneyStones()


def played(make_truth: Callable[[], Truth]) -> Callable[[Task], Callable[[Question], Timed]]:
    """Drive the loop with one way of finding the truth."""

    def episodes(task: Task) -> Callable[[Question], Timed]:
        del task
        env: Any = environment(make_truth())

        def prepare(question: Question) -> Timed:
            if not isinstance(question, CountQuestion):
                raise TypeError(question)
            first = question.n * question.seed
            seeds = range(first, first + question.n)
            return Timed(lambda: [_episode(env, seed) for seed in seeds], _means)

        return prepare

    return episodes


def _episode(env: Any, seed: int) -> list[float]:  # noqa: ANN401 - the peer has no types here
    env.reset(seed=seed)
    truths = {action: env.step(action)[4]["truth"] for action in order(seed)}
    return [truths[0], truths[1]]


def _means(raw: object) -> Answer:
    episodes: Any = raw
    n = len(episodes)
    return [float(n), *(sum(truths[i] for truths in episodes) / n for i in range(N_STEPS))]


ROWS = {"episodes": played(lambda: enumerated)}
