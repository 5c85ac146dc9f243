"""The seam every agent implements: from the brief and the log so far to the next action.

An agent keeps no state of its own between actions, so an episode can be resumed or replayed from
its log alone.
"""

from collections.abc import Sequence
from typing import Protocol

from causal_interface_gym.gym.action import Action
from causal_interface_gym.gym.brief import Brief
from causal_interface_gym.gym.episode import Episode, Event

__all__ = ["MAX_STEPS", "Agent", "play"]

MAX_STEPS = 200
"""Actions after which an episode is ended for the agent."""


class Agent(Protocol):
    """A participant that acts by itself; ``id`` is ``provider:name``."""

    @property
    def id(self) -> str:
        """The name under which it is reported."""
        ...

    async def act(self, brief: Brief, log: Sequence[Event]) -> Action:
        """Choose the next action."""
        ...


async def play(agent: Agent, episode: Episode, *, max_steps: int = MAX_STEPS) -> None:
    """Let an agent act until the episode is closed or the steps are used up."""
    while not episode.is_closed and len(episode.log) < max_steps:
        episode.act(await agent.act(episode.brief, episode.log))
