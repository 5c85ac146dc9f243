"""Identification: from a graph and a causal question to a formula, or to a proof of none."""

from causal_interface_gym.causal.identify.derivation import Derivation, Step
from causal_interface_gym.causal.identify.estimand import Estimand, Evaluated
from causal_interface_gym.causal.identify.hedge import Hedge
from causal_interface_gym.causal.identify.verdict import Identified, NotIdentified, identify
from causal_interface_gym.causal.identify.witness import Witness

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
