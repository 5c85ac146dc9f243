"""A log beside the learner that sees the same evidence, step by step."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from causal_interface_gym.gym.action import Believe, Submit, parse_action
from causal_interface_gym.gym.episode import Event
from causal_interface_gym.gym.learner.evidence import Evidence, evidence_of
from causal_interface_gym.gym.learner.prediction import Learner

__all__ = ["Step", "budget_after", "sequence"]


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One accepted action.

    ``evidence`` is empty where the action drew no rows; ``beliefs`` are the probabilities stated by
    it; ``learner`` has seen all evidence up to and including this action.
    """

    number: int
    event: Event
    evidence: tuple[Evidence, ...]
    beliefs: Mapping[str, float]
    learner: Learner


def sequence(log: Sequence[Event], learner: Learner) -> Iterator[Step]:
    """Yield the accepted actions of a log in order; ``number`` is the place in the log.

    Raises:
        InferenceError: The learner cannot use some evidence.
    """
    for number, event in enumerate(log):
        if event.observation["kind"] in {"refused", "ended"}:
            continue
        evidence = evidence_of(event, learner.states)
        for seen in evidence:
            learner = learner.after(seen)
        yield Step(number, event, evidence, _beliefs(event), learner)


def budget_after(event: Event) -> tuple[int, ...]:
    """Read the budget that an event's answer names; empty where it names none."""
    left = event.observation.get("budget_left")
    return () if left is None else (int(left),)


def _beliefs(event: Event) -> dict[str, float]:
    match parse_action(event.action):
        case Believe(beliefs):
            return {belief.query: belief.p for belief in beliefs}
        case Submit(answers):
            return {belief.query: belief.p for belief in answers}
        case _:
            return {}
