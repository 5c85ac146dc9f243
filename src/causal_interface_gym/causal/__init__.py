"""The exact causal engine: seeing, doing and imagining over finite structural causal models."""

from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query

__all__ = ["ADMG", "SCM", "Query"]
