"""What a run of the oracle found: counts by kind of question, the largest error, every failure."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from causal_interface_gym.errors import (
    CausalGymError,
    ImpossibleEventError,
    PositivityViolation,
    UndeclaredCouplingError,
    WidthError,
)

__all__ = ["TOLERANCE", "Tally"]

TOLERANCE = 1e-9
_NOT_FOUND = ": not found"
_MOST_NOT_FOUND = 0.001
"""Share of the pairs of models that a search by chance may miss; it says so and gives none then."""


@dataclass(slots=True)
class Tally:
    """Counts that can be added up over models and processes."""

    passed: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    impossible: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    positivity: Counter[str] = field(default_factory=Counter)
    worst: dict[str, float] = field(default_factory=dict)
    failures: list[dict[str, Any]] = field(default_factory=list)  # Any: printed as JSON

    def add(self, other: "Tally") -> None:
        """Take over the counts of another tally."""
        for name in ("passed", "failed", "impossible", "refused", "positivity"):
            getattr(self, name).update(getattr(other, name))
        for kind, error in other.worst.items():
            self.worst[kind] = max(error, self.worst.get(kind, 0.0))
        self.failures += other.failures

    def check(self, kind: str, what: object, got: float, wanted: float) -> None:
        """Compare two numbers."""
        error = abs(got - wanted)
        if not error <= TOLERANCE:  # NaN fails too
            self.fail(kind, what, f"got {got!r}, truth {wanted!r}")
            return
        self.passed[kind] += 1
        self.worst[kind] = max(error, self.worst.get(kind, 0.0))

    def hold(self, kind: str, what: object, is_true: bool, message: str) -> None:
        """Count a yes as passed and a no as failed."""
        if is_true:
            self.passed[kind] += 1
        else:
            self.fail(kind, what, message)

    def fail(self, kind: str, what: object, message: str) -> None:
        """Note one failure."""
        self.failed[kind] += 1
        self.failures.append({"kind": kind, "case": str(what), "message": message})

    def not_found(self, kind: str) -> None:
        """Note a pair of models that was searched for in vain."""
        self.refused[f"{kind}{_NOT_FOUND}"] += 1

    @property
    def is_wrong(self) -> bool:
        """Tell whether anything failed, or more pairs are missing than chance may miss."""
        missing = sum(n for kind, n in self.refused.items() if kind.endswith(_NOT_FOUND))
        pairs = sum(n for kind, n in self.passed.items() if kind.endswith("pair"))
        return bool(self.failures) or missing > 1 + _MOST_NOT_FOUND * pairs

    def compare(
        self, kind: str, what: object, engine: Callable[[], float], truth: Callable[[], float]
    ) -> None:
        """Run both sides; impossible conditions must be found impossible by both."""
        got = _value_or_error(engine)
        if isinstance(got, UndeclaredCouplingError):
            self.refused[kind] += 1
            return
        if isinstance(got, PositivityViolation):
            self.positivity[kind] += 1
            return
        wanted = _value_or_error(truth)
        if isinstance(wanted, WidthError):  # too many draws to enumerate
            self.refused[kind] += 1
            return
        if isinstance(got, ImpossibleEventError) and isinstance(wanted, ImpossibleEventError):
            self.impossible[kind] += 1
        elif isinstance(got, Exception) or isinstance(wanted, Exception):
            self.fail(kind, what, f"got {got!r}, truth {wanted!r}")
        else:
            self.check(kind, what, got, wanted)


def _value_or_error(side: Callable[[], float]) -> float | Exception:
    try:
        return side()
    except CausalGymError as error:
        return error
    except Exception as error:  # whatever breaks is a finding about this model
        return error
