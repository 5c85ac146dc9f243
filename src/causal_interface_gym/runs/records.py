"""The key of a trial, and what remains of it: the log of its episode, or why there is none."""

from dataclasses import dataclass
from typing import Any

from causal_interface_gym.gym.log import Event, log_to_json

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
    """A finished trial.

    ``world`` is the digest of what was met; ``address`` says where the whole world is stored, with
    the truths of that day, and is empty for a record that stands in no store.
    """

    trial: Trial
    world: str
    log: tuple[Event, ...]
    failures: tuple[Failure, ...] = ()
    address: str = ""

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """Write as plain lists and dictionaries."""
        return {
            "agent": self.trial.agent,
            "scenario": self.trial.scenario,
            "interface": self.trial.interface,
            "seed": self.trial.seed,
            "world": self.world,
            "log": log_to_json(self.log),
            "failures": [[failure.kind, failure.message] for failure in self.failures],
        }
