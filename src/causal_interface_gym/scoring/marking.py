"""Mark an episode: put the final answers of its log beside the key of its world.

Pure: the log and the world are all it reads, so any log can be scored again for ever. ``score``
refuses a log that was cut or changed; ``mark_episode`` takes a log as it is.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from causal_interface_gym.errors import LogError
from causal_interface_gym.gym.log import Event, check_log, first_link, log_digest
from causal_interface_gym.questions.claims import Direction, IntervalEnd
from causal_interface_gym.questions.question import (
    Asked,
    Distribution,
    Elicited,
    End,
    Lure,
    Probability,
    Reference,
)
from causal_interface_gym.scenarios.world import World

__all__ = [
    "Answer",
    "Answered",
    "EpisodeMarks",
    "LastWords",
    "Mark",
    "Missing",
    "last_words",
    "mark_episode",
    "score",
]

_SINGLE: Final = Probability()


@dataclass(frozen=True, slots=True)
class Answered:
    """A stated probability, in [0, 1]."""

    p: float


@dataclass(frozen=True, slots=True)
class Missing:
    """No valid probability was stated; ``called_unanswerable`` if the participant said so."""

    called_unanswerable: bool = False


Answer = Answered | Missing


@dataclass(frozen=True, slots=True)
class Mark:
    """One item of one episode: the answer beside truth, reference and lures.

    ``cluster`` is the distinct SCM; ``name`` is the question in the scenario's own words;
    ``elicited`` says what one who knows nothing answers. Of a part of a distribution, or an end of
    an interval, ``whole`` holds the truths of all parts, in order; else it is empty.
    """

    scenario: str
    seed: int
    cluster: str
    question: str
    family: str
    name: str
    truth: float
    reference: Reference
    lures: tuple[Lure, ...]
    answer: Answer
    elicited: Elicited = _SINGLE
    whole: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class LastWords:
    """What a log says last: probabilities by question, and the questions called unanswerable.

    No question is in both: one that is called unanswerable has no answer, whatever was believed
    of it before.
    """

    beliefs: Mapping[str, float]
    unanswerable: frozenset[str]


@dataclass(frozen=True, slots=True)
class EpisodeMarks:
    """The marks of a whole episode, and the digests of the log and the world they came from."""

    log: str
    world: str
    marks: tuple[Mark, ...]


def score(log: Sequence[Event], world: World) -> EpisodeMarks:
    """Mark a log that is whole and belongs to the world.

    Scores are sums over marks (``causal_scores``), so this is all that is ever read of a log.

    Raises:
        LogError: The log was cut or changed, is not closed, or comes from another world.
    """
    check_log(log)
    if log[0].previous != first_link(world.digest):
        message = f"it was made in another world than {world.scenario} {world.seed}"
        raise LogError(message)
    return EpisodeMarks(log_digest(log), world.digest, mark_episode(log, world))


def mark_episode(log: Sequence[Event], world: World) -> tuple[Mark, ...]:
    """Mark every question of the world; the last statement about a question counts."""
    said = last_words(log)
    wholes = _wholes(world)
    return tuple(
        Mark(
            scenario=world.scenario,
            seed=world.seed,
            cluster=world.cluster,
            question=question.id,
            family=item.family,
            name=item.name,
            truth=item.truth,
            reference=item.reference,
            lures=item.lures,
            answer=_answer(question.id, said),
            elicited=item.elicited,
            whole=wholes.get(_whole(question.asked), ()),
        )
        for question, item in zip(world.questions, world.items, strict=True)
    )


def _wholes(world: World) -> dict[tuple[str, ...], tuple[float, ...]]:
    """Give the truths of each distribution and interval asked for, by what it is about."""
    parts: dict[tuple[str, ...], dict[int, float]] = defaultdict(dict)
    for question, item in zip(world.questions, world.items, strict=True):
        if isinstance(item.elicited, Distribution | End):
            parts[_whole(question.asked)][item.elicited.part] = item.truth
    return {
        about: tuple(truths[part] for part in sorted(truths)) for about, truths in parts.items()
    }


def _whole(asked: Asked) -> tuple[str, ...]:
    """Name what a distribution or an interval is about; empty for what is asked by itself."""
    match asked:
        case Direction():
            return ("direction", asked.first, asked.second)
        case IntervalEnd():
            return ("interval", *asked.interval)
        case _:
            return ()


def last_words(log: Sequence[Event]) -> LastWords:
    """Read what a log says last about each question; what was refused does not count."""
    beliefs: dict[str, float] = {}
    unanswerable: list[str] = []
    for event in log:
        if event.observation["kind"] == "refused":
            continue
        action: Mapping[str, Any] = event.action  # Any: JSON
        for belief in action.get("beliefs") or action.get("answers") or ():
            beliefs[belief["query"]] = belief["p"]
        if action["kind"] == "submit":
            unanswerable += map(str, action["unanswerable"])
    for question in unanswerable:
        beliefs.pop(question, None)
    return LastWords(beliefs, frozenset(unanswerable))


def _answer(question: str, said: LastWords) -> Answer:
    if question in said.unanswerable:
        return Missing(called_unanswerable=True)
    return Answered(float(said.beliefs[question])) if question in said.beliefs else Missing()
