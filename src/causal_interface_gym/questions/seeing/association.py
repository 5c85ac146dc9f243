"""Association: P(y given x), the question that needs no causal knowledge."""

from dataclasses import dataclass
from typing import ClassVar

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.questions.question import Item, event, probability_item

__all__ = ["Association"]


@dataclass(frozen=True, slots=True)
class Association:
    """P(outcome given treatment) at each of ``levels``; the reference answers P(outcome)."""

    treatment: str
    outcome: str
    levels: tuple[str, ...]

    name: ClassVar[str] = "association"
    rung: ClassVar[int] = 1
    is_headline: ClassVar[bool] = False

    def items(self, model: SCM) -> tuple[Item, ...]:
        """Compute one item a level."""
        return tuple(self._item(model, level) for level in self.levels)

    def _item(self, model: SCM, level: str) -> Item:
        y = event(self.outcome)
        x = {self.treatment: level}
        outcome = {y.variable: y.value}
        base = Query.of(outcome)
        return probability_item(
            model,
            self.name,
            asked=Query.of(outcome, given=x),
            reference=base,
            lures={
                "base rate": base,
                "inverse": Query.of(x, given=outcome),
                "do for see": Query.of(outcome, do=x),
            },
        )
