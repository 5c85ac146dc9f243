"""One call of a language model: what is asked, what came back, and the seam between them.

A strategy writes an ``Ask`` and reads an ``Answer``; everything that concerns providers (wire
formats, retries, budgets, caches, transcripts) happens behind ``Client``. Both records are frozen
and hold text and JSON only, so a call can be stored, found again and replayed.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

__all__ = [
    "DEFAULT",
    "Answer",
    "Ask",
    "Client",
    "Finish",
    "LogProbability",
    "Message",
    "Role",
    "Sampling",
    "Usage",
]

Role = Literal["system", "user", "assistant"]
"""Who says a message."""

Finish = Literal["stop", "length", "refusal", "filter"]
"""Why a reply ended; a reply without a reason is truncated and never becomes an ``Answer``."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something said in a conversation."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a reply is drawn.

    Without a ``temperature`` the provider's default holds. ``max_tokens`` counts tokens of the
    reply and is always sent. ``top_log_probabilities`` asks for that many alternatives to each
    token, 0 for none.
    """

    temperature: float | None = None
    max_tokens: int = 1_024
    seed: int | None = None
    top_log_probabilities: int = 0


DEFAULT: Final = Sampling()
"""Nothing but a limit on tokens."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of a model.

    ``trial`` and ``label`` name the call: the label is unique within its trial and the same
    whenever the trial is played again, e.g. ``2/believe/0``. ``schema`` is a JSON schema for the
    reply, flat and with every field required; without one the reply is free text. ``sample``
    counts independent draws of the same question from 0. ``deadline_s`` bounds the whole call,
    retries included.
    """

    trial: str
    label: str
    messages: tuple[Message, ...]
    schema: dict[str, Any] | None = None  # Any: JSON
    sampling: Sampling = DEFAULT
    sample: int = 0
    deadline_s: float = 300.0


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of a call; those read from the provider's own cache are part of the input."""

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0


@dataclass(frozen=True, slots=True)
class LogProbability:
    """A token of the reply with its likeliest alternatives, natural logarithms."""

    token: str
    log_probability: float
    alternatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    ``model`` is the model that the provider says answered. ``dropped`` names settings that the
    model does not take. ``cost_usd`` is None where the price is unknown, and 0 for a call that was
    not made because its reply was stored (``is_stored``). ``fingerprint`` is what a provider says
    of the configuration that answered, where it says anything.
    """

    text: str
    finish: Finish
    model: str
    usage: Usage
    cost_usd: float | None = None
    request_id: str = ""
    dropped: tuple[str, ...] = ()
    log_probabilities: tuple[LogProbability, ...] = ()
    is_stored: bool = False
    fingerprint: str = ""


class Client(Protocol):
    """A model that can be asked."""

    async def ask(self, ask: Ask) -> Answer:
        """Ask once; policies may make several attempts behind it.

        Raises:
            ProviderError: There is no answer; its class says whose doing that is.
        """
        ...
