"""Find a strategy by the name in an agent's id."""

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from causal_interface_gym.agents.strategies.causal_cot import CausalChainOfThought
from causal_interface_gym.agents.strategies.choice import Choice
from causal_interface_gym.agents.strategies.cot import ChainOfThought
from causal_interface_gym.agents.strategies.direct import Direct
from causal_interface_gym.agents.strategies.hypothesis_elimination import HypothesisElimination
from causal_interface_gym.agents.strategies.self_consistency import SelfConsistency
from causal_interface_gym.agents.strategies.tool import Tool
from causal_interface_gym.agents.strategies.turn import Strategy
from causal_interface_gym.errors import RunError

__all__ = ["STRATEGIES", "strategy"]

STRATEGIES: Final[Mapping[str, Strategy]] = MappingProxyType(
    {
        made.name: made
        for made in (
            Direct(),
            ChainOfThought(),
            CausalChainOfThought(),
            HypothesisElimination(),
            SelfConsistency(),
            Choice(),
            Tool(),
        )
    }
)
"""Every strategy by its name."""


def strategy(name: str) -> Strategy:
    """Find a strategy.

    >>> strategy("direct").calls
    '1'

    Raises:
        RunError: There is none of this name; the nearest one is suggested.
    """
    if name not in STRATEGIES:
        nearest = get_close_matches(name, STRATEGIES, n=1, cutoff=0.4)
        hint = f"; did you mean {nearest[0]!r}?" if nearest else ";"
        message = f"unknown strategy {name!r:.60}{hint} known: {', '.join(STRATEGIES)}"
        raise RunError(message)
    return STRATEGIES[name]
