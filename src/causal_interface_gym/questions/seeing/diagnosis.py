"""Diagnosis: P(x given y), from the effect back to its cause."""

from dataclasses import dataclass
from typing import ClassVar

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.questions.question import Item, event, probability_item

__all__ = ["Diagnosis"]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """P(cause given finding); the reference answers the prior P(cause)."""

    cause: str
    finding: str

    name: ClassVar[str] = "diagnosis"
    rung: ClassVar[int] = 1
    is_headline: ClassVar[bool] = False

    def items(self, model: SCM) -> tuple[Item, ...]:
        """Compute the one item."""
        cause, finding = event(self.cause), event(self.finding)
        x, y = {cause.variable: cause.value}, {finding.variable: finding.value}
        prior = Query.of(x)
        return (
            probability_item(
                model,
                self.name,
                asked=Query.of(x, given=y),
                reference=prior,
                lures={"prior": prior, "inverse": Query.of(y, given=x)},
            ),
        )
