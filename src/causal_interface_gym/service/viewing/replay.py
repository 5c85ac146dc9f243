"""An episode step by step: what was done, what was said, the truth, and what exact Bayes would say.

The learner is the one that the score of updating compares with; where there is none for a world,
the reason stands in its place.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from causal_interface_gym.errors import InferenceError
from causal_interface_gym.gym.interface import Interface
from causal_interface_gym.gym.learner.prediction import Learner, Prediction
from causal_interface_gym.gym.learner.reference import NoLearner, reference_learner
from causal_interface_gym.gym.learner.sequence import sequence
from causal_interface_gym.gym.log import Event
from causal_interface_gym.scenarios.world import World
from causal_interface_gym.scoring.marking import last_words
from causal_interface_gym.service.playground.text import drawn_json
from causal_interface_gym.service.viewing.diagnosis import diagnosed

__all__ = ["replay_json"]

# Any: JSON.
Json = dict[str, Any]


def replay_json(world: World, log: Sequence[Event], shown: Interface) -> Json:
    """Write an episode that is over with everything that a page shows of it."""
    learner = reference_learner(world, shows_graph=shown.shows_graph)
    exact, reason = _posteriors(world, log, learner)
    said = last_words(log)
    items = dict(zip((q.id for q in world.questions), world.items, strict=True))
    return {
        "title": world.title,
        "story": world.story,
        "scenario": world.scenario,
        "seed": world.seed,
        "interface": shown.name,
        "drawn": drawn_json(world.model),
        "questions": [
            {
                "id": question.id,
                "family": question.family,
                "asked": str(question.asked),
                "name": item.name,
                "truth": item.truth,
                "lures": {lure.fallacy: lure.value for lure in item.lures},
                "final": diagnosed(item, said.beliefs[question.id])
                if question.id in said.beliefs
                else None,
                "called_unanswerable": question.id in said.unanswerable,
            }
            for question, item in zip(world.questions, world.items, strict=True)
        ],
        "steps": [_step_json(event, items, exact.get(n, {})) for n, event in enumerate(log)],
        "no_posterior": reason,
    }


def _step_json(event: Event, items: Mapping[str, Any], exact: Mapping[str, float]) -> Json:
    """Write a step; beliefs that were refused are shown as they came, and not judged."""
    is_refused = event.observation["kind"] == "refused"
    stated = () if is_refused else event.action.get("beliefs") or event.action.get("answers") or ()
    return {
        "number": event.number,
        "action": event.action,
        "observation": event.observation,
        "beliefs": {
            belief["query"]: diagnosed(items[belief["query"]], float(belief["p"]))
            for belief in stated
            if belief["query"] in items
        },
        "posterior": dict(exact),
    }


def _posteriors(
    world: World, log: Sequence[Event], learner: Learner | NoLearner
) -> tuple[dict[int, dict[str, float]], str]:
    """Give the exact posterior of each question after each step, and why there is none."""
    if isinstance(learner, NoLearner):
        return {}, learner.reason
    found: dict[int, dict[str, float]] = {}
    try:
        for step in sequence(log, learner):
            answers = {q.id: step.learner.predict(q.asked) for q in world.questions}
            found[step.number] = {
                name: answer.p for name, answer in answers.items() if isinstance(answer, Prediction)
            }
    except InferenceError as error:
        return found, str(error)
    return found, ""
