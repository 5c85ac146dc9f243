"""Taking secrets out of text before anybody sees it.

Two nets: the exact secrets that this process holds, and the shapes that keys of known providers
have, for one that a provider sends back in other words.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, unquote

__all__ = ["HIDDEN", "Redactor"]

HIDDEN: Final = "[hidden]"
"""What stands in a secret's place."""

_SHORTEST: Final = 6
"""A shorter secret is no secret, and would tear ordinary words apart."""

_SHAPES: Final = re.compile(
    r"\b(?:sk|rk|pk)-[A-Za-z0-9_-]{8,}"  # OpenAI, Anthropic, OpenRouter
    r"|\bAIza[A-Za-z0-9_-]{10,}"  # Google
    r"|(?<=[?&]key=)[^&\s\"']+"  # a key in an address
    r"|(?i:(?<=bearer ))[^\s\"',}]{6,}"
    r"|(?<=://)[^/\s\"'@]+(?=@)"  # who and with what password, in an address
)


@dataclass(frozen=True, slots=True)
class Redactor:
    """Knows secrets and takes them out of text; its own text shows none.

    >>> Redactor.of(["opensesame"]).scrub("the key opensesame is wrong")
    'the key [hidden] is wrong'
    """

    _exact: re.Pattern[str] | None = field(default=None, repr=False)

    @classmethod
    def of(cls, secrets: Iterable[str]) -> "Redactor":
        """Know these secrets, also as they are written in addresses and in JSON."""
        forms = {
            form
            for secret in secrets
            for text in (secret, secret.strip(), *secret.split())
            for form in (text, quote(text, safe=""), unquote(text), _escaped(text))
            if len(form) >= _SHORTEST
        }
        longest_first = sorted(forms, key=len, reverse=True)
        return cls(re.compile("|".join(map(re.escape, longest_first))) if forms else None)

    def scrub(self, text: str) -> str:
        """Take out known secrets, and whatever looks like a key."""
        return _SHAPES.sub(HIDDEN, self.exact(text))

    def exact(self, text: str) -> str:
        """Take out known secrets only, leaving all other text as it is."""
        return self._exact.sub(HIDDEN, text) if self._exact is not None else text


def _escaped(text: str) -> str:
    return text.encode("unicode_escape").decode("ascii")
