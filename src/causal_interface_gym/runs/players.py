"""Who plays: reference agents as they are, language models with their clients open.

A client is opened once a model and shared by all its trials and strategies. Only models that have
something left to play are opened, so a finished run needs no key. While trials are played each
model answers the format controls beside them.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from causal_interface_gym.agents.agent import Agent
from causal_interface_gym.agents.elicitation.notes import Note
from causal_interface_gym.agents.language.agent import language_agent
from causal_interface_gym.agents.language.apart import is_sampled
from causal_interface_gym.agents.llm.call import Answer, Ask, Client
from causal_interface_gym.agents.llm.identity import is_model_agent
from causal_interface_gym.agents.registry import make_agent
from causal_interface_gym.errors import OutageError, ReplyError, StoppingError
from causal_interface_gym.gym.action import Action
from causal_interface_gym.gym.brief import Brief
from causal_interface_gym.gym.log import Event
from causal_interface_gym.runs.asking import Asking
from causal_interface_gym.runs.controls import model_of, put_controls
from causal_interface_gym.runs.outages import Outages
from causal_interface_gym.runs.records import Failure, Trial
from causal_interface_gym.runs.spec import RunSpec
from causal_interface_gym.runs.trial import MakeAgent
from causal_interface_gym.scenarios.world import World

__all__ = ["ModelPlayers", "OpenClient", "Players", "ReferencePlayers", "Told"]

_LOCAL: Final = "local"
_LOCAL_DEADLINE_S: Final = 3_600.0
"""Calls of a local model wait for each other on this machine, which is no outage."""


class Players(Protocol):
    """How the agents of a run are made, and what is open while they play."""

    def opened(
        self, agents: Collection[str], outages: Outages
    ) -> AbstractAsyncContextManager[MakeAgent]:
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
    async def opened(self, agents: Collection[str], outages: Outages) -> AsyncIterator[MakeAgent]:
        """Give how agents are made."""
        del agents, outages
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
    """The agents of a run with language models.

    ``flush_calls`` makes the transcript safe; ``uncontrolled`` names the models, each as
    ``PROVIDER:MODEL``, whose format controls are not in it yet.
    """

    spec: RunSpec
    asking: Asking
    open_client: OpenClient
    flush_calls: Flush
    uncontrolled: Collection[str] = ()

    @asynccontextmanager
    async def opened(self, agents: Collection[str], outages: Outages) -> AsyncIterator[MakeAgent]:
        """Open the clients of these agents' models, and put the controls to them.

        Raises:
            StoppingError: A client cannot be opened.
        """
        wanted = dict.fromkeys([*map(model_of, filter(is_model_agent, agents)), *self.uncontrolled])
        clients: dict[str, Client] = {}
        async with AsyncExitStack() as stack:
            for model in wanted:
                opened = self.open_client(*model.split(":", 1))
                inner = await stack.enter_async_context(opened)
                clients[model] = Told(inner, self.asking, model, self.flush_calls)
            controls = [
                asyncio.create_task(_controlled(model, clients[model], outages))
                for model in self.uncontrolled
            ]
            try:
                yield _Maker(self.spec.interface, self.asking, clients)
                await asyncio.gather(*controls)
            finally:
                for task in controls:
                    task.cancel()
                await asyncio.gather(*controls, return_exceptions=True)
                await self.flush_calls()

    async def flush(self) -> None:
        """Return when every call so far is in the transcript."""
        await self.flush_calls()


async def _nothing() -> None:
    """Make nothing safe: nothing is new."""


@dataclass(frozen=True, slots=True)
class Told:
    """A client that is told how a run asks: temperature, room for a reply, patience.

    What was paid for is safe before anybody acts on it, so a run that is killed asks no question
    twice but those that were under way.
    """

    inner: Client
    asking: Asking
    model: str
    flush: Flush = _nothing

    async def ask(self, ask: Ask) -> Answer:
        """Ask as the run asks.

        Raises:
            ProviderError: There is no answer.
        """
        try:
            answer = await self.inner.ask(self._told(ask))
        except ReplyError:
            await self.flush()
            raise
        if not answer.is_stored:
            await self.flush()
        return answer

    def _told(self, ask: Ask) -> Ask:
        sampling = ask.sampling
        if sampling.temperature is None:
            sampling = replace(sampling, temperature=self.asking.temperature)
        if self.model.startswith(f"{_LOCAL}:"):
            return replace(ask, sampling=sampling, deadline_s=_LOCAL_DEADLINE_S)
        room = max(sampling.max_tokens, self.asking.max_tokens)
        return replace(ask, sampling=replace(sampling, max_tokens=room))


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the agents of a run while the clients of its models are open."""

    interface: str
    asking: Asking
    clients: Mapping[str, Client]

    def __call__(self, agent: str, /, *, world: World, seed: int) -> Agent:
        """Make the agent of one trial."""
        if not is_model_agent(agent):
            return make_agent(agent, world=world, seed=seed)
        failures: list[Failure] = []
        made = language_agent(
            agent,
            self.clients[model_of(agent)],
            trial=str(Trial(agent, world.scenario, self.interface, seed)),
            scenario=world.scenario,
            seed=seed,
            max_draws=self.asking.max_draws,
            note=lambda note: failures.extend(_failures(note)),
            is_asked_apart=self.asking.has_apart and is_sampled(world.scenario, seed),
        )
        # How much room a reply has is an option of the run, and no habit of the agent.
        return NotingAgent(replace(made, n_spare_tokens=0), failures)


@dataclass(frozen=True, slots=True)
class NotingAgent:
    """A language model's agent with what it left unanswered."""

    inner: Agent
    noted: list[Failure] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The name under which it is reported."""
        return self.inner.id

    async def act(self, brief: Brief, log: Sequence[Event]) -> Action:
        """Choose the next action."""
        return await self.inner.act(brief, log)


def _failures(note: Note) -> list[Failure]:
    """Make a failure of a question that has no answer after its repair turn."""
    if not note.missing or not note.n_calls:
        return []
    first, *others = note.faults or ("no valid answer",)
    more = f" (and {len(others)} more)" if others else ""
    n, label = len(note.missing), note.label
    message = f"call {label} left {n} questions unanswered: {first}{more}"
    return [Failure(note.failure or "InvalidOutputError", message)]


async def _controlled(model: str, client: Client, outages: Outages) -> None:
    try:
        await put_controls(model, client)
    except OutageError as error:
        outages.add_control(model, error)
    except StoppingError as error:
        outages.stop(error)
