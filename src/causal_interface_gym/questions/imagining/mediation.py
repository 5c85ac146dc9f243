"""Mediation: what the outcome would be if only the direct path, or neither, were switched on.

Asked are P(y[x=1, m[x=0]]) and P(y[x=0]); their difference is the natural direct effect.

Source: [pearl2001].
"""

from dataclasses import dataclass
from typing import ClassVar

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query, Term
from causal_interface_gym.questions.question import Item, event, probability_item

__all__ = ["Mediation"]


@dataclass(frozen=True, slots=True)
class Mediation:
    """The two probabilities of the natural direct effect; ``levels`` is (control, active).

    ``fixed`` gives each mediator a state, for the lure of the controlled direct effect.
    """

    treatment: str
    outcome: str
    levels: tuple[str, str]
    fixed: tuple[tuple[str, str], ...]

    name: ClassVar[str] = "mediation"
    rung: ClassVar[int] = 3
    is_headline: ClassVar[bool] = True

    def items(self, model: SCM) -> tuple[Item, ...]:
        """Compute the nested item and the item under control."""
        control, active = self.levels
        y = event(self.outcome)
        result = {y.variable: y.value}
        off, on = {self.treatment: control}, {self.treatment: active}
        total = Query.of(result, do=on)
        nested = probability_item(
            model,
            self.name,
            asked=Query((Term(y.variable, y.value, self._direct_path_only()),)),
            reference=Query.of(result, given=on),
            lures={
                "total effect": total,
                "controlled direct effect": Query.of(result, do={**on, **dict(self.fixed)}),
            },
        )
        at_control = probability_item(
            model,
            self.name,
            asked=Query((Term(y.variable, y.value, ((self.treatment, control),)),)),
            reference=Query.of(result, given=off),
            lures={
                "see for do": Query.of(result, given=off),
                "controlled direct effect": Query.of(result, do={**off, **dict(self.fixed)}),
            },
        )
        return nested, at_control

    def _direct_path_only(self) -> tuple[tuple[str, str | Term], ...]:
        control, active = self.levels
        held = [(m, Term(m, None, ((self.treatment, control),))) for m, _ in self.fixed]
        return tuple(sorted([*held, (self.treatment, active)], key=lambda pair: pair[0]))
