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
    from causal_interface_gym.causal.constraints import local_independencies, verma_constraints
    from causal_interface_gym.causal.identification import (
        Identified,
        NotIdentified,
        Source,
        identify,
        identify_plan,
        transport,
    )
    from causal_interface_gym.causal.separation import m_separated

__all__ = [
    "ADMG",
    "SCM",
    "Identified",
    "NotIdentified",
    "Query",
    "Source",
    "adjustment_sets",
    "frontdoor_sets",
    "identify",
    "identify_plan",
    "implied_independencies",
    "instruments",
    "is_adjustment_set",
    "local_independencies",
    "m_separated",
    "transport",
    "verma_constraints",
]

_HOMES: Final = {
    "Identified": "identification",
    "NotIdentified": "identification",
    "Source": "identification",
    "adjustment_sets": "adjustment",
    "frontdoor_sets": "adjustment",
    "identify": "identification",
    "identify_plan": "identification",
    "implied_independencies": "adjustment",
    "instruments": "adjustment",
    "is_adjustment_set": "adjustment",
    "local_independencies": "constraints",
    "m_separated": "separation",
    "transport": "identification",
    "verma_constraints": "constraints",
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
