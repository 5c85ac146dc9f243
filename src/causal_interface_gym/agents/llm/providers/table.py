"""The providers that are known: their variables, addresses and default models."""

from dataclasses import dataclass
from typing import Final, Literal

from causal_interface_gym.errors import RunError

__all__ = ["FALLBACK_ORDER", "PROVIDER_TABLE", "Provider", "Wire", "provider"]

Wire = Literal["openai", "anthropic", "google"]
"""The three wire formats."""


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider and how it is reached.

    ``key_names`` and ``url_names`` are the variables that hold its key and its address, the first
    that is set counts. ``base_url`` is where it is reached when none is set, empty where the
    library knows or where there is no such place.
    """

    name: str
    wire: Wire
    key_names: tuple[str, ...]
    url_names: tuple[str, ...]
    base_url: str = ""
    default_model: str = ""
    needs_key: bool = True
    needs_url: bool = False


PROVIDER_TABLE: Final = (
    Provider(
        "openai",
        "openai",
        ("OPENAI_API_KEY",),
        ("OPENAI_BASE_URL",),
        "https://api.openai.com/v1",
        default_model="gpt-6-luna",
    ),
    Provider(
        "anthropic",
        "anthropic",
        ("ANTHROPIC_API_KEY",),
        ("ANTHROPIC_BASE_URL",),
        "https://api.anthropic.com",
        default_model="claude-sonnet-5-5",
    ),
    Provider(
        "google",
        "google",
        ("GOOGLE_API_KEY", "GEMINI_API_KEY"),
        ("GOOGLE_GEMINI_BASE_URL",),
        "https://generativelanguage.googleapis.com",
        default_model="gemini-3.8-flash",
    ),
    Provider(
        "openrouter",
        "openai",
        ("OPENROUTER_API_KEY",),
        ("OPENROUTER_BASE_URL",),
        "https://openrouter.ai/api/v1",
    ),
    Provider(
        "ollama",
        "openai",
        ("OLLAMA_API_KEY",),
        ("OLLAMA_BASE_URL",),
        "http://127.0.0.1:11434/v1",
        needs_key=False,
    ),
    Provider(
        "compatible",
        "openai",
        ("COMPATIBLE_API_KEY",),
        ("COMPATIBLE_BASE_URL",),
        needs_key=False,
        needs_url=True,
    ),
    Provider("local", "openai", (), (), needs_key=False, needs_url=True),
)
"""Every provider that the name of an agent can begin with."""

FALLBACK_ORDER: Final = ("openai", "anthropic", "google", "local")
"""Who is asked next where ``LLM_FALLBACK_ORDER`` does not say."""

_BY_NAME: Final = {entry.name: entry for entry in PROVIDER_TABLE}


def provider(name: str) -> Provider:
    """Give a provider by its name.

    Raises:
        RunError: There is no such provider.
    """
    found = _BY_NAME.get(name)
    if found is None:
        message = f"unknown provider {name[:40]!r}; providers: {', '.join(_BY_NAME)}"
        raise RunError(message)
    return found
