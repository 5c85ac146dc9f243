"""A finding: one named check on one set of statements, and by how much it fails."""

from dataclasses import dataclass
from typing import Final

__all__ = ["TOLERANCE", "Finding", "distance"]

TOLERANCE: Final = 1e-9
"""A larger amount is a violation; a smaller one is rounding."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check that could be made; ``amount`` >= 0 is how far the statements are from passing.

    Of an equality the amount is the absolute difference, of bounds the distance to the nearer one.
    """

    check: str
    amount: float
    text: str

    @property
    def is_violation(self) -> bool:
        """Whether the amount is more than rounding."""
        return self.amount > TOLERANCE


def distance(value: float, low: float, high: float) -> float:
    """Give how far a value lies outside [low, high]; where low > high, the larger excess.

    >>> distance(0.25, 0.5, 1.0)
    0.25
    """
    return max(0.0, low - value, value - high)
