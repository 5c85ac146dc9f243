"""Whether a provider can be reached and asked, step by step, ending at the first that fails.

Configuration, name, connection and key cost nothing. ``deep`` also asks for one token and for an
answer under a schema, which costs what two short calls cost.
"""

import asyncio
import json
import ssl
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx2

from causal_interface_gym.agents.llm.call import Answer, Ask, Client, Message, Sampling
from causal_interface_gym.agents.llm.client.building import checked_url
from causal_interface_gym.agents.llm.client.composition import Policies, make_client
from causal_interface_gym.agents.llm.policies.retry import Patience
from causal_interface_gym.agents.llm.providers.access import ProviderSettings
from causal_interface_gym.errors import (
    AuthenticationError,
    CausalGymError,
    InvalidOutputError,
    OutageError,
    OverloadedError,
    RunError,
    UnreachableError,
)

__all__ = ["Checked", "Step", "check_provider"]

_TIMEOUT_S: Final = 10.0
_DEEP_TIMEOUT_S: Final = 60.0
_MOST_TOKENS: Final = 512
_REFUSED: Final = (401, 403)
_FAILED: Final = 500
_ANSWERED: Final = 200
_PORTS: Final = {"https": 443, "http": 80}
_SCHEMA: Final = {
    "type": "object",
    "properties": {"percent_chance_of_heads": {"type": "integer", "minimum": 0, "maximum": 100}},
    "required": ["percent_chance_of_heads"],
    "additionalProperties": False,
}


# One step's work; gives what was found, or raises what went wrong.
_Act = Callable[[], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: ``error`` is the class of what went wrong, empty where nothing did."""

    name: str
    detail: str
    error: str = ""
    is_outage: bool = False
    latency_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of a provider; no step follows one that failed."""

    provider: str
    model: str
    steps: tuple[Step, ...]

    @property
    def is_fine(self) -> bool:
        """Whether every step went well."""
        return not any(step.error for step in self.steps)

    @property
    def is_down(self) -> bool:
        """Whether the provider is to blame, and not what was configured."""
        return any(step.is_outage for step in self.steps)


async def check_provider(
    access: ProviderSettings, model: str = "", *, deep: bool = False
) -> Checked:
    """Check a provider; ``model`` is asked where ``deep`` is, else the provider's default."""
    asked = model or access.model
    free: tuple[tuple[str, _Act], ...] = (
        ("configuration", lambda: _configuration(access)),
        ("connection", lambda: _connection(access)),
        ("key", lambda: _key(access)),
    )
    done = await _until_failure(free, access)
    if deep and not done[-1].error:
        done += await _deep(access, asked)
    return Checked(access.name, asked, tuple(done))


async def _deep(access: ProviderSettings, model: str) -> list[Step]:
    if not model:
        detail = f"{access.name} has no default model; name one with --model"
        return [Step("model", detail, RunError.__name__)]
    # The libraries take seconds to load, which is not the provider's time.
    async with make_client(access, model, Policies(patience=Patience(n_attempts=1))) as client:
        steps: tuple[tuple[str, _Act], ...] = (
            ("one token", lambda: _token(client)),
            ("structured output", lambda: _structured(client, access)),
        )
        return await _until_failure(steps, access)


async def _until_failure(
    steps: tuple[tuple[str, _Act], ...], access: ProviderSettings
) -> list[Step]:
    done: list[Step] = []
    for name, act in steps:
        done.append(await _step(name, act, access))
        if done[-1].error:
            break
    return done


async def _step(name: str, act: _Act, access: ProviderSettings) -> Step:
    began = time.monotonic()
    try:
        found = Step(name, await act())
    except CausalGymError as failure:
        found = Step(
            name,
            access.redactor.scrub(str(failure)),
            type(failure).__name__,
            is_outage=isinstance(failure, OutageError),
        )
    return replace(found, latency_s=round(time.monotonic() - began, 3))


async def _configuration(access: ProviderSettings) -> str:
    url, _ = checked_url(access), access.sent_key
    named = "a key" if access.key else "no key"
    return f"{named}, {urlsplit(url).scheme}://{access.host}"


async def _connection(access: ProviderSettings) -> str:
    """Find the machine and shake hands with it, unless a proxy does that for us."""
    parts = urlsplit(access.url)
    if parts.scheme in getproxies():
        return "through a proxy"
    port = parts.port or _PORTS[parts.scheme]
    secure = ssl.create_default_context() if parts.scheme == "https" else None
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            _, writer = await asyncio.open_connection(parts.hostname, port, ssl=secure)
            version = writer.get_extra_info("ssl_object")
            said = version.version() if version is not None else "no encryption"
            writer.close()
    except TimeoutError:
        message = f"no connection to {access.host} within {_TIMEOUT_S:g} s"
        raise UnreachableError(message, provider=access.name) from None
    except OSError as error:
        message = f"no connection to {access.host}: {error.strerror or error}"
        raise UnreachableError(message, provider=access.name) from None
    return f"connected, {said}"


async def _key(access: ProviderSettings) -> str:
    """Ask for the list of models, which costs nothing and needs the key."""
    key, url = access.sent_key, access.url.rstrip("/")
    path, headers = {
        "openai": ("/models", {"Authorization": f"Bearer {key}"}),
        "anthropic": ("/v1/models", {"x-api-key": key, "anthropic-version": "2023-06-01"}),
        "google": ("/v1beta/models", {"x-goog-api-key": key}),
    }[access.provider.wire]
    try:
        async with httpx2.AsyncClient(timeout=_TIMEOUT_S) as http:
            response = await http.get(url + path, headers=headers)
    except httpx2.HTTPError as error:
        message = f"no reply: {type(error).__name__}"
        raise UnreachableError(message, provider=access.name) from None
    status = response.status_code
    if status in _REFUSED:
        message = f"the key is not accepted (HTTP {status})"
        raise AuthenticationError(message, provider=access.name, status=status)
    if status >= _FAILED:
        raise OverloadedError(f"HTTP {status}", provider=access.name, status=status)
    if status == _ANSWERED:
        return "accepted" if access.key else "none needed"
    return f"not known: the list of models is HTTP {status}"


async def _token(client: Client) -> str:
    answer = await _asked(client, "Reply with the one word: yes", schema=False)
    return f"{answer.model} answered in {answer.usage.output_tokens} tokens"


async def _structured(client: Client, access: ProviderSettings) -> str:
    answer = await _asked(client, "What is the chance of heads of a fair coin?", schema=True)
    try:
        found = json.loads(answer.text)
        percent = int(found["percent_chance_of_heads"])
    except (ValueError, KeyError, TypeError):
        message = f"the reply is not under the schema: {answer.text[:80]!r}"
        raise InvalidOutputError(message, provider=access.name) from None
    how = "in words" if "schema" in answer.dropped else "by the provider"
    return f"the schema is kept ({how}); it says {percent} %"


async def _asked(client: Client, text: str, *, schema: bool) -> Answer:
    """Ask a short question once; reasoning models need room before their first word."""
    ask = Ask(
        trial="check",
        label="schema" if schema else "token",
        messages=(Message("user", text),),
        schema=_SCHEMA if schema else None,
        sampling=Sampling(max_tokens=_MOST_TOKENS),
        deadline_s=_DEEP_TIMEOUT_S,
    )
    return await client.ask(ask)
