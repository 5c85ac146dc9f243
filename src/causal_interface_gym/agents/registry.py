"""Find an agent by its id, ``provider:name``; only reference agents are given the world."""

import hashlib
from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from causal_interface_gym.agents.agent import Agent
from causal_interface_gym.agents.reference.adjust_everything import adjust_everything
from causal_interface_gym.agents.reference.associational import associational
from causal_interface_gym.agents.reference.marginal import marginal
from causal_interface_gym.agents.reference.oracle import oracle
from causal_interface_gym.agents.reference.policy import ReferenceAgent, Rule
from causal_interface_gym.agents.reference.random_guess import random_guess
from causal_interface_gym.agents.reference.reverse import reverse
from causal_interface_gym.agents.reference.uniform import uniform
from causal_interface_gym.errors import RunError
from causal_interface_gym.scenarios.world import World

__all__ = ["REFERENCE_AGENTS", "check_agent", "make_agent"]

_RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "reference:oracle": oracle,
        "reference:associational": associational,
        "reference:adjust-everything": adjust_everything,
        "reference:marginal": marginal,
        "reference:uniform": uniform,
        "reference:random": random_guess,
        "reference:reverse": reverse,
    }
)

REFERENCE_AGENTS: Final = tuple(_RULES)
"""The ids of all reference agents."""


def check_agent(agent: str) -> str:
    """Give the id back if there is such an agent.

    Raises:
        RunError: There is none; the nearest id is suggested.
    """
    if agent not in _RULES:
        nearest = get_close_matches(agent, _RULES, n=1, cutoff=0.4)
        hint = f"; did you mean {nearest[0]!r}?" if nearest else ";"
        message = f"unknown agent {agent!r}{hint} known: {', '.join(_RULES)}"
        raise RunError(message)
    return agent


def make_agent(agent: str, *, world: World, seed: int) -> Agent:
    """Make the agent of one trial; its own randomness depends on id, world and seed only.

    Raises:
        RunError: There is no such agent.
    """
    rule = _RULES[check_agent(agent)]
    text = f"{agent} {world.scenario} {world.seed} {seed}"
    own = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    return ReferenceAgent(agent, rule, world.model, own)
