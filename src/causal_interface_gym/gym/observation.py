"""What an episode answers: counts of rows, an acknowledgement, a refusal, or the end."""

from dataclasses import dataclass
from typing import Any, Literal, assert_never

__all__ = [
    "Acknowledged",
    "Closed",
    "Counts",
    "EndReason",
    "Ended",
    "Observation",
    "Progress",
    "Refused",
    "observation_to_json",
]

EndReason = Literal["agent_error", "refusals", "actions", "stopped"]
"""Why an episode ended without a submission.

The agent raised, too many actions were refused, all actions are used up, or the host stopped it.
"""


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
class Progress:
    """A statement was noted, and this is how far the participant has come.

    The answer of interfaces with feedback. It tells nothing of the truth.
    """

    answered: tuple[str, ...]
    unanswered: tuple[str, ...]
    budget_left: int


@dataclass(frozen=True, slots=True)
class Refused:
    """An action was not carried out; the reason says what is allowed, ``code`` what was wrong."""

    reason: str
    code: str = "schema"


@dataclass(frozen=True, slots=True)
class Closed:
    """The participant submitted; the episode is over."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The episode was ended without a submission; what was believed so far still counts."""

    reason: EndReason
    detail: str


Observation = Counts | Acknowledged | Progress | Refused | Closed | Ended


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
        case Progress():
            return {
                "kind": "progress",
                "answered": list(observation.answered),
                "unanswered": list(observation.unanswered),
                "budget_left": observation.budget_left,
            }
        case Refused():
            return {"kind": "refused", "code": observation.code, "reason": observation.reason}
        case Closed():
            return {"kind": "closed"}
        case Ended():
            return {"kind": "ended", "reason": observation.reason, "detail": observation.detail}
        case _:
            assert_never(observation)
