"""What a graph says about observation alone: independencies, and constraints that are none."""

from causal_interface_gym.causal.constraints.functional import (
    FunctionalConstraint,
    verma_constraints,
)
from causal_interface_gym.causal.constraints.local import LocalIndependence, local_independencies

__all__ = [
    "FunctionalConstraint",
    "LocalIndependence",
    "local_independencies",
    "verma_constraints",
]
