"""Simpson: P(y given do x) where the pooled and the stratified tables disagree.

The graph, not the table, decides which level of aggregation answers the question.
"""

from dataclasses import dataclass
from typing import ClassVar

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query, Term
from causal_interface_gym.questions.adjusting import adjusted_probability
from causal_interface_gym.questions.doing.levels import Lures, do_items
from causal_interface_gym.questions.question import Item

__all__ = ["Simpson"]


@dataclass(frozen=True, slots=True)
class Simpson:
    """P(outcome given do treatment) at two levels, with the variable that splits the table.

    ``pooled`` says that the pooled table is the right level (the splitting variable is an effect
    of the treatment); otherwise the stratified one is.
    """

    treatment: str
    outcome: str
    levels: tuple[str, str]
    split_by: str
    pooled: bool

    name: ClassVar[str] = "simpson"
    rung: ClassVar[int] = 2
    is_headline: ClassVar[bool] = True

    def items(self, model: SCM) -> tuple[Item, ...]:
        """Compute one item a level."""

        def more(x: Term, y: Term) -> Lures:
            stratified = adjusted_probability(
                model, treatment=x, outcome=y, adjust=(self.split_by,)
            )
            pooled = Query.of({y.variable: y.value}, given={x.variable: x.value})
            return {"other level of aggregation": stratified if self.pooled else pooled}

        return do_items(
            model,
            self.name,
            treatment=self.treatment,
            outcome=self.outcome,
            levels=self.levels,
            more_lures=more,
        )
