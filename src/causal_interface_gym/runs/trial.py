"""Play one trial: meet the world, act until the episode closes, keep the log."""

from functools import lru_cache
from typing import Protocol

from causal_interface_gym.agents.agent import Agent, play
from causal_interface_gym.agents.registry import make_agent
from causal_interface_gym.errors import CausalGymError
from causal_interface_gym.gym.episode import Episode
from causal_interface_gym.gym.interface import interface
from causal_interface_gym.runs.records import Failure, Record, Trial
from causal_interface_gym.scenarios import registry
from causal_interface_gym.scenarios.world import World

__all__ = ["MakeAgent", "run_trial", "world_of"]


@lru_cache(maxsize=256)
def world_of(scenario: str, seed: int) -> World:
    """Make the world of a scenario and a seed."""
    return registry.get(scenario).world(seed=seed)


class MakeAgent(Protocol):
    """How an agent is made for a trial."""

    def __call__(self, agent: str, *, world: World, seed: int) -> Agent:
        """Make the agent with this id."""
        ...


async def run_trial(trial: Trial, *, make: MakeAgent = make_agent) -> Record:
    """Play a trial; an agent that fails leaves a record that says so, never a crash."""
    world = world_of(trial.scenario, trial.seed)
    episode = Episode.new(world, interface(trial.interface), seed=trial.seed)
    failures: tuple[Failure, ...] = ()
    try:
        await play(make(trial.agent, world=world, seed=trial.seed), episode)
    except CausalGymError as error:
        failures = (Failure(type(error).__name__, str(error)),)
    return Record(trial, world.digest, episode.log, failures)
