"""The fields of a form: each says its part of the schema and reads its own value, strictly.

A belief is a whole number of percent or of 1000, or a string of digits; both map to one float,
number / whole, and back. Nothing is rounded or guessed: a value outside is a fault that says what
is allowed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from causal_interface_gym.errors import InvalidOutputError

__all__ = ["Amount", "Choice", "Field", "Number", "Words"]

# Any: JSON.
Json = dict[str, Any]

_HUGE: Final = 10**18
_DIGITS: Final = re.compile(r"0|[1-9][0-9]{0,3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Amount:
    """A probability as a whole number from 0 to ``whole``, or as the digits of it."""

    name: str
    whole: int
    is_digits: bool = False

    @property
    def schema(self) -> Json:
        """The part of the schema."""
        told = f"a whole number from 0 (impossible) to {self.whole} (certain)"
        if self.is_digits:
            pattern = f"^({self.whole}|[1-9][0-9]{{0,{len(str(self.whole)) - 2}}}|0)$"
            return {"type": "string", "pattern": pattern, "description": f"{told}, as digits"}
        return {"type": "integer", "minimum": 0, "maximum": self.whole, "description": told}

    def read(self, value: object) -> float:
        """Give the probability.

        Raises:
            InvalidOutputError: The value is no such number.
        """
        number = _digits(value) if self.is_digits else _whole_number(value)
        if number is None or not 0 <= number <= self.whole:
            kind = "a string of digits" if self.is_digits else "a whole number"
            message = f"{self.name} is {kind} from 0 to {self.whole}; got {_shown(value)}"
            raise InvalidOutputError(message)
        return number / self.whole


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number in a range."""

    name: str
    low: int
    high: int

    @property
    def schema(self) -> Json:
        """The part of the schema."""
        return {"type": "integer", "minimum": self.low, "maximum": self.high}

    def read(self, value: object) -> int:
        """Give the number.

        Raises:
            InvalidOutputError: The value is no such number.
        """
        number = _whole_number(value)
        if number is None or not self.low <= number <= self.high:
            message = (
                f"{self.name} is a whole number from {self.low} to {self.high}; got {_shown(value)}"
            )
            raise InvalidOutputError(message)
        return number


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    name: str
    options: tuple[str, ...]

    @property
    def schema(self) -> Json:
        """The part of the schema."""
        return {"type": "string", "enum": list(self.options)}

    def read(self, value: object) -> str:
        """Give the word.

        Raises:
            InvalidOutputError: The value is none of them.
        """
        if not isinstance(value, str) or value not in self.options:
            message = f"{self.name} is one of {', '.join(self.options)}; got {_shown(value)}"
            raise InvalidOutputError(message)
        return value


@dataclass(frozen=True, slots=True)
class Words:
    """Free text; ``check`` raises where the text is not in the form that is meant.

    ``longest`` bounds what is asked for, in characters; a longer text is cut, not refused, since a
    belief does not become invalid by the length of its reasons. Where a part would mean something
    else than the whole, as in a graph, ``is_cut`` is false and a longer text is a fault. A
    ``pattern`` binds servers that hold a reply to its schema; ``check`` is the judge.
    """

    name: str
    longest: int
    about: str = ""
    check: Callable[[str], object] = str
    is_cut: bool = True
    pattern: str = ""

    @property
    def schema(self) -> Json:
        """The part of the schema."""
        about = {"description": self.about} if self.about else {}
        form = {"pattern": self.pattern} if self.pattern else {"maxLength": self.longest}
        return {"type": "string", **form, **about}

    def read(self, value: object) -> str:
        """Give the text.

        Raises:
            InvalidOutputError: The value is no text, or not in the form that is meant.
        """
        if not isinstance(value, str):
            raise InvalidOutputError(f"{self.name} is text; got {_shown(value)}")
        if len(value) > self.longest and not self.is_cut:
            message = f"{self.name} has at most {self.longest} characters; got {len(value)}"
            raise InvalidOutputError(message)
        self.check(value)
        return value[: self.longest]


Field = Amount | Number | Choice | Words


def _whole_number(value: object) -> int | None:
    """Give a whole number as JSON Schema has it: 35 and 35.0 are the same, true is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if isinstance(value, float) and not value.is_integer():
        return None
    return int(value)


def _digits(value: object) -> int | None:
    return int(value) if isinstance(value, str) and _DIGITS.fullmatch(value) else None


def _shown(value: object) -> str:
    """Quote the beginning of a value; all digits of a huge number would cost too much."""
    is_huge = isinstance(value, int) and abs(value) > _HUGE
    return "a huge number" if is_huge else ascii(value)[:80]
