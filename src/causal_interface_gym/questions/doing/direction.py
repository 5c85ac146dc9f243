"""Direction: a distribution over X to Y, Y to X, and a common cause only.

The distribution is elicited as one probability an alternative. Its Brier score against the truth,
the sum over alternatives of (b - t)^2, is then the sum of the parts' losses, so parts are ordinary
items; that stated parts sum to 1 is for the coherence audit to check. The reference is the form's
prior: how often each alternative is the truth there.
"""

from dataclasses import dataclass
from typing import ClassVar

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.errors import QueryError
from causal_interface_gym.questions.claims import DIRECTIONS
from causal_interface_gym.questions.claims import Direction as Claim
from causal_interface_gym.questions.question import BaseRate, Distribution, Item, Lure

__all__ = ["Direction", "true_direction"]


@dataclass(frozen=True, slots=True)
class Direction:
    """Three parts of one distribution; ``first`` is the variable that is named first."""

    first: str
    second: str

    name: ClassVar[str] = "direction"
    rung: ClassVar[int] = 2
    is_headline: ClassVar[bool] = False

    def items(self, model: SCM) -> tuple[Item, ...]:
        """Compute one item an alternative."""
        truth = true_direction(model, first=self.first, second=self.second)
        return tuple(
            self._item(part, alternative, truth=truth)
            for part, alternative in enumerate(DIRECTIONS)
        )

    def _item(self, part: int, alternative: str, *, truth: str) -> Item:
        claim = Claim(self.first, self.second, alternative)
        return Item(
            self.name,
            str(claim),
            claim,
            truth=float(alternative == truth),
            reference=BaseRate(),
            lures=(
                Lure("named first is the cause", float(alternative == "forward")),
                Lure("never a hidden cause", 0.0 if alternative == "common cause only" else 0.5),
            ),
            elicited=Distribution(DIRECTIONS, part),
        )


def true_direction(model: SCM, *, first: str, second: str) -> str:
    """Read the alternative off the graph, latent variables included.

    Raises:
        QueryError: The two share no path that carries association, so none of the three holds.
    """
    dag = model.dag
    if first in dag.ancestors(second):
        return "forward"
    if second in dag.ancestors(first):
        return "backward"
    if set(dag.ancestors(first)) & set(dag.ancestors(second)):
        return "common cause only"
    message = f"{first!r} and {second!r} are not related in this world; ask about two that are"
    raise QueryError(message)
