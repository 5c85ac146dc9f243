"""The key of a trial, and what remains of it: the log of its episode, or why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from causal_interface_gym.errors import RunError
from causal_interface_gym.gym.episode import Event

__all__ = ["Failure", "Record", "Trial"]


@dataclass(frozen=True, slots=True)
class Trial:
    """The key of an episode."""

    agent: str
    scenario: str
    interface: str
    seed: int

    def __str__(self) -> str:
        """Write the key as text, as it is used to find an episode."""
        return f"{self.agent}/{self.scenario}/{self.interface}/{self.seed}"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an episode could not be finished; what its log holds still counts."""

    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class Record:
    """A finished trial; ``world`` is the digest of the world that was met."""

    trial: Trial
    world: str
    log: tuple[Event, ...]
    failures: tuple[Failure, ...] = ()

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """Write as plain lists and dictionaries."""
        return {
            "agent": self.trial.agent,
            "scenario": self.trial.scenario,
            "interface": self.trial.interface,
            "seed": self.trial.seed,
            "world": self.world,
            "log": [[event.action, event.observation] for event in self.log],
            "failures": [[failure.kind, failure.message] for failure in self.failures],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:  # Any: JSON
        """Read what ``to_json`` writes.

        Raises:
            RunError: A part is missing or of another type.
        """
        try:
            return cls(
                Trial(data["agent"], data["scenario"], data["interface"], int(data["seed"])),
                data["world"],
                tuple(Event(dict(action), dict(answer)) for action, answer in data["log"]),
                tuple(Failure(kind, message) for kind, message in data["failures"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            message = f"a record of the run is damaged: {error!r}"
            raise RunError(message) from None
