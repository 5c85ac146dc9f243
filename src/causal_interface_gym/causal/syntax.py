"""Cut one line of notation into tokens, and point at the place where it goes wrong.

A word is letters, digits and ``_ . + -`` in any script; anything else is written in quotes.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from causal_interface_gym.errors import QueryError, QuerySyntaxError

__all__ = ["Token", "Tokens", "quoted"]

_TOKEN = re.compile(r"""\s*(?:(?P<word>[\w.+\-]+)|(?P<mark>[()\[\]{},|=~:])|(?P<quote>["']))""")
_WORD = re.compile(r"[\w.+\-]+")


@lru_cache(maxsize=4096)
def quoted(text: str) -> str:
    """Write a name or label so that it reads back as itself.

    >>> quoted("yes"), quoted("Asy/Patch")
    ('yes', '"Asy/Patch"')
    """
    if _WORD.fullmatch(text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a quoted word or a mark, and where it starts; the end of the text is ''."""

    text: str
    position: int
    is_word: bool


class Tokens:
    """A line of tokens that is read from left to right."""

    def __init__(self, text: str) -> None:
        """Cut the text.

        Raises:
            QueryError: This is no text.
            QuerySyntaxError: A character that no token starts with, or an open quote.
        """
        if not isinstance(text, str):
            raise QueryError(f"a query is text such as 'Y=1 | do(X=1)'; got {text!r}")
        self.text = text
        self.depth = 0
        self._tokens = _cut(text)
        self._next = 0

    def peek(self, ahead: int = 0) -> Token:
        """Give the token to come without taking it."""
        return self._tokens[min(self._next + ahead, len(self._tokens) - 1)]

    def take(self) -> Token:
        """Give the next token and move on."""
        token = self.peek()
        self._next += 1
        return token

    def takes(self, mark: str) -> bool:
        """Take the next token if it is this mark, and say whether it was."""
        token = self.peek()
        if token.is_word or token.text != mark:
            return False
        self._next += 1
        return True

    def need(self, mark: str) -> Token:
        """Take this mark or fail."""
        token = self.peek()
        if not self.takes(mark):
            raise self.error(f"expected {mark!r}")
        return token

    def word(self, what: str) -> str:
        """Take a word or fail, saying what was wanted."""
        token = self.peek()
        if not token.is_word:
            raise self.error(f"expected {what}")
        self._next += 1
        return token.text

    def error(self, message: str, at: Token | None = None) -> QuerySyntaxError:
        """Make an error that points at a token, the next one unless given."""
        token = at or self.peek()
        got = f", got {token.text!r}" if token.text and not at else ""
        end = "" if token.text or at else ", but the text ends"
        return QuerySyntaxError(self.text, token.position, message + got + end)


def _cut(text: str) -> list[Token]:
    tokens, place = [], 0
    end = len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place)
        if match is None:
            start = place + len(text[place:]) - len(text[place:].lstrip())
            message = f"unexpected character {text[start]!r}; quote names that need it"
            raise QuerySyntaxError(text, start, message)
        place = match.end()
        if match["quote"]:
            start = place - 1
            word, place = _unquote(text, start)
            tokens.append(Token(word, start, is_word=True))
        else:
            kind = "word" if match["word"] else "mark"
            tokens.append(Token(match[kind], match.start(kind), is_word=kind == "word"))
    return [*tokens, Token("", end, is_word=False)]


def _unquote(text: str, start: int) -> tuple[str, int]:
    mark, letters, place = text[start], [], start + 1
    while place < len(text) and text[place] != mark:
        if text[place] == "\\" and place + 1 < len(text):
            place += 1
        letters.append(text[place])
        place += 1
    if place >= len(text):
        raise QuerySyntaxError(text, start, "this quote is never closed")
    if not letters:
        raise QuerySyntaxError(text, start, "a name or label cannot be empty")
    return "".join(letters), place + 1
