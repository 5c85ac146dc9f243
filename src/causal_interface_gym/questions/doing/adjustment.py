"""Adjustment: for each candidate set shown, the probability that it is valid."""

from dataclasses import dataclass
from typing import ClassVar

from causal_interface_gym.causal.adjustment.criterion import is_adjustment_set
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.question import BaseRate, Item, Lure, ValidAdjustment

__all__ = ["Adjustment"]


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One item a candidate set, truth 0 or 1; the reference answers the form's base rate."""

    treatment: str
    outcome: str
    candidates: tuple[tuple[str, ...], ...]

    name: ClassVar[str] = "adjustment"
    rung: ClassVar[int] = 2
    is_headline: ClassVar[bool] = False

    def items(self, model: SCM) -> tuple[Item, ...]:
        """Compute one item a candidate."""
        return tuple(self._item(model, names) for names in self.candidates)

    def _item(self, model: SCM, names: tuple[str, ...]) -> Item:
        verdict = is_adjustment_set(
            model.graph, names, treatment=self.treatment, outcome=self.outcome
        )
        others = set(model.graph.nodes) - {self.treatment, self.outcome}
        claim = ValidAdjustment(self.treatment, self.outcome, tuple(sorted(names)))
        return Item(
            self.name,
            str(claim),
            claim,
            truth=float(bool(verdict)),
            reference=BaseRate(),
            lures=(
                Lure("empty set", float(not names)),
                Lure("all variables", float(set(names) == others)),
            ),
        )
