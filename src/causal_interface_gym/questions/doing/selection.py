"""Selection: P(y given do x) in the population, where only the selected are observed.

The seer reads off P(y given x) in the selected sample. Experiments, where the interface allows
them, enrol from the whole population.

Source: [hernan2020].
"""

from dataclasses import dataclass, replace
from typing import ClassVar

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query, Term
from causal_interface_gym.questions.claims import FromSelected
from causal_interface_gym.questions.question import Item, event, probability_item

__all__ = ["Selection"]


@dataclass(frozen=True, slots=True)
class Selection:
    """P(outcome given do treatment) at two levels; observed rows all have ``selected``."""

    treatment: str
    outcome: str
    levels: tuple[str, str]
    selected: str

    name: ClassVar[str] = "selection"
    rung: ClassVar[int] = 2
    is_headline: ClassVar[bool] = True

    def items(self, model: SCM) -> tuple[Item, ...]:
        """Compute one item a level."""
        y, s = event(self.outcome), event(self.selected)
        return tuple(self._item(model, level, y=y, s=s) for level in self.levels)

    def _item(self, model: SCM, level: str, *, y: Term, s: Term) -> Item:
        result, x = {y.variable: y.value}, {self.treatment: level}
        in_sample = Query.of(result, given={**x, s.variable: s.value})
        done = Query.of(result, do=x)
        item = probability_item(
            model,
            self.name,
            asked=done,
            reference=in_sample,
            lures={"sample for population": in_sample, "see for do": Query.of(result, given=x)},
        )
        asked = FromSelected(done, ((s.variable, str(s.value)),))
        return replace(item, name=str(asked), asked=asked)
