"""Probabilities in words, each tied to a label: ``q1: 30 %``, ``q2 = 3/10``, ``q3 is 1 in 5``.

The grammar is strict: a label, then at most the question in brackets and a few words that mean
nothing (is, about, p =), then one number with its unit, then nothing else with a digit before the
next label or the end of the line. ``between 20 and 30 %`` is a range and no point. A bare whole
number has no unit and is read only after a label whose name says the unit.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

__all__ = ["Ambiguous", "Point", "Range", "read_number", "stated_numbers"]

_NUMBER: Final = r"(?:[0-9]{1,4}(?:\.[0-9]{1,9})?|\.[0-9]{1,9})"
_PER_CENT: Final = r"\s*(?:%|per ?cent\b)"
_INNER: Final = r"[^()\n]"
_NESTED: Final = rf"\((?:{_INNER}|\((?:{_INNER}|\({_INNER}*\)){{0,200}}\)){{0,200}}\)"
"""Brackets, three deep: a query in brackets with an action in it."""
_SILENT: Final = (
    "is|are|about|around|roughly|approximately|probability|chance|belief|answer|of|the|a|my|p|P"
)
_FILLER: Final = re.compile(rf"(?:[-=]>|[\s:=*_`\"'~≈-]|{_NESTED}|\bP{_NESTED}|\b(?:{_SILENT})\b)*")
_PERCENT: Final = re.compile(rf"({_NUMBER}){_PER_CENT}", re.I)
_RATIO: Final = re.compile(r"([0-9]{1,6})\s*(?:/|in|out of)\s*([0-9]{1,6})(?!\.?[0-9]|\s*%)", re.I)
_RANGE: Final = re.compile(
    rf"(?:between\s+|from\s+)?({_NUMBER})(?:{_PER_CENT})?\s*(?:-|–|and|to)\s*({_NUMBER}){_PER_CENT}",  # noqa: RUF001 - models write that dash
    re.I,
)
_DECIMAL: Final = re.compile(r"(0?\.[0-9]{1,9}|[01]\.[0-9]{1,9})(?!\.?[0-9]|\s*%)")
_BARE: Final = re.compile(r"([0-9]{1,4})(?![0-9/%]|[.,][0-9])")
_LINE_ENDS: Final = re.compile(r"[\n;]")


@dataclass(frozen=True, slots=True)
class Point:
    """One probability."""

    p: float


@dataclass(frozen=True, slots=True)
class Range:
    """Two ends."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Something was said that can be read in more than one way, or in none."""


Said = Point | Range | Ambiguous


def stated_numbers(
    text: str, labels: Sequence[str], wholes: Mapping[str, int]
) -> Iterator[tuple[str, Said]]:
    """Give what is said after each label, in order; ``wholes`` is the unit that a label implies.

    >>> list(stated_numbers("q1: 30 %. q2 = 3/10", ("q1", "q2"), {}))
    [('q1', Point(p=0.3)), ('q2', Point(p=0.3))]
    """
    longest_first = sorted(map(re.escape, labels), key=len, reverse=True)
    if not longest_first:
        return
    pattern = re.compile(rf"(?<![\w$])({'|'.join(longest_first)})(?!\w)")
    for line in _LINE_ENDS.split(text):
        places = list(pattern.finditer(line))
        ends = [place.start() for place in places[1:]] + [len(line)][: len(places)]
        for place, end in zip(places, ends, strict=True):
            said = line[place.end() : end]
            if any(char.isdigit() for char in said):
                yield place[1], read_number(said, whole=wholes.get(place[1], 0))


def read_number(said: str, *, whole: int = 0) -> Said:
    """Read what stands after a label.

    >>> read_number(": P(y=1 | do(x=1)) is about 1 in 5")
    Point(p=0.2)
    >>> read_number(" = between 20 and 30 %")
    Range(low=0.2, high=0.3)
    >>> read_number(": 30"), read_number(": 30", whole=100)
    (Ambiguous(), Point(p=0.3))
    """
    filler = _FILLER.match(said)
    start = filler.end() if filler else 0
    if said[:start].rstrip().endswith("-") and "- " not in said[:start]:
        return Ambiguous()  # a minus sign
    for pattern, read in (
        (_RANGE, _range),
        (_RATIO, _ratio),
        (_PERCENT, _percent),
        (_DECIMAL, _decimal),
    ):
        match = pattern.match(said, start)
        if match:
            return read(match) if _ends(said, match.end()) else Ambiguous()
    match = _BARE.match(said, start)
    if match and whole and _ends(said, match.end()):
        return _point(int(match[1]) / whole)
    return Ambiguous()


def _ends(said: str, place: int) -> bool:
    """Say whether no further number stands behind a place."""
    return not any(char.isdigit() for char in said[place:])


def _range(match: re.Match[str]) -> Said:
    low, high = float(match[1]) / 100, float(match[2]) / 100
    return Range(low, high) if 0 <= low <= high <= 1 else Ambiguous()


def _ratio(match: re.Match[str]) -> Said:
    return _point(int(match[1]) / int(match[2])) if int(match[2]) else Ambiguous()


def _percent(match: re.Match[str]) -> Said:
    return _point(float(match[1]) / 100)


def _decimal(match: re.Match[str]) -> Said:
    return _point(float(match[1]))


def _point(p: float) -> Said:
    return Point(p) if 0 <= p <= 1 else Ambiguous()
