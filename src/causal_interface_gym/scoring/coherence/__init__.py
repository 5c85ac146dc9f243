"""Coherence: whether stated probabilities can be beliefs about one causal world at all.

The truth is not consulted. Named checks say what contradicts what; one number says how far the
statements are from some world of the participant's own graph.
"""

from causal_interface_gym.scoring.coherence.audit import Audit, audit
from causal_interface_gym.scoring.coherence.beliefs import Beliefs, Statement
from causal_interface_gym.scoring.coherence.finding import Finding
from causal_interface_gym.scoring.coherence.mediation import Contrast
from causal_interface_gym.scoring.coherence.repair import Change, Incoherence, incoherence

__all__ = [
    "Audit",
    "Beliefs",
    "Change",
    "Contrast",
    "Finding",
    "Incoherence",
    "Statement",
    "audit",
    "incoherence",
]
