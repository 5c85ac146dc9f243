"""Identification: from a graph and a causal question to a formula, or to a proof of none."""

from causal_interface_gym.causal.identification.derivation import Derivation, Step
from causal_interface_gym.causal.identification.estimand import Estimand, Evaluated
from causal_interface_gym.causal.identification.hedge import Hedge
from causal_interface_gym.causal.identification.verdict import Identified, NotIdentified, identify
from causal_interface_gym.causal.identification.witness import Witness

__all__ = [
    "Derivation",
    "Estimand",
    "Evaluated",
    "Hedge",
    "Identified",
    "NotIdentified",
    "Step",
    "Witness",
    "identify",
]
