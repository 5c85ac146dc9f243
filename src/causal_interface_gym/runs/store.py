"""Where a run lives: its spec, its finished trials and the worlds they were played in.

A store only grows. A trial is kept once: the first delivery counts and later ones change nothing,
so a trial may be delivered twice and its effect is still exactly once. Scores are kept beside the
logs under the version of their definition; a new version never overwrites an old one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.errors import RunError
from causal_interface_gym.runs.archive import StoredWorld
from causal_interface_gym.runs.records import Record
from causal_interface_gym.runs.spec import Numbering, RunSpec
from causal_interface_gym.scoring.causal_score import Scored

__all__ = [
    "HEADLINE",
    "Ledger",
    "MemoryStore",
    "Played",
    "ScoreRow",
    "Store",
    "score_key",
    "unknown_world",
]

HEADLINE = "headline"
"""The name under which the headline score stands among those of the families."""


@dataclass(frozen=True, slots=True)
class Played:
    """A finished trial together with the world it was played in."""

    record: Record
    world: StoredWorld


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A score as it was computed from ``n_episodes`` finished trials."""

    version: int
    n_episodes: int
    agent: str
    family: str
    score: Scored


class Ledger(Protocol):
    """What playing needs of a run's memory: what is finished, and a place for more."""

    @property
    def spec(self) -> RunSpec:
        """What the run is."""
        ...

    def append(self, played: Sequence[Played]) -> None:
        """Keep finished trials, all or none; when this returns they survive a crash.

        Raises:
            RunError: A trial is not part of the run, or the store cannot write.
            DependencyError: The store's server does not answer.
        """
        ...

    def finished(self, part: range | None = None) -> NDArray[np.bool_]:
        """Say of each trial, by its number, whether it is finished.

        ``part`` asks only for those whose numbers run from its start to its stop.
        """
        ...


class Store(Ledger, Protocol):
    """A run's memory."""

    def records(self, first: int = 0) -> Iterator[Record]:
        """Stream the finished trials from number ``first`` on, in the order of the spec."""
        ...

    def world(self, address: str) -> StoredWorld:
        """Give the world at an address.

        Raises:
            RunError: There is none.
        """
        ...

    def keep_scores(self, rows: Iterable[ScoreRow]) -> None:
        """Keep scores; one of the same version and episodes that is there already stays."""
        ...

    def scores(self) -> tuple[ScoreRow, ...]:
        """Give all scores that were kept, by version, episodes, agent and family."""
        ...


class MemoryStore:
    """A store that lives as long as the process."""

    def __init__(self, spec: RunSpec) -> None:
        """Start empty."""
        self.spec = spec
        self._numbering = Numbering(spec)
        self._records: dict[int, Record] = {}
        self._worlds: dict[str, StoredWorld] = {}
        self._scores: dict[tuple[int, int, str, str], ScoreRow] = {}

    def append(self, played: Sequence[Played]) -> None:
        """Keep finished trials, all or none."""
        numbers = [self._numbering.number(p.record.trial) for p in played]
        for number, new in zip(numbers, played, strict=True):
            self._worlds.setdefault(new.world.address, new.world)
            self._records.setdefault(number, new.record)

    def finished(self, part: range | None = None) -> NDArray[np.bool_]:
        """Say of each trial, by its number, whether it is finished."""
        found = np.zeros(self.spec.n_trials, dtype=bool)
        found[list(self._records)] = True
        return found if part is None else found[part.start : part.stop]

    def records(self, first: int = 0) -> Iterator[Record]:
        """Stream the finished trials from number ``first`` on, in the order of the spec."""
        for number in sorted(self._records):
            if number >= first:
                yield self._records[number]

    def world(self, address: str) -> StoredWorld:
        """Give the world at an address."""
        if address not in self._worlds:
            raise unknown_world(address)
        return self._worlds[address]

    def keep_scores(self, rows: Iterable[ScoreRow]) -> None:
        """Keep scores beside those that are there."""
        for row in rows:
            self._scores.setdefault(score_key(row), row)

    def scores(self) -> tuple[ScoreRow, ...]:
        """Give all scores that were kept."""
        return tuple(sorted(self._scores.values(), key=score_key))


def unknown_world(address: str) -> RunError:
    """Make the error of a world that is not there."""
    return RunError(f"the run holds no world {address}; its records are damaged")


def score_key(row: ScoreRow) -> tuple[int, int, str, str]:
    """Give what a score is kept under: version, episodes, agent and family."""
    return (row.version, row.n_episodes, row.agent, row.family)
