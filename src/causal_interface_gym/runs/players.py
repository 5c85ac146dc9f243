"""Who plays: reference agents as they are, language models with their clients open.

A client is opened once a model and shared by all its trials and strategies. Only models that have
something left to play are opened, so a finished run needs no key.
"""

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from causal_interface_gym.agents.agent import Agent
from causal_interface_gym.agents.llm.call import Client
from causal_interface_gym.agents.llm.identity import ModelAgentId, is_model_agent
from causal_interface_gym.agents.registry import make_agent
from causal_interface_gym.runs.asking import Asking
from causal_interface_gym.runs.records import Trial
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.runs.trial import MakeAgent
from causal_interface_gym.scenarios.world import World

__all__ = ["ModelPlayers", "OpenClient", "Players", "ReferencePlayers"]


class Players(Protocol):
    """How the agents of a run are made, and what is open while they play."""

    def opened(self, agents: Collection[str]) -> AbstractAsyncContextManager[MakeAgent]:
        """Open what these agents need, and give how they are made."""
        ...

    async def flush(self) -> None:
        """Return when everything that was heard so far is safe."""
        ...


@dataclass(frozen=True, slots=True)
class ReferencePlayers:
    """Agents that need nothing open."""

    make: MakeAgent = make_agent

    @asynccontextmanager
    async def opened(self, agents: Collection[str]) -> AsyncIterator[MakeAgent]:
        """Give how agents are made."""
        yield self.make

    async def flush(self) -> None:
        """Return at once: nothing is held back."""


class OpenClient(Protocol):
    """How the client of a model is opened; closing the context closes it."""

    def __call__(self, provider: str, model: str, /) -> AbstractAsyncContextManager[Client]:
        """Open a client."""
        ...


class Flush(Protocol):
    """How what was heard is made safe."""

    async def __call__(self) -> None:
        """Return when it is."""
        ...


@dataclass(frozen=True, slots=True)
class ModelPlayers:
    """The agents of a run with language models; ``flush_calls`` makes its transcript safe."""

    spec: RunSpec
    asking: Asking
    open_client: OpenClient
    flush_calls: Flush

    @asynccontextmanager
    async def opened(self, agents: Collection[str]) -> AsyncIterator[MakeAgent]:
        """Open the clients of these agents' models.

        Raises:
            ProviderError: A client cannot be opened.
        """
        clients: dict[tuple[str, str], Client] = {}
        async with AsyncExitStack() as stack:
            for agent in map(ModelAgentId.parse, filter(is_model_agent, agents)):
                key = (agent.provider, agent.model)
                if key not in clients:
                    clients[key] = await stack.enter_async_context(self.open_client(*key))
            yield _Maker(self.spec.interface, self.asking, clients)

    async def flush(self) -> None:
        """Return when every call so far is in the transcript."""
        await self.flush_calls()


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the agents of a run while the clients of its models are open."""

    interface: str
    asking: Asking
    clients: Mapping[tuple[str, str], Client]

    def __call__(self, agent: str, /, *, world: World, seed: int) -> Agent:
        """Make the agent of one trial."""
        if not is_model_agent(agent):
            return make_agent(agent, world=world, seed=seed)
        # A run of reference agents never loads what speaks with models.
        from causal_interface_gym.agents.llm.agent import LanguageAgent  # noqa: PLC0415

        name = ModelAgentId.parse(agent)
        return LanguageAgent(
            name,
            self.clients[name.provider, name.model],
            trial=str(Trial(agent, world.scenario, self.interface, seed)),
            seed=seed,
        )
