"""Questions to a model, clients that lead to the loopback server, and scripted ones."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from causal_interface_gym.agents.llm.call import Answer, Ask, Message, Sampling, Usage
from causal_interface_gym.agents.llm.client.composition import OpenClient, Policies, make_client
from causal_interface_gym.agents.llm.fake import FakeServer
from causal_interface_gym.agents.llm.policies.clock import Clock
from causal_interface_gym.agents.llm.policies.retry import Patience
from causal_interface_gym.agents.llm.providers.access import ProviderSettings
from causal_interface_gym.errors import ProviderError

__all__ = [
    "KEY",
    "MODELS",
    "ONCE",
    "SCHEMA",
    "Played",
    "Scripted",
    "access_to",
    "answer",
    "asked",
    "client_of",
    "fake_clock",
    "question",
]

MODELS: Final = {
    "openai": "gpt-4o",
    "anthropic": "claude-haiku-4-5",
    "google": "gemini-3.8-flash",
    "compatible": "tiny",
}
"""A model of each wire format, and one that no library knows."""

SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {"percent_if_we_see_x": {"type": "integer", "minimum": 0, "maximum": 100}},
    "required": ["percent_if_we_see_x"],
    "additionalProperties": False,
}
ONCE: Final = Policies(patience=Patience(n_attempts=1))
KEY: Final = "sk-canary-4f1d9a7e"
"""What must never be seen."""


def question(
    text: str = "How likely is it?",
    *,
    trial: str = "t",
    label: str = "1/believe/0",
    schema: dict[str, Any] | None = SCHEMA,
    sampling: Sampling = Sampling(max_tokens=200),  # noqa: B008 - frozen
    deadline_s: float = 5.0,
) -> Ask:
    """Make a question."""
    messages = (Message("system", "Answer in JSON."), Message("user", text))
    return Ask(trial, label, messages, schema, sampling, deadline_s=deadline_s)


def answer(text: str = '{"percent_if_we_see_x": 35}', **changes: Any) -> Answer:  # noqa: ANN401
    """Make an answer."""
    fields: dict[str, Any] = {"finish": "stop", "model": "tiny", "usage": Usage(100, 10)}
    return Answer(text, **{**fields, **changes})


def access_to(server: FakeServer, name: str, *, key: str = KEY) -> ProviderSettings:
    """Lead a provider to the loopback server."""
    environment = server.environment
    urls = {
        "openai": environment["OPENAI_BASE_URL"],
        "compatible": environment["OPENAI_BASE_URL"],
        "anthropic": environment["ANTHROPIC_BASE_URL"],
        "google": environment["GOOGLE_GEMINI_BASE_URL"],
    }
    return ProviderSettings(name, key=key, base_url=urls[name])


def client_of(server: FakeServer, name: str, policies: Policies = ONCE) -> OpenClient:
    """Make a client that leads there; it asks once unless policies say otherwise."""
    return make_client(access_to(server, name), MODELS[name], policies)


def asked(client: OpenClient, *questions: Ask) -> list[Answer | ProviderError]:
    """Ask one after the other; a failure is a result."""

    async def ask_all() -> list[Answer | ProviderError]:
        found: list[Answer | ProviderError] = []
        async with client:
            for ask in questions:
                try:
                    found.append(await client.ask(ask))
                except ProviderError as failure:
                    found.append(failure)
        return found

    return asyncio.run(ask_all())


@dataclass(slots=True)
class Scripted:
    """A client that gives or raises what it is told, the last again and again."""

    script: Sequence[Answer | ProviderError]
    seen: list[Ask] = field(default_factory=list)
    wait_s: float = 0.0

    async def ask(self, ask: Ask) -> Answer:
        """Follow the script."""
        step = self.script[min(len(self.seen), len(self.script) - 1)]
        self.seen.append(ask)
        await asyncio.sleep(self.wait_s)
        if isinstance(step, ProviderError):
            raise step
        return step


@dataclass(slots=True)
class Played:
    """A clock that only waiting moves; ``waits`` are in seconds."""

    at: float = 1_000.0
    waits: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        self.waits.append(seconds)
        self.at += seconds
        await asyncio.sleep(0)


def fake_clock(time: Played) -> Clock:
    """Make a clock of a played time."""
    now: Callable[[], float] = lambda: time.at  # noqa: E731 - a value of this type
    return Clock(now, time.sleep, now)
