"""What a participant did and what it cost: rows, budget, refusals, failures."""

from collections import Counter
from dataclasses import dataclass, field

from causal_interface_gym.gym.interface import Interface
from causal_interface_gym.runs.records import Failure, Record, Trial

__all__ = ["Conduct", "ConductTally", "FailureKind"]


@dataclass(frozen=True, slots=True)
class FailureKind:
    """Failures of one kind, with the first one met as the example."""

    kind: str
    n: int
    message: str
    example: Trial


@dataclass(frozen=True, slots=True)
class Conduct:
    """Sums over all episodes of a participant; ``failures`` with the most frequent kind first."""

    n_episodes: int
    n_failed: int
    n_actions: int
    n_refused: int
    n_rows: int
    budget_spent: int
    failures: tuple[FailureKind, ...]


@dataclass(slots=True)
class ConductTally:
    """The running sums of a participant."""

    interface: Interface
    n_episodes: int = 0
    n_failed: int = 0
    n_actions: int = 0
    n_refused: int = 0
    n_rows: int = 0
    budget_spent: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    first: dict[str, tuple[Failure, Trial]] = field(default_factory=dict)

    def add(self, record: Record) -> None:
        """Add an episode."""
        self.n_episodes += 1
        self.n_failed += bool(record.failures)
        self.n_actions += len(record.log)
        left = self.interface.budget
        for event in record.log:
            observation = event.observation
            kind = observation["kind"]
            if kind == "counts":
                self.n_rows += int(event.action["n"])
                left = int(observation["budget_left"])
            elif kind == "refused":
                self.n_refused += 1
        self.budget_spent += self.interface.budget - left
        if not record.failures:
            return
        # A kind counts once an episode; the first of it is the example.
        for failure in {f.kind: f for f in reversed(record.failures)}.values():
            self.kinds[failure.kind] += 1
            self.first.setdefault(failure.kind, (failure, record.trial))

    def result(self) -> Conduct:
        """Give the sums."""
        return Conduct(
            self.n_episodes,
            self.n_failed,
            self.n_actions,
            self.n_refused,
            self.n_rows,
            self.budget_spent,
            tuple(
                FailureKind(kind, n, self.first[kind][0].message, self.first[kind][1])
                for kind, n in sorted(self.kinds.items(), key=lambda entry: (-entry[1], entry[0]))
            ),
        )
