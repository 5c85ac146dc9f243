"""What a model says about effects, summed out of the product of its tables.

``Seen`` is all that a formula may look at, the observational joint distribution; ``Question`` knows
the true answer, which needs the model.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal import SCM, Query
from causal_interface_gym.causal.enumeration import enumerate_joint

__all__ = ["Question", "Seen"]

Floats = NDArray[np.float64]


class Seen:
    """What is observed of a model: an enumerated joint distribution and the labels."""

    def __init__(self, model: SCM) -> None:
        """Multiply the model's tables."""
        self.model = model
        self.states: Mapping[str, Sequence[str]] = model.states
        self.variables = [v for v in model.nodes if v not in model.latent]

    @cached_property
    def joint(self) -> Floats:
        """P of the observed variables, axes as in ``variables``."""
        return self._observed(enumerate_joint(self.model))

    def table(self, names: Sequence[str]) -> Floats:
        """Give the joint distribution of some variables, axes in their order."""
        return self._marginal(self.joint, names)

    def under(self, treatment: Sequence[str], names: Sequence[str]) -> Floats:
        """Give P(names | do(treatment)), the treatment's axes first."""
        joint = self._observed(enumerate_joint(self.model, do=treatment))
        return self._marginal(joint, [*treatment, *names])

    def _observed(self, joint: Floats) -> Floats:
        hidden = tuple(i for i, v in enumerate(self.model.nodes) if v in self.model.latent)
        found: Floats = joint.sum(axis=hidden)
        return found

    def _marginal(self, joint: Floats, names: Sequence[str]) -> Floats:
        gone = tuple(i for i, v in enumerate(self.variables) if v not in names)
        left = [v for v in self.variables if v in names]
        found: Floats = joint.sum(axis=gone).transpose([left.index(v) for v in names])
        return found


@dataclass(frozen=True, slots=True)
class Question:
    """P(outcome | do(treatment), given)."""

    outcome: tuple[str, ...]
    treatment: tuple[str, ...]
    given: tuple[str, ...] = ()

    @property
    def query(self) -> Query:
        """The symbolic query."""
        return Query.of(outcome=self.outcome, do=self.treatment, given=self.given)

    def truth(self, seen: Seen) -> Floats:
        """Give the answer, axes treatment, given, outcome; NaN where given is impossible."""
        joint = seen.under(self.treatment, (*self.given, *self.outcome))
        own = tuple(range(joint.ndim - len(self.outcome), joint.ndim))
        total = joint.sum(axis=own, keepdims=True)
        with np.errstate(invalid="ignore"):
            found: Floats = joint / total
        return found
