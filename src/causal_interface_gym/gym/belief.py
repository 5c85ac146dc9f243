"""What a participant states about a question: a probability, a distribution or an interval."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum
from typing import Any, Final

from causal_interface_gym.errors import ActionError

__all__ = [
    "SUM_TOLERANCE",
    "Belief",
    "StatedDistribution",
    "StatedInterval",
    "Statement",
    "statement_from_json",
    "statement_to_json",
]

# Any: JSON.
Json = dict[str, Any]

SUM_TOLERANCE: Final = 1e-6
"""How far from 1 the parts of a stated distribution may sum."""

_EXAMPLES: Final = (
    '{"query": "q1", "p": 0.4}, {"query": "d1", "distribution": {"x->y": 0.7, "y->x": 0.3}} '
    'or {"query": "i1", "interval": [0.2, 0.6]}'
)


@dataclass(frozen=True, slots=True)
class Belief:
    """A stated probability, in [0, 1], for the question with this id.

    Raises:
        ActionError: The number is no probability.
    """

    query: str
    p: float

    def __post_init__(self) -> None:
        """Check the range; NaN fails it too."""
        _check_id(self.query)
        _check_probability(self.p, self.query)


@dataclass(frozen=True, slots=True)
class StatedDistribution:
    """Probabilities of named alternatives, which sum to 1 within ``SUM_TOLERANCE``.

    >>> StatedDistribution("d1", (("x->y", 0.75), ("y->x", 0.25))).parts[0]
    ('x->y', 0.75)

    Raises:
        ActionError: A part is no probability, stands twice, or the sum is another.
    """

    query: str
    parts: tuple[tuple[str, float], ...]

    def __post_init__(self) -> None:
        """Check the parts and their sum."""
        _check_id(self.query)
        names = [name for name, _ in self.parts]
        if len(set(names)) < len(names) or not names:
            message = f"a distribution names each alternative once; for {self.query!r} got {names}"
            raise ActionError(message, code="belief")
        for name, p in self.parts:
            _check_probability(p, f"{self.query}, {name}")
        total = fsum(p for _, p in self.parts)
        if not abs(total - 1) <= SUM_TOLERANCE:
            message = f"a distribution sums to 1; for {self.query!r} the parts sum to {total:.9g}"
            raise ActionError(message, code="belief")


@dataclass(frozen=True, slots=True)
class StatedInterval:
    """The two ends of an interval of probabilities, 0 <= low <= high <= 1.

    Raises:
        ActionError: An end is no probability, or the ends are the wrong way round.
    """

    query: str
    low: float
    high: float

    def __post_init__(self) -> None:
        """Check both ends and their order."""
        _check_id(self.query)
        _check_probability(self.low, self.query)
        _check_probability(self.high, self.query)
        if self.low > self.high:
            message = f"an interval runs upwards; for {self.query!r} got [{self.low}, {self.high}]"
            raise ActionError(message, code="belief")


Statement = Belief | StatedDistribution | StatedInterval


def statement_to_json(statement: Statement) -> Json:
    """Write a statement in its JSON form."""
    match statement:
        case Belief():
            return {"query": statement.query, "p": statement.p}
        case StatedDistribution():
            return {"query": statement.query, "distribution": dict(statement.parts)}
        case StatedInterval():
            return {"query": statement.query, "interval": [statement.low, statement.high]}


def statement_from_json(data: object) -> Statement:
    """Read a statement from its JSON form.

    >>> statement_from_json({"query": "q1", "p": 1})
    Belief(query='q1', p=1.0)

    Raises:
        ActionError: The form is none of the three.
    """
    if isinstance(data, Mapping) and isinstance(data.get("query"), str):
        match data:
            case {"query": str(query), "p": p} if len(data) == 2 and _are_numbers([p]):  # noqa: PLR2004 - keys
                return Belief(query, float(p))
            case {"query": str(query), "distribution": Mapping() as parts} if (
                len(data) == 2 and _are_numbers(parts.values())  # noqa: PLR2004 - keys
            ):
                return StatedDistribution(
                    query, tuple((str(k), float(p)) for k, p in parts.items())
                )
            case {"query": str(query), "interval": [low, high]} if (
                len(data) == 2 and _are_numbers([low, high])  # noqa: PLR2004 - keys
            ):
                return StatedInterval(query, float(low), float(high))
            case _:
                pass
    message = f"a belief is an object such as {_EXAMPLES}; got {data!r:.200}"
    raise ActionError(message)


def _are_numbers(values: Iterable[object]) -> bool:
    return all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in values)


def _check_id(query: object) -> None:
    if not isinstance(query, str):
        message = f"a question is named by its id, a string; got {query!r:.200}"
        raise ActionError(message)


def _check_probability(p: object, query: str) -> None:
    if isinstance(p, bool) or not isinstance(p, (int, float)):
        message = f"a belief is a number; for {query!r} got {p!r:.100}"
        raise ActionError(message)
    if not 0 <= p <= 1:
        message = f"a belief is a probability from 0 to 1; for {query!r} got {p:.9g}"
        raise ActionError(message, code="belief")
