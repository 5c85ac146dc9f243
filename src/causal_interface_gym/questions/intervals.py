"""What a query can be: the sharp interval, and the two items that ask for its ends.

The ends are those of ``causal.bounds``, the least and the most over all models of the graph that
show the same distribution. An interval that is not known to be sharp makes no question.

Source: [balke1997], [tian2000].
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, Literal

from causal_interface_gym.causal.bounds import Bounds, Knowledge, bounds
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import QueryError
from causal_interface_gym.questions.claims import IntervalEnd
from causal_interface_gym.questions.question import End, Item, Lure

__all__ = ["end_of", "interval_items", "sharp_interval"]

_ENDS: Final[tuple[Literal["lower", "upper"], ...]] = ("lower", "upper")
_KEPT: Final = 256


@lru_cache(maxsize=_KEPT)
def sharp_interval(model: SCM, query: Query, experiments: tuple[str, ...] = ()) -> Bounds:
    """Bound a query by what a model shows: P(v), and the experiments on the variables named.

    Raises:
        QueryError: The interval is not known to be sharp; the message says why.
    """
    sets = [[name] for name in experiments]
    found = bounds(Knowledge.from_model(model, experiments=sets), query)
    if not found.is_sharp:
        message = f"{query} has no interval that is known to be sharp: {found.reason}"
        raise QueryError(message)
    return found


def end_of(model: SCM, asked: IntervalEnd) -> float:
    """Give the end that is asked for, in [0, 1]."""
    found = sharp_interval(model, asked.query, asked.experiments)
    return found.lower if asked.end == "lower" else found.upper


def interval_items(
    model: SCM,
    family: str,
    *,
    query: Query,
    reference: Query,
    lures: Mapping[str, float],
    experiments: tuple[str, ...] = (),
) -> tuple[Item, Item]:
    """Make the items of both ends; the reference and each lure is a point, the same for both.

    Raises:
        QueryError: The interval is not known to be sharp.
    """
    point = model.p(reference)
    named = tuple(Lure(name, value) for name, value in lures.items())

    def item(part: int) -> Item:
        asked = IntervalEnd(query, _ENDS[part], experiments)
        truth = end_of(model, asked)
        return Item(family, str(asked), asked, truth, point, named, End(part))

    return item(0), item(1)
