"""The seam every agent implements: from the brief and the log so far to the next action.

An agent keeps no state of its own between actions, so an episode can be resumed or replayed from
its log alone.
"""

from collections.abc import Sequence
from typing import Protocol

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.gym.action import Action
from causal_interface_gym.gym.brief import Brief
from causal_interface_gym.gym.log import Event

__all__ = ["Agent", "PrivilegedAgent"]


class Agent(Protocol):
    """A participant that acts by itself; ``id`` is ``provider:name``.

    It is given what the interface shows and nothing else: the log it sees is the whole log, or the
    last event where the interface shows no history.
    """

    @property
    def id(self) -> str:
        """The name under which it is reported."""
        ...

    async def act(self, brief: Brief, log: Sequence[Event]) -> Action:
        """Choose the next action."""
        ...


class PrivilegedAgent(Agent, Protocol):
    """A reference agent that holds the model of its world; no other participant ever does."""

    @property
    def model(self) -> SCM:
        """The world's model, hidden variables included."""
        ...
