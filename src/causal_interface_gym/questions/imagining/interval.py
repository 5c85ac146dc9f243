"""A counterfactual that is not determined: the ends of what it can be.

Where no mechanism is declared and nothing identifies the answer, observation and experiments still
bound it. The seer answers as for any counterfactual, with y given x' and the rest of the evidence,
as a point.

Source: [tian2000].
"""

from dataclasses import dataclass
from typing import ClassVar

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.questions.imagining.counterfactual import Counterfactual
from causal_interface_gym.questions.intervals import interval_items
from causal_interface_gym.questions.question import Item

__all__ = ["CounterfactualInterval"]


@dataclass(frozen=True, slots=True)
class CounterfactualInterval:
    """The interval of one probability of another world; ``experiments`` are known besides P(v).

    Raises:
        QueryError: The outcome is not one variable with a state in one other world.
    """

    query: str
    experiments: tuple[str, ...] = ()

    name: ClassVar[str] = Counterfactual.name
    rung: ClassVar[int] = Counterfactual.rung
    is_headline: ClassVar[bool] = Counterfactual.is_headline

    def __post_init__(self) -> None:
        """Check the shape."""
        Counterfactual(self.query)

    def items(self, model: SCM) -> tuple[Item, ...]:
        """Compute the lower and the upper end."""
        asked = Query.parse(self.query)
        y = asked.outcome[0]
        result, action = {y.variable: y.value}, dict(y.do)
        overridden = {y.variable, *action}
        rest = {t.variable: t.value for t in asked.given if t.variable not in overridden}
        see = Query.of(result, given={**action, **rest})
        return interval_items(
            model,
            self.name,
            query=asked,
            reference=see,
            lures={
                "do for imagine": model.p(Query.of(result, do=action)),
                "see for imagine": model.p(see),
            },
            experiments=self.experiments,
        )
