"""The exact causal engine: seeing, doing and imagining over finite structural causal models.

Graphs and queries, models and their exact probabilities, identification with a proof either way,
and adjustment with reasons. Readers and writers are in ``causal.formats``, effects as single
numbers in ``causal.effects``. Needs numpy only.
"""

from causal_interface_gym.causal.adjustment import (
    adjustment_sets,
    frontdoor_sets,
    implied_independencies,
    instruments,
    is_adjustment_set,
)
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identify import Identified, NotIdentified, identify
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
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
