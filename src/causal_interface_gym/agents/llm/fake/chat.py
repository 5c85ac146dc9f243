"""What a chat asks and what it is answered, whichever wire format carries it."""

import re
from dataclasses import dataclass
from typing import Any, Final, Literal

__all__ = ["Chat", "Ending", "Provider", "Reply", "token_count", "tokens_of"]

Provider = Literal["openai", "anthropic", "google"]
"""Whose wire format a request is in."""

Ending = Literal["stop", "length", "refusal", "filter", "missing"]
"""Why a reply ends; a missing reason is what a broken server sends."""

_TOKEN: Final = re.compile(r"\s*(?:\w{1,6}|[^\w\s])|\s+")
_LONGEST: Final = 100_000
_PAGE: Final = 50_000


@dataclass(frozen=True, slots=True)
class Chat:
    """A request for a reply.

    ``top_log_probabilities`` is None where no log-probabilities are asked for. ``with_usage`` says
    whether a stream ends with the count of tokens.
    """

    provider: Provider
    model: str
    prompt: str
    schema: dict[str, Any] | None = None  # Any: JSON
    wants_json: bool = False
    n_choices: int = 1
    max_tokens: int | None = None
    seed: int | None = None
    is_stream: bool = False
    with_usage: bool = True
    top_log_probabilities: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """One text for each choice asked for, and how each ends.

    ``odds`` are the log-probabilities of the first token's alternatives, likeliest first.
    """

    texts: tuple[str, ...]
    ending: Ending = "stop"
    odds: tuple[tuple[str, float], ...] = ()


def tokens_of(text: str) -> list[str]:
    """Cut a text into the tokens of a model that nobody trained; joined they give the text.

    A text of book length comes in pages instead, so that a huge reply costs no time to cut.
    """
    if len(text) > _LONGEST:
        return [text[start : start + _PAGE] for start in range(0, len(text), _PAGE)]
    return _TOKEN.findall(text)


def token_count(text: str) -> int:
    """Give the tokens of a prompt, four characters each."""
    return len(text) // 4 + 1
