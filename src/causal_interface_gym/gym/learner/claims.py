"""Claims about structure: whether they hold in a graph."""

from causal_interface_gym.causal.adjustment import is_adjustment_set
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.questions.claims import Direction
from causal_interface_gym.questions.question import ValidAdjustment

__all__ = ["direction_holds", "is_valid"]


def is_valid(claim: ValidAdjustment, graph: ADMG) -> bool:
    """Tell whether the claimed set is valid for adjustment in the observed graph."""
    x, y = claim.treatment, claim.outcome
    return bool(is_adjustment_set(graph, claim.adjust, treatment=x, outcome=y))


def direction_holds(claim: Direction, dag: ADMG) -> bool:
    """Tell whether the claimed relation is the one in a graph that shows hidden causes too.

    >>> direction_holds(Direction("x", "y", "common cause only"), ADMG([("u", "x"), ("u", "y")]))
    True
    """
    above = dag.ancestors(claim.first), dag.ancestors(claim.second)
    is_forward, is_backward = claim.first in above[1], claim.second in above[0]
    match claim.alternative:
        case "forward":
            return is_forward
        case "backward":
            return is_backward
        case _:
            return bool(above[0] & above[1]) and not is_forward and not is_backward
