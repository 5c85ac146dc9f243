"""A client for a model: one attempt at the bottom, the policies around it in one order.

From outside to inside: transcript, cache, budget, (fallback,) retry, circuit breaker, limiter,
journal, model. What is shared by all who ask one provider (its gate and its circuit) lives in
``Switchboard``; so does what is shared by a run (its budget and its transcript).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from causal_interface_gym.agents.llm.call import Answer, Ask, Client
from causal_interface_gym.agents.llm.client.building import open_line
from causal_interface_gym.agents.llm.client.model import ModelClient
from causal_interface_gym.agents.llm.policies.breaker import Breaker, Circuit
from causal_interface_gym.agents.llm.policies.budget import Budget, Budgeted
from causal_interface_gym.agents.llm.policies.cache import CachedAnswers, CacheMode, Caching
from causal_interface_gym.agents.llm.policies.clock import CLOCK, Clock
from causal_interface_gym.agents.llm.policies.fallback import Fallback
from causal_interface_gym.agents.llm.policies.journal import Journal, Journaled
from causal_interface_gym.agents.llm.policies.limiter import Gate, Limiter, SharedLimits
from causal_interface_gym.agents.llm.policies.retry import Patience, Retry
from causal_interface_gym.agents.llm.policies.transcript import Transcript
from causal_interface_gym.agents.llm.providers.access import ProviderSettings
from causal_interface_gym.agents.llm.records import CallStore

if TYPE_CHECKING:
    from pydantic_ai.models import Model

__all__ = [
    "OpenClient",
    "Policies",
    "Switchboard",
    "make_client",
    "make_interactive_client",
    "make_replay_client",
]

_LIBRARIES: Final = {"openai": "openai", "anthropic": "anthropic", "google": "google-genai"}


@dataclass(frozen=True, slots=True)
class Policies:
    """What stands around a model; None leaves a policy out.

    ``n_at_once`` and ``delay_s`` hold for each provider, with ``limits`` over all processes.
    """

    n_at_once: int = 10
    delay_s: float = 0.0
    patience: Patience = field(default_factory=Patience)
    calls: CallStore | None = None
    answers: CachedAnswers | None = None
    cache_mode: CacheMode = "record"
    budget: Budget = field(default_factory=Budget)
    journal: Journal | None = None
    clock: Clock = CLOCK
    limits: SharedLimits | None = None


@dataclass(frozen=True, slots=True)
class OpenClient:
    """A client with its connections; close it, or use it in an ``async with``."""

    client: Client
    models: tuple[ModelClient, ...] = ()

    async def ask(self, ask: Ask) -> Answer:
        """Ask through every policy.

        Raises:
            ProviderError: There is no answer; its class says whose doing that is.
        """
        return await self.client.ask(ask)

    async def aclose(self) -> None:
        """Let go of connections."""
        for model in self.models:
            await model.aclose()

    async def __aenter__(self) -> Self:
        """Give the client itself."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of connections."""
        await self.aclose()


@dataclass(slots=True)
class Switchboard:
    """Makes the clients of a process, so that those of one provider share its limits."""

    policies: Policies = field(default_factory=Policies)
    _gates: dict[str, Gate] = field(default_factory=dict)
    _circuits: dict[str, Circuit] = field(default_factory=dict)

    def connect(
        self, access: ProviderSettings, model: str, *, made: "Model | None" = None
    ) -> OpenClient:
        """Make a client that asks one model, and no other; ``made`` replaces the library's model.

        Raises:
            AuthenticationError: The key is missing or cannot be one.
            RunError: There is no address where one is needed, or it is none.
        """
        asked = self._asked(access, model, made)
        return OpenClient(
            self._remembered(self._paid(asked, access, model), access, model), (asked,)
        )

    def connect_any(self, choices: Sequence[tuple[ProviderSettings, str]]) -> OpenClient:
        """Make a client that asks the first of these models that serves; never for a score.

        Each has its own budget entry, since prices are a model's.
        """
        models = [self._asked(access, model, None) for access, model in choices]
        paid = [
            self._paid(client, access, model)
            for client, (access, model) in zip(models, choices, strict=True)
        ]
        access, model = choices[0]
        return OpenClient(self._remembered(Fallback(tuple(paid)), access, model), tuple(models))

    def _asked(self, access: ProviderSettings, model: str, made: "Model | None") -> ModelClient:
        if made is not None:
            return ModelClient(made, provider=access.name, name=model, redactor=access.redactor)
        line = open_line(access, model, timeout_s=self.policies.patience.attempt_s)
        return ModelClient(
            line.model, provider=access.name, name=model, redactor=access.redactor, http=line.http
        )

    def _paid(self, asked: Client, access: ProviderSettings, model: str) -> Client:
        """Put everything that concerns attempts around a model, and the budget around that."""
        policies, name = self.policies, access.name
        if policies.journal is not None:
            asked = Journaled(asked, policies.journal, name, model, policies.clock)
        asked = Limiter(asked, self._gate(name), name)
        asked = Breaker(asked, self._circuit(f"{name}:{access.host}"), name)
        asked = Retry(asked, policies.patience, policies.clock, provider=name)
        return Budgeted(asked, policies.budget, name, model)

    def _remembered(self, paid: Client, access: ProviderSettings, model: str) -> Client:
        policies, name = self.policies, access.name
        if policies.answers is not None:
            paid = Caching(paid, policies.answers, name, model, policies.cache_mode)
        if policies.calls is not None:
            library = library_of(access)
            paid = Transcript(paid, policies.calls, name, model, library, policies.clock)
        return paid

    def _gate(self, name: str) -> Gate:
        policies = self.policies
        if name not in self._gates:
            self._gates[name] = Gate(
                policies.n_at_once,
                delay_s=policies.delay_s,
                clock=policies.clock,
                name=name,
                shared=policies.limits,
            )
        return self._gates[name]

    def _circuit(self, name: str) -> Circuit:
        return self._circuits.setdefault(name, Circuit(clock=self.policies.clock))


def make_client(
    access: ProviderSettings, model: str, policies: Policies | None = None
) -> OpenClient:
    """Make a client that asks one model through every policy.

    Raises:
        AuthenticationError: The key is missing or cannot be one.
        RunError: There is no address where one is needed, or it is none.
    """
    return Switchboard(policies or Policies()).connect(access, model)


def make_interactive_client(
    choices: Sequence[tuple[ProviderSettings, str]], policies: Policies | None = None
) -> OpenClient:
    """Make a client that asks the first model that serves; its answers say who that was.

    Never for a run: a score of mixed models says nothing of any.
    """
    return Switchboard(policies or Policies()).connect_any(choices)


def make_replay_client(provider: str, model: str, calls: CallStore) -> OpenClient:
    """Make a client that needs no key and asks nobody: it gives what the transcript holds."""
    return OpenClient(Transcript(None, calls, provider, model))


def library_of(access: ProviderSettings) -> str:
    """Name the libraries that speak with a provider, with their versions."""
    names = ("pydantic-ai-slim", _LIBRARIES[access.provider.wire])
    return " ".join(f"{name} {version(name)}" for name in names)
