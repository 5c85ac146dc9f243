"""P(y given do x) at two levels of x: what the families of rung 2 share.

The two probabilities are elicited, never their bare difference. The reference is the seer, who
answers with the matching conditional probability.
"""

from collections.abc import Callable

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query, Term
from causal_interface_gym.questions.adjusting import adjusted_probability
from causal_interface_gym.questions.question import Item, event, probability_item

__all__ = ["adjustment_lures", "do_items"]

Lures = dict[str, Query | float]


def do_items(
    model: SCM,
    family: str,
    *,
    treatment: str,
    outcome: str,
    levels: tuple[str, str],
    more_lures: Callable[[Term, Term], Lures],
) -> tuple[Item, ...]:
    """Make one item a level; ``more_lures`` gets the treatment level and the outcome."""
    y = event(outcome)
    return tuple(
        _do_item(model, family, x=Term(treatment, level), y=y, more_lures=more_lures)
        for level in levels
    )


def adjustment_lures(
    model: SCM, *, treatment: Term, outcome: Term, sets: tuple[tuple[str, ...], ...]
) -> Lures:
    """Name the number that adjusting for each of the sets would give."""
    return {
        f"wrong adjustment: {', '.join(names)}": adjusted_probability(
            model, treatment=treatment, outcome=outcome, adjust=names
        )
        for names in sets
    }


def _do_item(
    model: SCM, family: str, *, x: Term, y: Term, more_lures: Callable[[Term, Term], Lures]
) -> Item:
    level, result = {x.variable: x.value}, {y.variable: y.value}
    see = Query.of(result, given=level)
    return probability_item(
        model,
        family,
        asked=Query.of(result, do=level),
        reference=see,
        lures={"see for do": see, **more_lures(x, y)},
    )
