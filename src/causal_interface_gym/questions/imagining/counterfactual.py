"""Counterfactual: P(y[x'] given e), with ETT, PN, PS and PNS as special cases.

Asked only where the world's mechanism fixes the answer (deterministic, or a declared coupling) or
the quantity is identified.
"""

from dataclasses import dataclass
from typing import ClassVar

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import QueryError
from causal_interface_gym.questions.question import Item, probability_item

__all__ = ["Counterfactual"]


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """One probability of another world, e.g. ``recovery[treatment=B]=yes | treatment=A``.

    The seer reads y[x'] as y given x', keeps the rest of e, and drops from e what x' overrides and
    the outcome's own factual value (given that, its answer would be a tautology).

    Raises:
        QueryError: The outcome is not one variable with a state in one other world.
    """

    query: str

    name: ClassVar[str] = "counterfactual"
    rung: ClassVar[int] = 3
    is_headline: ClassVar[bool] = True

    def __post_init__(self) -> None:
        """Check the shape."""
        asked = Query.parse(self.query)
        first = asked.outcome[0]
        is_one = len(asked.outcome) == 1 and not asked.do and not any(t.do for t in asked.given)
        if not (is_one and first.value and first.do):
            message = f"a counterfactual item has the form y[x=1]=1 | x=0, y=0; got {self.query!r}"
            raise QueryError(message)

    def items(self, model: SCM) -> tuple[Item, ...]:
        """Compute the one item."""
        asked = Query.parse(self.query)
        y = asked.outcome[0]
        result, action = {y.variable: y.value}, dict(y.do)
        overridden = {y.variable, *action}
        rest = {t.variable: t.value for t in asked.given if t.variable not in overridden}
        see = Query.of(result, given={**action, **rest})
        return (
            probability_item(
                model,
                self.name,
                asked=asked,
                reference=see,
                lures={"do for imagine": Query.of(result, do=action), "see for imagine": see},
            ),
        )
