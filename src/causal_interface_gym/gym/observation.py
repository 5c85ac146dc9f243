"""What an episode answers: counts of rows, an acknowledgement, a refusal, or the end."""

from dataclasses import dataclass
from typing import Any, assert_never

__all__ = [
    "Acknowledged",
    "Closed",
    "Counts",
    "Observation",
    "Refused",
    "observation_to_json",
]


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each combination of states was drawn; ``rows`` is sorted, zeros left out."""

    variables: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], int], ...]
    budget_left: int

    @property
    def n(self) -> int:
        """The number of rows counted."""
        return sum(count for _, count in self.rows)


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A statement was noted."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An action was not carried out; the reason says what is allowed."""

    reason: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The episode is over."""


Observation = Counts | Acknowledged | Refused | Closed


def observation_to_json(observation: Observation) -> dict[str, Any]:  # Any: JSON
    """Write an observation in its JSON form."""
    match observation:
        case Counts():
            return {
                "kind": "counts",
                "variables": list(observation.variables),
                "rows": [[list(labels), count] for labels, count in observation.rows],
                "budget_left": observation.budget_left,
            }
        case Acknowledged():
            return {"kind": "acknowledged"}
        case Refused():
            return {"kind": "refused", "reason": observation.reason}
        case Closed():
            return {"kind": "closed"}
        case _:
            assert_never(observation)
