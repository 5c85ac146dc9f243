"""Explaining away: P(a given e) and P(a given e, b), two causes of one finding.

A second cause that is known to be present makes the first less likely, or more, although the two
are independent until the finding is seen. The reference never looks at the second cause.

Source: [pearl1988].
"""

from dataclasses import dataclass
from typing import ClassVar

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.questions.question import Item, event, probability_item

__all__ = ["ExplainingAway"]


@dataclass(frozen=True, slots=True)
class ExplainingAway:
    """P(cause given finding), without and with the other cause."""

    cause: str
    finding: str
    other: str

    name: ClassVar[str] = "explaining-away"
    rung: ClassVar[int] = 1
    is_headline: ClassVar[bool] = False

    def items(self, model: SCM) -> tuple[Item, ...]:
        """Compute the item without the other cause and the item with it."""
        cause, finding, other = event(self.cause), event(self.finding), event(self.other)
        a = {cause.variable: cause.value}
        e = {finding.variable: finding.value}
        first = Query.of(a, given=e)
        second = Query.of(a, given={**e, other.variable: other.value})
        prior = Query.of(a)
        return (
            probability_item(
                model, self.name, asked=first, reference=first, lures={"prior": prior}
            ),
            probability_item(
                model,
                self.name,
                asked=second,
                reference=first,
                lures={"not explained away": first, "prior": prior},
            ),
        )
