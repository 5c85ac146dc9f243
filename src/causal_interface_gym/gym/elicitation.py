"""How the questions of a brief are to be answered: by a probability, a distribution, an interval.

The alternatives of one distribution are questions of their own, each with its id; a distribution
over them has an id besides, and stating it states every part. So are the ends of an interval.
Whoever reads a log meets probabilities only.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from causal_interface_gym.errors import ActionError
from causal_interface_gym.gym.belief import Belief, StatedDistribution, StatedInterval, Statement
from causal_interface_gym.questions.claims import Direction, IntervalEnd
from causal_interface_gym.scenarios.world import Question

__all__ = [
    "AsksDistribution",
    "AsksInterval",
    "AsksProbability",
    "Elicitation",
    "elicitations",
    "parts_of",
    "questions_named",
]


@dataclass(frozen=True, slots=True)
class AsksProbability:
    """One probability is asked for."""

    id: str


@dataclass(frozen=True, slots=True)
class AsksDistribution:
    """A distribution is asked for; ``parts`` gives each alternative and the question behind it."""

    id: str
    parts: tuple[tuple[str, str], ...]

    @property
    def alternatives(self) -> tuple[str, ...]:
        """The names that a stated distribution gives probabilities to."""
        return tuple(name for name, _ in self.parts)


@dataclass(frozen=True, slots=True)
class AsksInterval:
    """Two ends are asked for, each of them a question of its own."""

    id: str
    low: str
    high: str


Elicitation = AsksProbability | AsksDistribution | AsksInterval


def elicitations(questions: Sequence[Question]) -> tuple[Elicitation, ...]:
    """Say how each question is to be answered; single questions first, intervals last."""
    groups: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for question in questions:
        asked = question.asked
        if isinstance(asked, Direction):
            part = (_alternative(asked), question.id)
            groups.setdefault((asked.first, asked.second), []).append(part)
    distributions = [
        AsksDistribution(f"d{number}", tuple(parts))
        for number, parts in enumerate(groups.values(), 1)
    ]
    return (*(AsksProbability(q.id) for q in questions), *distributions, *_intervals(questions))


def parts_of(statement: Statement, asked: Sequence[Elicitation]) -> tuple[Belief, ...]:
    """Write a statement as probabilities of single questions.

    Raises:
        ActionError: There is no such question, or it is to be answered in another form.
    """
    found = _elicitation(statement.query, asked)
    match statement, found:
        case Belief(), AsksProbability():
            return (statement,)
        case StatedDistribution(), AsksDistribution():
            return _distributed(statement, found)
        case StatedInterval(), AsksInterval():
            return Belief(found.low, statement.low), Belief(found.high, statement.high)
        case _:
            message = f"{found.id} asks for {_form(found)}"
            raise ActionError(message, code="elicitation")


def questions_named(query: str, asked: Sequence[Elicitation]) -> tuple[str, ...]:
    """Give the single questions behind an id.

    Raises:
        ActionError: There is no such question.
    """
    match _elicitation(query, asked):
        case AsksProbability(own):
            return (own,)
        case AsksDistribution(_, parts):
            return tuple(question for _, question in parts)
        case AsksInterval(_, low, high):
            return low, high


def _intervals(questions: Sequence[Question]) -> list[AsksInterval]:
    """Put the two ends of each interval together; an end whose other is not asked stays single."""
    ends: dict[tuple[str, ...], dict[str, str]] = {}
    for question in questions:
        asked = question.asked
        if isinstance(asked, IntervalEnd):
            ends.setdefault(asked.interval, {})[asked.end] = question.id
    whole = [own for own in ends.values() if len(own) == len(("lower", "upper"))]
    return [AsksInterval(f"i{n}", own["lower"], own["upper"]) for n, own in enumerate(whole, 1)]


def _alternative(asked: Direction) -> str:
    match asked.alternative:
        case "forward":
            return f"{asked.first}->{asked.second}"
        case "backward":
            return f"{asked.second}->{asked.first}"
        case _:
            return "common"


def _elicitation(query: str, asked: Sequence[Elicitation]) -> Elicitation:
    for found in asked:
        if found.id == query:
            return found
    known = ", ".join(e.id for e in asked)
    message = f"there is no question {query[:50]!r}; they are {known}"
    raise ActionError(message, code="question")


def _distributed(statement: StatedDistribution, found: AsksDistribution) -> tuple[Belief, ...]:
    stated = dict(statement.parts)
    if set(stated) != set(found.alternatives):
        message = (
            f"the alternatives of {found.id} are {', '.join(found.alternatives)}; "
            f"got {', '.join(stated):.200}"
        )
        raise ActionError(message, code="elicitation")
    return tuple(Belief(question, stated[name]) for name, question in found.parts)


def _form(asked: Elicitation) -> str:
    match asked:
        case AsksProbability():
            return f'one probability, e.g. {{"query": "{asked.id}", "p": 0.4}}'
        case AsksDistribution():
            return f"a distribution over {', '.join(asked.alternatives)}"
        case AsksInterval():
            return f'an interval, e.g. {{"query": "{asked.id}", "interval": [0.2, 0.6]}}'
