"""Episodes played greedily for information, with a rule for what is believed."""

from collections.abc import Callable

from causal_interface_gym import scenarios
from causal_interface_gym.gym.action import Belief, Believe, Intervene, Observe, Submit
from causal_interface_gym.gym.episode import Episode, Event
from causal_interface_gym.gym.interface import interface
from causal_interface_gym.gym.learner import (
    Learner,
    NoLearner,
    Prediction,
    evidence_of,
    reference_learner,
)
from causal_interface_gym.scenarios.world import World
from causal_interface_gym.scoring.design import best_choices

WORLD = scenarios.get("kidney-stones-v1").world()
BLIND = interface("blind")


def prior(world: World = WORLD) -> Learner:
    found = reference_learner(world, shows_graph=False)
    assert not isinstance(found, NoLearner)
    return found


def predictions(learner: Learner) -> dict[str, float]:
    found = {q.id: learner.predict(q.asked) for q in WORLD.questions}
    return {q: f.p for q, f in found.items() if isinstance(f, Prediction)}


def best_action(learner: Learner, budget: int, n: int) -> Observe | Intervene:
    design = best_choices(learner, BLIND, budget=budget)[0].by_gain.design
    return Intervene(design.do, n) if design.do else Observe(n)


def play(
    answer: Callable[[float, float], float], *, n_rows: int = 1, n_actions: int = 12
) -> tuple[Event, ...]:
    """Play greedily for information, believing ``answer(prior prediction, prediction)``."""
    learner = start = prior()
    episode = Episode.new(WORLD, BLIND, seed=3)
    first = predictions(start)
    for _ in range(n_actions):
        stated = {q: answer(first[q], p) for q, p in predictions(learner).items()}
        episode.act(Believe(tuple(Belief(q, p) for q, p in stated.items())))
        episode.act(best_action(learner, BLIND.budget, n_rows))
        for seen in evidence_of(episode.log[-1], learner.states):
            learner = learner.after(seen)
    stated = {q: answer(first[q], p) for q, p in predictions(learner).items()}
    episode.act(Submit(tuple(Belief(q, p) for q, p in stated.items())))
    return episode.log
