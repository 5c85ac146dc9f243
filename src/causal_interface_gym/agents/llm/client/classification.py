"""Every way in which a call fails, as one of our errors; the one place where this is decided.

What the provider did (too many calls, a failure, no connection) is an outage and is asked again.
What somebody must mend (a key, a model's name, an account) stops the run. What the model did is
data about the model.
"""

import json
from typing import Final

import httpx2
from pydantic_ai import exceptions as library

from causal_interface_gym.agents.llm.client.wire import Exchange
from causal_interface_gym.agents.llm.providers.redaction import Redactor
from causal_interface_gym.errors import (
    AuthenticationError,
    BadRequestError,
    ContextOverflowError,
    OutageError,
    OverloadedError,
    ProviderError,
    RateLimitedError,
    RefusedError,
    StoppingError,
    TimedOutError,
    UnreachableError,
)

__all__ = ["classify", "readdressed"]

_LONGEST: Final = 500
_TOO_LARGE: Final = 413
_CLIENT_ERRORS: Final = range(400, 500)
_AGAIN: Final = {408: TimedOutError, 409: OverloadedError, 425: OverloadedError}

# The library's classes, the most particular first; each is what its adapters found the provider's
# own code to mean.
_MEANINGS: Final[tuple[tuple[type[Exception], type[ProviderError]], ...]] = (
    (library.ModelRateLimitError, RateLimitedError),
    (library.ModelQuotaExceededError, StoppingError),
    (library.ModelUnavailableError, OverloadedError),
    (library.ModelServerError, OverloadedError),
    (library.ModelTimeoutError, TimedOutError),
    (library.ModelRequestTimeout, TimedOutError),
    (library.ModelConnectionError, UnreachableError),
    (library.ModelAuthenticationError, AuthenticationError),
    (library.ModelNotFoundError, StoppingError),
    (library.ModelContextWindowExceededError, ContextOverflowError),
    (library.ModelRequestRejectedError, BadRequestError),
    (library.ContentFilterError, RefusedError),
    (TimeoutError, TimedOutError),
    (httpx2.TimeoutException, TimedOutError),
    (library.UserError, BadRequestError),
    # The library takes the first choice of a reply, and there was none.
    (IndexError, OverloadedError),
)


def classify(
    error: Exception, exchange: Exchange, *, provider: str, redactor: Redactor
) -> ProviderError:
    """Say what an error of a library means, in words that hold no secret."""
    if exchange.refusal is not None:
        return readdressed(exchange.refusal, provider, redactor)
    if isinstance(error, ProviderError):
        return readdressed(error, provider, redactor)
    status = int(getattr(error, "status_code", 0) or exchange.status)
    kind = _kind(error, status)
    message = _shown(_words(error), redactor)
    if issubclass(kind, OutageError):
        wait = float(getattr(error, "retry_after", None) or 0.0)
        return kind(message, provider=provider, status=status, retry_after_s=max(wait, 0.0))
    return kind(message, provider=provider, status=status)


def readdressed(error: ProviderError, provider: str, redactor: Redactor) -> ProviderError:
    """Say whose error it is, and take secrets out of its words."""
    message = _shown(str(error), redactor)
    if isinstance(error, OutageError):
        wait = error.retry_after_s
        return type(error)(message, provider=provider, status=error.status, retry_after_s=wait)
    return type(error)(message, provider=provider, status=error.status)


def _kind(error: Exception, status: int) -> type[ProviderError]:
    for theirs, ours in _MEANINGS:
        if isinstance(error, theirs):
            return ours
    is_http = isinstance(error, library.ModelHTTPError)
    if is_http and status in _AGAIN:
        return _AGAIN[status]
    if is_http and status == _TOO_LARGE:
        return ContextOverflowError
    if is_http and status in _CLIENT_ERRORS:
        return BadRequestError
    # The rest are replies that no library can read: not the provider's, or cut short on the way.
    return UnreachableError


def _words(error: Exception) -> str:
    """Take what the provider said; a library's own frame around it only repeats the status."""
    said = _said(getattr(error, "body", None))
    if isinstance(error, library.ModelHTTPError):
        return f"HTTP {error.status_code}: {said or 'no reason given'}"
    if isinstance(error, TimeoutError):
        return "no whole answer within the time allowed"
    if isinstance(error, IndexError):
        return "the reply is empty"
    if isinstance(error, library.ModelConnectionError):
        return f"no connection: {_root(error)}"
    if isinstance(error, library.AgentRunError | library.UserError):
        return said or str(error) or type(error).__name__
    return f"the reply cannot be read: {_root(error)}"


def _root(error: BaseException) -> str:
    """Take the words of what began it all: the libraries around it say only that they failed."""
    while error.__cause__ is not None:
        error = error.__cause__
    return f"{type(error).__name__}: {error}".rstrip(": ")


def _said(body: object) -> str:
    if isinstance(body, dict):
        inner = body.get("error", body)
        found = inner.get("message") if isinstance(inner, dict) else inner
        return found if isinstance(found, str) else json.dumps(body, default=str)
    return str(body) if body else ""


def _shown(text: str, redactor: Redactor) -> str:
    """Make one line of a text, without secrets and control characters, and cut it last.

    Half a key, left at a cut, would be no key that the redactor knows.
    """
    line = " ".join(redactor.scrub(text).split())[:_LONGEST]
    return "".join(c if c.isprintable() else " " for c in line).strip()
