"""Front-door: P(y given do x) where the confounder is hidden and a mediator is measured.

Source: [pearl2009, section 3.3.2].
"""

from dataclasses import dataclass
from typing import ClassVar

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Term
from causal_interface_gym.questions.doing.levels import Lures, adjustment_lures, do_items
from causal_interface_gym.questions.question import Item

__all__ = ["FrontDoor"]


@dataclass(frozen=True, slots=True)
class FrontDoor:
    """P(outcome given do treatment) at two levels, through the measured ``mediators``."""

    treatment: str
    outcome: str
    levels: tuple[str, str]
    mediators: tuple[str, ...]

    name: ClassVar[str] = "front-door"
    rung: ClassVar[int] = 2
    is_headline: ClassVar[bool] = True

    def items(self, model: SCM) -> tuple[Item, ...]:
        """Compute one item a level."""

        def more(x: Term, y: Term) -> Lures:
            return adjustment_lures(model, treatment=x, outcome=y, sets=(self.mediators,))

        return do_items(
            model,
            self.name,
            treatment=self.treatment,
            outcome=self.outcome,
            levels=self.levels,
            more_lures=more,
        )
