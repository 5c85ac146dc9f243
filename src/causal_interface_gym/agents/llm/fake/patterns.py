"""Texts that match a regular expression, for the plain patterns that schemas use."""

import re
import string
from collections.abc import Callable
from random import Random
from typing import Final

__all__ = ["text_matching"]

_CLASSES: Final = {
    "d": string.digits,
    "w": string.ascii_letters + string.digits + "_",
    "s": " ",
}
_ANY: Final = string.ascii_lowercase
_QUANTIFIER: Final = re.compile(r"\*|\+|\?|\{(\d+)(?:(,)(\d*))?\}")
_MORE: Final = 3
"""A quantifier without an upper bound repeats at most so often beyond its lower one."""

_Writer = Callable[[Random], str]


def text_matching(pattern: str, rng: Random) -> str:
    """Write a text that the whole pattern matches.

    Characters, classes, groups, alternatives and quantifiers are understood.

    Raises:
        ValueError: The pattern uses something else, such as look-ahead.
    """
    text = _Parser(pattern.removeprefix("^").removesuffix("$")).pattern()(rng)
    if re.search(pattern, text) is None:
        raise _unknown(pattern)
    return text


def _unknown(pattern: str) -> ValueError:
    return ValueError(
        f"the fake cannot write a text under the pattern {pattern!r}; it knows characters, "
        "classes, groups, alternatives and quantifiers"
    )


class _Parser:
    """Turns a pattern into a writer, by recursive descent."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0

    def pattern(self) -> _Writer:
        """Read all of it."""
        writer = self._alternatives()
        if self._at < len(self._source):
            raise _unknown(self._source)
        return writer

    def _peek(self) -> str:
        return self._source[self._at : self._at + 1]

    def _next(self) -> str:
        char = self._peek()
        if not char:
            raise _unknown(self._source)
        self._at += 1
        return char

    def _alternatives(self) -> _Writer:
        options = [self._sequence()]
        while self._peek() == "|":
            self._next()
            options.append(self._sequence())
        return lambda rng: rng.choice(options)(rng)

    def _sequence(self) -> _Writer:
        parts: list[_Writer] = []
        while self._peek() not in {"", "|", ")"}:
            parts.append(self._repeated(self._atom()))
        return lambda rng: "".join(part(rng) for part in parts)

    def _repeated(self, part: _Writer) -> _Writer:
        match = _QUANTIFIER.match(self._source, self._at)
        if match is None:
            return part
        self._at = match.end()
        if match[1] is not None:
            low = int(match[1])
            high = int(match[3]) if match[3] else low + _MORE if match[2] else low
        else:
            low = int(match[0] == "+")
            high = 1 if match[0] == "?" else low + _MORE
        return lambda rng: "".join(part(rng) for _ in range(rng.randint(low, high)))

    def _atom(self) -> _Writer:
        char = self._next()
        if char == "(":
            return self._group()
        if char in "*+?{^$":
            raise _unknown(self._source)
        letters = self._letters(char)
        return lambda rng: rng.choice(letters)

    def _letters(self, char: str) -> str:
        match char:
            case "[":
                return self._set()
            case "\\":
                return self._escape()
            case ".":
                return _ANY
            case _:
                return char

    def _group(self) -> _Writer:
        if self._source.startswith("?:", self._at):
            self._at += 2
        writer = self._alternatives()
        if self._next() != ")":
            raise _unknown(self._source)
        return writer

    def _escape(self) -> str:
        char = self._next()
        return _CLASSES.get(char, char)

    def _set(self) -> str:
        letters = ""
        excluded = self._peek() == "^"
        if excluded:
            self._next()
        while (char := self._next()) != "]":
            if char == "\\":
                letters += self._escape()
            elif char == "-" and letters and self._peek() != "]":
                last = self._next()
                letters += "".join(map(chr, range(ord(letters[-1]) + 1, ord(last) + 1)))
            else:
                letters += char
        if excluded:
            letters = "".join(c for c in string.ascii_letters + " " if c not in letters)
        if not letters:
            raise _unknown(self._source)
        return letters
