"""A key that stands for one object: what follows from a brief is found once and kept.

All agents of a trial's world are given the same brief, and a call is to cost little beside the
model. Hashing a brief by its content would cost as much as rendering it, so the key is the object.
"""

from typing import Final, Generic, TypeVar

__all__ = ["MOST_KEPT", "Same"]

T = TypeVar("T")

MOST_KEPT: Final = 64
"""For how many briefs something is kept; trials come world by world, so few are met at once."""


class Same(Generic[T]):
    """Equal to another of its kind if both hold the very same object, which it keeps alive."""

    __slots__ = ("value",)

    def __init__(self, value: T) -> None:
        """Hold an object, which nobody changes."""
        self.value: Final = value

    def __eq__(self, other: object) -> bool:
        """Compare by identity."""
        return isinstance(other, Same) and other.value is self.value

    def __hash__(self) -> int:
        """Hash by identity."""
        return id(self.value)
