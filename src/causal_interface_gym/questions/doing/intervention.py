"""Intervention: P(y given do x) for two x, the question that the seer gets wrong."""

from dataclasses import dataclass
from typing import ClassVar

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query, Term
from causal_interface_gym.questions.doing.levels import Lures, adjustment_lures, do_items
from causal_interface_gym.questions.question import Item

__all__ = ["Intervention"]


@dataclass(frozen=True, slots=True)
class Intervention:
    """P(outcome given do treatment) at two levels; ``wrong_sets`` must not be adjusted for."""

    treatment: str
    outcome: str
    levels: tuple[str, str]
    wrong_sets: tuple[tuple[str, ...], ...] = ()

    name: ClassVar[str] = "intervention"
    rung: ClassVar[int] = 2
    is_headline: ClassVar[bool] = True

    def items(self, model: SCM) -> tuple[Item, ...]:
        """Compute one item a level."""

        def more(x: Term, y: Term) -> Lures:
            backwards = Query.of({x.variable: x.value}, do={y.variable: y.value})
            wrong = adjustment_lures(model, treatment=x, outcome=y, sets=self.wrong_sets)
            return {**wrong, "backwards": backwards}

        return do_items(
            model,
            self.name,
            treatment=self.treatment,
            outcome=self.outcome,
            levels=self.levels,
            more_lures=more,
        )
