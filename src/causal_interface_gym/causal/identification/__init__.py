"""Identification: from a graph and a causal question to a formula, or to a proof of none."""

from causal_interface_gym.causal.identification.derivation import Derivation, Step
from causal_interface_gym.causal.identification.estimand import Estimand, Evaluated
from causal_interface_gym.causal.identification.evidence.source import (
    Source,
    every_subset,
)
from causal_interface_gym.causal.identification.evidence.thicket import Thicket, check_thicket
from causal_interface_gym.causal.identification.hedge import Hedge
from causal_interface_gym.causal.identification.pairs.witness import Witness
from causal_interface_gym.causal.identification.plan import (
    IdentifiedPlan,
    NotIdentifiedPlan,
    Plan,
    identify_plan,
)
from causal_interface_gym.causal.identification.transport import transport
from causal_interface_gym.causal.identification.verdict import Identified, NotIdentified, identify
from causal_interface_gym.causal.identification.worlds.conflict import (
    ConflictingWorlds,
    check_conflict,
)

__all__ = [
    "ConflictingWorlds",
    "Derivation",
    "Estimand",
    "Evaluated",
    "Hedge",
    "Identified",
    "IdentifiedPlan",
    "NotIdentified",
    "NotIdentifiedPlan",
    "Plan",
    "Source",
    "Step",
    "Thicket",
    "Witness",
    "check_conflict",
    "check_thicket",
    "every_subset",
    "identify",
    "identify_plan",
    "transport",
]
