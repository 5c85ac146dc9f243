"""The exact causal engine: seeing, doing and imagining over finite structural causal models.

Graphs and queries, models and their exact probabilities, identification with a proof either way,
and adjustment with reasons. Readers and writers are in ``causal.formats``, effects as single
numbers in ``causal.effects``, intervals for what is not identified in ``causal.bounds``. Needs
numpy only; algorithms on graphs load when first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query

if TYPE_CHECKING:
    from causal_interface_gym.causal.adjustment import (
        adjustment_sets,
        frontdoor_sets,
        implied_independencies,
        instruments,
        is_adjustment_set,
    )
    from causal_interface_gym.causal.identification import Identified, NotIdentified, identify
    from causal_interface_gym.causal.separation import m_separated

__all__ = [
    "ADMG",
    "SCM",
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
]

_HOMES: Final = {
    "Identified": "identification",
    "NotIdentified": "identification",
    "adjustment_sets": "adjustment",
    "frontdoor_sets": "adjustment",
    "identify": "identification",
    "implied_independencies": "adjustment",
    "instruments": "adjustment",
    "is_adjustment_set": "adjustment",
    "m_separated": "separation",
}


def __getattr__(name: str) -> object:
    """Load a public name from the module that defines it."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
