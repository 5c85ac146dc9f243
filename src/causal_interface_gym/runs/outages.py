"""Trials that could not be played because a provider does not serve, and when to give one up.

An outage says nothing about a model, so its trials stay unfinished and are played when the run is
resumed. A provider whose trials fail one after another is given up for the rest of this run: its
remaining trials are not tried, those of others go on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from causal_interface_gym.errors import OutageError, StoppingError
from causal_interface_gym.runs.records import Trial

__all__ = ["MOST_IN_A_ROW", "Outages", "Unplayed"]

MOST_IN_A_ROW: Final = 8
"""So many trials of a provider may fail without one that is finished between them."""


@dataclass(frozen=True, slots=True)
class Unplayed:
    """The trials of a provider that could not be played now; ``message`` is its first error's.

    ``n`` is 0 where only format controls could not be put to its models.
    """

    provider: str
    n: int
    kind: str
    message: str


class Outages:
    """What is known of the providers of a run while it is played."""

    def __init__(self, most_in_a_row: int = MOST_IN_A_ROW) -> None:
        """Start without an outage."""
        self.stopping: StoppingError | None = None
        self._most = most_in_a_row
        self._first: dict[str, OutageError] = {}
        self._n: dict[str, int] = {}
        self._in_a_row: dict[str, int] = {}

    def add(self, trial: Trial, error: OutageError) -> None:
        """Note that a trial was not finished."""
        provider = _provider(trial)
        self._first.setdefault(provider, error)
        self._n[provider] = self._n.get(provider, 0) + 1
        self._in_a_row[provider] = self._in_a_row.get(provider, 0) + 1

    def add_control(self, model: str, error: OutageError) -> None:
        """Note that the format controls of a model were not finished."""
        provider = model.partition(":")[0]
        self._first.setdefault(provider, error)
        self._n.setdefault(provider, 0)

    def clear(self, trial: Trial) -> None:
        """Note that a trial was finished, so its provider serves."""
        if self._in_a_row:
            self._in_a_row.pop(_provider(trial), None)

    def stop(self, error: StoppingError) -> None:
        """Note that no trial may begin any more, and the first reason for it."""
        self.stopping = self.stopping or error

    def is_given_up(self, trial: Trial) -> bool:
        """Say whether a trial is not worth trying, and if so count it as unplayed."""
        if not self._in_a_row:
            return False
        provider = _provider(trial)
        is_lost = self._in_a_row.get(provider, 0) >= self._most
        if is_lost:
            self._n[provider] += 1
        return is_lost

    def unplayed(self) -> Iterable[Unplayed]:
        """Give what was not played, by provider."""
        for provider, error in self._first.items():
            yield Unplayed(provider, self._n[provider], type(error).__name__, str(error))


def _provider(trial: Trial) -> str:
    return trial.agent.partition(":")[0]
