"""Worlds whose causal truth is known exactly, and a ruler for how causal an agent's beliefs are.

The names below are loaded when they are first used, so that ``import causal_interface_gym`` costs
nothing; ``causal_interface_gym.causal`` is the engine and needs numpy only.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from causal_interface_gym import scenarios
    from causal_interface_gym.causal import (
        ADMG,
        SCM,
        Identified,
        NotIdentified,
        Query,
        adjustment_sets,
        frontdoor_sets,
        identify,
        implied_independencies,
        instruments,
        is_adjustment_set,
        m_separated,
    )
    from causal_interface_gym.errors import CausalGymError

__all__ = [
    "ADMG",
    "SCM",
    "CausalGymError",
    "Identified",
    "NotIdentified",
    "Query",
    "adjustment_sets",
    "frontdoor_sets",
    "identify",
    "implied_independencies",
    "instruments",
    "is_adjustment_set",
    "m_separated",
    "scenarios",
]


def __getattr__(name: str) -> object:
    """Load a public name from the module that defines it."""
    if name not in __all__:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    if name == "scenarios":
        return import_module(f"{__name__}.scenarios")
    home = "errors" if name.endswith("Error") else "causal"
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
