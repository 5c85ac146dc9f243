"""Find an agent by its id, ``provider:name``; only privileged agents are given the world.

A language model's agent is known by its name here and made where its client is open, in a run.
"""

import hashlib
from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from causal_interface_gym.agents.agent import Agent, PrivilegedAgent
from causal_interface_gym.agents.llm.identity import PROVIDERS, ModelAgentId, is_model_agent
from causal_interface_gym.agents.reference.adjust_everything import adjust_everything
from causal_interface_gym.agents.reference.associational import associational
from causal_interface_gym.agents.reference.experimenter import Experimenter
from causal_interface_gym.agents.reference.hedged import hedged
from causal_interface_gym.agents.reference.marginal import marginal
from causal_interface_gym.agents.reference.oracle import oracle
from causal_interface_gym.agents.reference.policy import (
    BlindAgent,
    BlindRule,
    ReferenceAgent,
    Rule,
)
from causal_interface_gym.agents.reference.random_guess import random_guess
from causal_interface_gym.agents.reference.reverse import reverse
from causal_interface_gym.agents.reference.uniform import uniform
from causal_interface_gym.agents.strategies.registry import STRATEGIES, strategy
from causal_interface_gym.errors import RunError
from causal_interface_gym.scenarios.world import World

__all__ = ["PRIVILEGED", "REFERENCE_AGENTS", "check_agent", "is_tool_assisted", "make_agent"]

_RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "reference:oracle": oracle,
        "reference:associational": associational,
        "reference:adjust-everything": adjust_everything,
        "reference:marginal": marginal,
        "reference:hedged": hedged,
        "reference:reverse": reverse,
    }
)
"""Rules that read the world's model."""

_BLIND: Final[Mapping[str, BlindRule]] = MappingProxyType(
    {"reference:uniform": uniform, "reference:random": random_guess}
)
"""Rules that read the question only."""

_EXPERIMENTER: Final = "reference:experimenter"

PRIVILEGED: Final = tuple(_RULES)
"""The ids of the agents that hold the world's model."""

REFERENCE_AGENTS: Final = (
    "reference:oracle",
    "reference:associational",
    "reference:adjust-everything",
    "reference:marginal",
    "reference:hedged",
    "reference:uniform",
    "reference:random",
    "reference:reverse",
    _EXPERIMENTER,
)
"""The ids of all reference agents."""


def check_agent(agent: str) -> str:
    """Give the id back, in full, if there can be such an agent.

    >>> check_agent("openai:gpt-5")
    'openai:gpt-5+direct'

    Raises:
        RunError: There is none; the nearest id is suggested.
    """
    if is_model_agent(agent):
        named = ModelAgentId.parse(agent)
        strategy(named.strategy)
        return str(named)
    if agent not in REFERENCE_AGENTS:
        nearest = get_close_matches(agent, REFERENCE_AGENTS, n=1, cutoff=0.4)
        hint = f"; did you mean {nearest[0]!r}?" if nearest else ";"
        message = (
            f"unknown agent {agent!r}{hint} known: {', '.join(REFERENCE_AGENTS)}, and "
            f"PROVIDER:MODEL for a language model of {', '.join(PROVIDERS)}"
        )
        raise RunError(message)
    return agent


def is_tool_assisted(agent: str) -> bool:
    """Say whether an agent is a language model that may use the engine.

    >>> is_tool_assisted("openai:gpt-5+direct")
    False
    """
    if not is_model_agent(agent):
        return False
    return STRATEGIES[ModelAgentId.parse(agent).strategy].is_tool_assisted


def make_agent(agent: str, *, world: World, seed: int) -> Agent:
    """Make the agent of one trial; its own randomness depends on id, world and seed only.

    Raises:
        RunError: There is no such agent, or it is a language model, which needs an open client.
    """
    if is_model_agent(agent):
        message = f"{agent} is a language model; it plays in a run that opens its client"
        raise RunError(message)
    if check_agent(agent) in PRIVILEGED:
        return _privileged(agent, world=world, seed=seed)
    if agent in _BLIND:
        return BlindAgent(agent, _BLIND[agent], _own_seed(agent, world, seed))
    return Experimenter(agent)


def _privileged(agent: str, *, world: World, seed: int) -> PrivilegedAgent:
    return ReferenceAgent(agent, _RULES[agent], world.model, _own_seed(agent, world, seed))


def _own_seed(agent: str, world: World, seed: int) -> int:
    text = f"{agent} {world.scenario} {world.seed} {seed}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
