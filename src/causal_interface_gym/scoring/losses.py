"""What an item costs: the answer, the reference, and an answer that is missing.

The loss of a probability b is (b - t)^2, and that of a distribution or an interval the sum over its
parts. A missing answer costs the loss of the reference or that of who knows nothing, whichever is
more: 0.5 for a probability, all alternatives alike for a distribution, and for an interval both the
point 0.5 and everything from 0 to 1. A distribution or an interval is one answer, so these are
compared over all its parts together; each part carries its share of the greatest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from causal_interface_gym.questions.question import BaseRate, Distribution, End, Item
from causal_interface_gym.scoring.marking import Answered, Mark

__all__ = ["Losses", "Part", "losses_of", "part_of"]

Part = tuple[str, int]
"""A family and the number of an alternative: 0 where the item is no part of a distribution."""

_ROUNDING: Final = 1e-24
"""A squared difference below this is rounding: the reference was exact."""


@dataclass(frozen=True, slots=True)
class Losses:
    """What an item cost the participant and the reference."""

    own: float
    reference: float


def part_of(asked: Mark | Item) -> Part:
    """Say over which items of a form the base rate of an item is taken.

    The prior of a distribution has one number for each alternative.
    """
    elicited = asked.elicited
    return asked.family, elicited.part if isinstance(elicited, Distribution) else 0


def losses_of(mark: Mark, *, base_rates: Mapping[Part, float]) -> Losses:
    """Give the losses of an item; ``base_rates`` hold the mean truth of each part of the form."""
    known = mark.reference
    reference = base_rates.get(part_of(mark), 0.0) if isinstance(known, BaseRate) else known
    by_reference = _squared(reference, mark.truth)
    if isinstance(mark.answer, Answered):
        return Losses((mark.answer.p - mark.truth) ** 2, by_reference)
    nothing_known = (mark.elicited.uniform - mark.truth) ** 2
    if isinstance(mark.elicited, End) and mark.whole:
        return Losses(_missing_end(mark, reference, part=mark.elicited.part), by_reference)
    if not mark.whole:
        return Losses(max(by_reference, nothing_known), by_reference)
    prior = [base_rates.get((mark.family, part), 0.0) for part in range(len(mark.whole))]
    of_prior = sum(_squared(p, t) for p, t in zip(prior, mark.whole, strict=True))
    of_uniform = sum((mark.elicited.uniform - t) ** 2 for t in mark.whole)
    return Losses(by_reference if of_prior > of_uniform else nothing_known, by_reference)


def _missing_end(mark: Mark, reference: float, *, part: int) -> float:
    """Give an end's share of the dearest of the reference's point, the point 0.5 and [0, 1]."""
    points = ((reference, reference), (mark.elicited.uniform,) * 2, (0.0, 1.0))
    losses = [tuple(map(_squared, ends, mark.whole)) for ends in points]
    return max(losses, key=sum)[part]


def _squared(reference: float, truth: float) -> float:
    loss = (reference - truth) ** 2
    return loss if loss > _ROUNDING else 0.0
