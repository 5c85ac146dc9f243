"""The absence of a metric, as a value with its reason."""

from dataclasses import dataclass

__all__ = ["Unscored"]


@dataclass(frozen=True, slots=True)
class Unscored:
    """A metric has no number here; ``reason`` says why, for the participant's reader."""

    reason: str
