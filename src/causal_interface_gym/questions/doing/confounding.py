"""Confounding: the probability that seeing and doing differ by more than a threshold."""

from dataclasses import dataclass
from typing import ClassVar

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.questions.claims import Confounded
from causal_interface_gym.questions.question import BaseRate, Item, Lure, event

__all__ = ["Confounding", "largest_gap"]


@dataclass(frozen=True, slots=True)
class Confounding:
    """One item, truth 0 or 1; the reference answers the form's base rate."""

    treatment: str
    outcome: str
    threshold: float = 0.02

    name: ClassVar[str] = "confounding"
    rung: ClassVar[int] = 2
    is_headline: ClassVar[bool] = False

    def items(self, model: SCM) -> tuple[Item, ...]:
        """Compute the one item."""
        y = event(self.outcome)
        claim = Confounded(self.treatment, y.variable, str(y.value), self.threshold)
        return (
            Item(
                self.name,
                str(claim),
                claim,
                truth=float(largest_gap(model, claim) > self.threshold),
                reference=BaseRate(),
                lures=(Lure("association is proof", 0.0), Lure("always confounded", 1.0)),
            ),
        )


def largest_gap(model: SCM, claim: Confounded) -> float:
    """Give the largest distance, over the levels, between seeing and doing."""
    y = {claim.outcome: claim.state}
    return max(
        abs(
            model.p(Query.of(y, given={claim.treatment: level}))
            - model.p(Query.of(y, do={claim.treatment: level}))
        )
        for level in model.states[claim.treatment]
    )
