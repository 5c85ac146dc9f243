"""The library's model for a provider, on our HTTP client."""

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from causal_interface_gym.agents.llm.client.wire import MOST_BYTES, WatchedClient
from causal_interface_gym.agents.llm.providers.access import ProviderSettings
from causal_interface_gym.errors import RunError

if TYPE_CHECKING:
    from pydantic_ai.models import Model

__all__ = ["Line", "checked_url", "open_line"]


@dataclass(frozen=True, slots=True)
class Line:
    """An open way to one model: the library's model and the HTTP client under it."""

    model: "Model"
    http: WatchedClient


def open_line(
    access: ProviderSettings, model: str, *, timeout_s: float, most_bytes: int = MOST_BYTES
) -> Line:
    """Open the way to a model; nothing is sent yet.

    Raises:
        AuthenticationError: The key is missing or cannot be one.
        RunError: There is no address where one is needed, or it is none.
    """
    key, url = access.sent_key, checked_url(access)
    _hush()
    http = WatchedClient(timeout_s=timeout_s, most_bytes=most_bytes)
    match access.provider.wire:
        case "anthropic":
            return Line(_anthropic(model, key, url, http), http)
        case "google":
            return Line(_google(model, key, url, http), http)
        case "openai":
            return Line(_openai(access.name, model, key, url, http), http)


def _hush() -> None:
    """Silence the libraries about what a caller cannot act on.

    Settings that they leave out stand in the answer, and a model near its end still answers.
    """
    from pydantic_ai.exceptions import UnsupportedSettingWarning  # noqa: PLC0415

    warnings.filterwarnings("ignore", category=UnsupportedSettingWarning)
    warnings.filterwarnings("ignore", message="Failed to extract usage", category=UserWarning)
    warnings.filterwarnings("ignore", message="Sampling parameters", category=UserWarning)
    warnings.filterwarnings("ignore", message="The model '", category=DeprecationWarning)
    warnings.filterwarnings("ignore", message="The `http_client` passed", category=UserWarning)


def checked_url(access: ProviderSettings) -> str:
    """Give the address of a provider, if it can be one.

    Raises:
        RunError: There is none where one is needed, or it is none. The message does not show it.
    """
    url = access.url
    names = " or ".join(access.provider.url_names) or "the model server"
    if not url and access.provider.needs_url:
        message = f"{access.name}: no address; set {names}, e.g. to http://127.0.0.1:8000/v1"
        raise RunError(message)
    is_url = url.startswith(("http://", "https://")) and url.isprintable() and " " not in url
    if url and not (is_url and access.has_host):
        message = (
            f"{access.name}: the address in {names} is not of the form https://HOST[:PORT]/PATH"
        )
        raise RunError(message)
    return url


def _openai(name: str, model: str, key: str, url: str, http: WatchedClient) -> "Model":
    from pydantic_ai.models.openai import OpenAIChatModel  # noqa: PLC0415 - heavy, loaded when used
    from pydantic_ai.providers.openai import OpenAIProvider  # noqa: PLC0415 - heavy, loaded when used
    from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider  # noqa: PLC0415 - heavy, loaded when used

    if name == "openai":
        own = OpenAIProvider(api_key=key, base_url=url, http_client=http)
        return OpenAIChatModel(model, provider=own)
    other = OpenAICompatibleProvider(name, base_url=url, api_key=key, http_client=http)
    return OpenAIChatModel(model, provider=other)


def _anthropic(model: str, key: str, url: str, http: WatchedClient) -> "Model":
    from anthropic import AsyncAnthropic  # noqa: PLC0415 - heavy, loaded when used
    from pydantic_ai.models.anthropic import AnthropicModel  # noqa: PLC0415 - heavy, loaded when used
    from pydantic_ai.providers.anthropic import AnthropicProvider  # noqa: PLC0415 - heavy, loaded when used

    client = AsyncAnthropic(
        api_key=key,
        base_url=url,
        http_client=http,
        max_retries=0,
    )
    return AnthropicModel(model, provider=AnthropicProvider(anthropic_client=client))


def _google(model: str, key: str, url: str, http: WatchedClient) -> "Model":
    from pydantic_ai.models.google import GoogleModel  # noqa: PLC0415 - heavy, loaded when used
    from pydantic_ai.providers.google import GoogleProvider  # noqa: PLC0415 - heavy, loaded when used

    own = GoogleProvider(api_key=key, base_url=url, http_client=http)
    return GoogleModel(model, provider=own)
