"""Play one trial: meet the world, act until the episode closes, keep the log.

Whatever an agent does wrong (it raises, it hangs, it answers what is no action) ends its episode
with a record that says so. A run never ends because of an agent. A provider that is down or wants
another key is no doing of the agent: such a trial leaves no record and is played another day.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol, runtime_checkable

import numpy as np

from causal_interface_gym.agents.agent import Agent, play
from causal_interface_gym.agents.registry import make_agent
from causal_interface_gym.errors import OutageError, ReplyError, StoppingError
from causal_interface_gym.gym.brief import Brief, brief_of
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import interface
from causal_interface_gym.gym.observation import Ended
from causal_interface_gym.runs.archive import StoredWorld, store_world
from causal_interface_gym.runs.records import Failure, Record, Trial
from causal_interface_gym.runs.store import Played
from causal_interface_gym.scenarios import registry
from causal_interface_gym.scenarios.world import World

__all__ = ["TIMEOUT_S", "MakeAgent", "Noting", "run_trial", "world_of"]

TIMEOUT_S: Final = 3600.0
"""Seconds after which an agent that waits for something is given up."""
_MOST_WORLDS: Final = 32
"""How many worlds are kept; a run's trials come world by world, so few are met at once."""
_MESSAGE: Final = 2_000
"""How much of an agent's error is kept, in characters."""
_REPLIES: Final = frozenset(
    {ReplyError.__name__, *(kind.__name__ for kind in ReplyError.__subclasses__())}
)


class MakeAgent(Protocol):
    """How an agent is made for a trial."""

    def __call__(self, agent: str, /, *, world: World, seed: int) -> Agent:
        """Make the agent with this id."""
        ...


@runtime_checkable
class Noting(Protocol):
    """An agent that notes what went wrong in its episode although it went on."""

    @property
    def noted(self) -> Sequence[Failure]:
        """What went wrong so far."""
        ...


@lru_cache(maxsize=_MOST_WORLDS)
def world_of(scenario: str, seed: int) -> World:
    """Make the world of a scenario, or of a generated world's id, and a seed."""
    return registry.world_of(scenario, seed=seed)


async def run_trial(
    trial: Trial, *, make: MakeAgent = make_agent, timeout_s: float = TIMEOUT_S
) -> Played:
    """Play a trial; an agent that fails leaves a record that says so, never a crash.

    A hanging agent is given up after ``timeout_s`` seconds if it waits for something; one that
    computes without end holds up the whole process and cannot be told from a slow one.

    Raises:
        OutageError: The agent's provider does not serve; the trial is not finished.
        StoppingError: No call of the agent can succeed; the trial is not finished.
    """
    stage = _stage(trial.scenario, trial.interface, trial.seed)
    rng = np.random.default_rng([stage.world.seed, trial.seed])
    episode = Episode(stage.world, stage.brief, rng)
    failures: tuple[Failure, ...] = ()
    limit = asyncio.timeout(timeout_s)
    try:
        async with limit:
            agent = make(trial.agent, world=stage.world, seed=trial.seed)
            ending = await play(agent, episode)
        if isinstance(agent, Noting):
            failures = tuple(_failure(noted.kind, noted.message) for noted in agent.noted)
        if isinstance(ending, Ended):
            failures = (*failures, _failure(_kind(ending), ending.detail))
    except (OutageError, StoppingError):
        raise
    except Exception as error:
        # The border of an episode: an agent, or what makes it, may raise anything.
        why = f"no end after {timeout_s:g} seconds" if limit.expired() else str(error)
        failures = (_failure("timeout" if limit.expired() else type(error).__name__, why),)
        episode.end("stopped", failures[0].kind)
    stored = stage.stored
    return Played(Record(trial, stored.digest, episode.log, failures, stored.address), stored)


@dataclass(frozen=True, slots=True)
class _Stage:
    """What all agents share that meet a world through an interface."""

    world: World
    stored: StoredWorld
    brief: Brief


@lru_cache(maxsize=_MOST_WORLDS)
def _stage(scenario: str, shown: str, seed: int) -> _Stage:
    world = world_of(scenario, seed)
    return _Stage(world, store_world(world), brief_of(world, interface(shown)))


def _kind(ending: Ended) -> str:
    """Name the kind of an unwanted end; a reply that could not be used goes by its own class."""
    said = ending.detail.partition(":")[0]
    return said if ending.reason == "agent_error" and said in _REPLIES else ending.reason


def _failure(kind: str, message: str) -> Failure:
    """Write a failure as text that every database takes."""
    text = message[:_MESSAGE].replace("\0", "\\0")
    return Failure(kind, text.encode("utf-8", "backslashreplace").decode("utf-8"))
