"""What can go wrong with one request, and when: ``[PROVIDER/]KIND[,NAME=NUMBER...][@WHEN]``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from random import Random
from types import MappingProxyType
from typing import Final, Self, cast

from causal_interface_gym.agents.llm.fake.chat import Provider
from causal_interface_gym.errors import FormatError

__all__ = ["ALWAYS", "KINDS", "Fault", "Kind", "When"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault: what it does, and its numbers with their defaults."""

    meaning: str
    defaults: Mapping[str, float] = field(default_factory=dict)


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "status": Kind(
            "an error with this status (a bare number such as 429 or 529 means this kind)",
            {"code": 500, "retry_after": -1},
        ),
        "overflow": Kind("the error of a prompt that is too long"),
        "echo": Kind(
            "an error that repeats the key it was sent, after so many blanks",
            {"code": 401, "blanks": 1},
        ),
        "html": Kind("a page of HTML, as a proxy sends", {"code": 502}),
        "type": Kind("a good reply under the content type text/plain"),
        "slow": Kind("a good reply after a wait", {"ms": 1_000}),
        "hang": Kind("no reply until the caller leaves"),
        "reset": Kind("the connection is reset before a reply", {"bytes": 0}),
        "close": Kind("the connection is closed before a reply"),
        "drip": Kind("a good reply, few bytes at a time", {"ms": 10, "bytes": 1}),
        "half": Kind("half the body under the length of the whole"),
        "truncated": Kind("a body of JSON that ends too early", {"share": 0.5}),
        "cut": Kind("a stream that ends early without a reason", {"events": 3}),
        "duplicate": Kind("every event of a stream twice"),
        "garbage": Kind("bytes that are no JSON"),
        "deep": Kind("JSON nested so many levels deep", {"levels": 100_000}),
        "odd": Kind("JSON with so many values of other kinds than are due", {"places": 1}),
        "redirect": Kind("a redirection to another path", {"code": 307}),
        "bomb": Kind("a body that unpacks to so many megabytes", {"mb": 100}),
        "huge": Kind("a reply with a text of so many megabytes", {"mb": 10}),
        "empty": Kind("a reply without choices"),
        "refusal": Kind("the model declines"),
        "filter": Kind("the provider's filter stops the reply"),
        "length": Kind("half the text, ended by the limit on tokens"),
        "missing": Kind("a reply without a reason for its end"),
        "prose": Kind("a sentence instead of what was asked for"),
        "wrong": Kind("JSON that is not under the schema"),
        "control": Kind("a text with control characters, markup and a lone surrogate"),
    }
)
"""Every kind of fault."""

_FORM: Final = (
    "a fault is [PROVIDER/]KIND[,NAME=NUMBER...][@WHEN], e.g. 429,retry_after=2@1-3, "
    "openai/reset@20% or slow,ms=500@10s-20s"
)
_TEXT: Final = re.compile(
    r"(?:(openai|anthropic|google)/)?([a-z]+|\d{3})((?:,[a-z_]+=[\d.]+)*)(?:@(\S+))?"
)
_NUMBERS: Final = re.compile(r"(\d+)(?:(-)(\d*))?")
_SECONDS: Final = re.compile(r"(\d+(?:\.\d+)?)s-(?:(\d+(?:\.\d+)?)s)?")
_SHARE: Final = re.compile(r"(\d+(?:\.\d+)?)%")


@dataclass(frozen=True, slots=True)
class When:
    """Which requests: ``first`` to ``last`` by number from 1, a share of them, a time window."""

    first: int = 1
    last: float = float("inf")
    share: float = 1.0
    start_s: float = 0.0
    end_s: float = float("inf")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``3``, ``1-3``, ``4-``, ``20%``, ``10s-20s`` or ``10s-``.

        Raises:
            FormatError: It is none of these.
        """
        if match := _NUMBERS.fullmatch(text):
            first = int(match[1])
            last = float(match[3]) if match[3] else float("inf") if match[2] else first
            if 1 <= first <= last:
                return cls(first, last)
        elif match := _SHARE.fullmatch(text):
            if float(match[1]) <= 100:  # noqa: PLR2004 - per cent
                return cls(share=float(match[1]) / 100)
        elif match := _SECONDS.fullmatch(text):
            start, end = float(match[1]), float(match[2] or "inf")
            if start < end:
                return cls(start_s=start, end_s=end)
        message = (
            f"cannot tell when {text!r} is; a fault comes @3 (the third request), @1-3, @4-, "
            "@20% of requests, @10s-20s or @10s- after the start"
        )
        raise FormatError(message)

    def holds(self, number: int, at_s: float, rng: Random) -> bool:
        """Say whether request ``number`` at this time is one of them."""
        return (
            self.first <= number <= self.last
            and self.start_s <= at_s < self.end_s
            and (self.share >= 1 or rng.random() < self.share)
        )


ALWAYS: Final = When()
"""Every request."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault with its numbers, for one provider (None: for all), at some requests."""

    kind: str
    numbers: Mapping[str, float] = field(default_factory=dict)
    when: When = ALWAYS
    provider: Provider | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a fault from its text.

        Raises:
            FormatError: It is not in the form, or the kind or a number is unknown.
        """
        match = _TEXT.fullmatch(text.strip())
        if match is None:
            message = f"cannot read the fault {text!r}; {_FORM}"
            raise FormatError(message)
        kind, numbers = match[2], {}
        if kind.isdigit():
            kind, numbers = "status", {"code": float(kind)}
        if kind not in KINDS:
            raise _unknown_kind(kind)
        for part in filter(None, match[3].split(",")):
            name, _, number = part.partition("=")
            if name not in KINDS[kind].defaults:
                raise _unknown_number(kind, name)
            try:
                numbers[name] = float(number)
            except ValueError:
                message = f"{name}={number} in the fault {text!r} is not a number"
                raise FormatError(message) from None
        when = When.parse(match[4]) if match[4] else ALWAYS
        return cls(kind, _checked(kind, numbers), when, cast("Provider | None", match[1]))

    def number(self, name: str) -> float:
        """Give one of its numbers."""
        return self.numbers.get(name, KINDS[self.kind].defaults[name])


_LEAST: Final = {"bytes": 1, "code": 400}
_LEAST_OF: Final = {("reset", "bytes"): 0, ("html", "code"): 200, ("redirect", "code"): 300}
_MOST: Final = {
    "code": 599,
    "mb": 1_000,
    "share": 1,
    "ms": 3_600_000,
    "levels": 10_000_000,
    "places": 1_000,
    "blanks": 1_000_000,
}


def _checked(kind: str, numbers: dict[str, float]) -> dict[str, float]:
    for name, number in numbers.items():
        low = _LEAST_OF.get((kind, name), _LEAST.get(name, 0))
        high = _MOST.get(name, float("inf"))
        if not low <= number <= high:
            message = f"{name}={number:g} of the fault {kind} is not within {low} to {high:g}"
            raise FormatError(message)
    return numbers


def _unknown_kind(kind: str) -> FormatError:
    nearest = get_close_matches(kind, KINDS, n=1)
    hint = f"; did you mean {nearest[0]!r}?" if nearest else ";"
    return FormatError(f"unknown fault {kind!r}{hint} known: a status, {', '.join(KINDS)}")


def _unknown_number(kind: str, name: str) -> FormatError:
    known = ", ".join(KINDS[kind].defaults) or "(none)"
    return FormatError(f"the fault {kind!r} has no number {name!r}; it has: {known}")
