"""Answerable: the probability that graph and observation together determine the query.

A question about seeing always is, where its variables are observed. One about doing is if and only
if it is identified; the proof either way comes with the verdict.

Source: [shpitser2006].
"""

from dataclasses import dataclass
from typing import ClassVar

from causal_interface_gym.causal.identification.verdict import Identified, identify
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import QueryError
from causal_interface_gym.questions.claims import Determined
from causal_interface_gym.questions.question import BaseRate, Item, Lure

__all__ = ["Answerable", "is_determined"]


@dataclass(frozen=True, slots=True)
class Answerable:
    """One item a query, truth 0 or 1; the reference answers the form's base rate."""

    queries: tuple[str, ...]

    name: ClassVar[str] = "answerable"
    rung: ClassVar[int] = 2
    is_headline: ClassVar[bool] = False

    def items(self, model: SCM) -> tuple[Item, ...]:
        """Compute one item a query."""
        return tuple(self._item(model, Determined(Query.parse(text))) for text in self.queries)

    def _item(self, model: SCM, claim: Determined) -> Item:
        return Item(
            self.name,
            str(claim),
            claim,
            truth=float(is_determined(model, claim.query)),
            reference=BaseRate(),
            lures=(Lure("always answers", 1.0), Lure("never answers", 0.0)),
        )


def is_determined(model: SCM, query: Query) -> bool:
    """Decide by the identification algorithm over the observed graph.

    Raises:
        QueryError: The query is a counterfactual, which this family does not ask about.
        UnknownVariableError: A variable is hidden or unknown.
    """
    if query.is_counterfactual:
        message = f"{query} is a counterfactual; this family asks about seeing and doing"
        raise QueryError(message)
    return isinstance(identify(model.graph, query), Identified)
