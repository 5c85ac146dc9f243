"""Admission of items: which candidates of a batch may stand in a form, and their losses.

An item is admitted if its gap lure stands at least the level's gap (0.15 or more) from the truth,
its other lures at least 0.08 from the truth and from the gap lure, and a probability of the outcome
lies in [0.05, 0.95]. Controls are exempt from the distances, and instead stay within 0.05 of the
gap lure without reaching it. Families whose truths are 0 or 1 have margins of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.query import Query
from causal_interface_gym.questions.question import Family
from causal_interface_gym.scenarios.generated.screening.batch import Adjusted, Batch
from causal_interface_gym.scenarios.generated.screening.instruments import (
    BoundEnd,
    Wald,
    bound_end,
    wald,
)
from causal_interface_gym.scenarios.generated.screening.plans import ItemPlan, Number, plan_items

__all__ = ["LURES_APART", "TRUTH", "Screen", "Screened", "screen"]

LURES_APART: Final = 0.08
TRUTH: Final = (0.05, 0.95)
_CONTROL: Final = (0.004, 0.05)
_CLAIM_GAP: Final = 0.05
"""How clearly a claim about a difference is true, or its variables are associated."""
_SAME: Final = 1e-9
_REVERSAL: Final = 0.01

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Screened:
    """One item's numbers over a batch."""

    truth: Floats
    reference: Floats
    lures: Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class Screen:
    """A screened batch: which candidates are admitted, the numbers, and the surpluses.

    ``surplus`` has shape (n_candidates, n_baselines): how much more the baseline loses on the
    world's items than the reference does. ``baselines`` names its columns.
    """

    admitted: NDArray[np.bool_]
    items: tuple[Screened, ...]
    baselines: tuple[str, ...]
    surplus: Floats


def screen(batch: Batch, questions: Sequence[Family], *, gap: float) -> Screen:
    """Compute every number that admission needs, for all candidates at once."""
    plans = [plan for question in questions for plan in plan_items(question, batch.blueprint)]
    if not plans:
        nothing = np.zeros((len(batch), 0))
        return Screen(_clear_claim(batch), (), (), nothing)
    items = tuple(_screened(batch, plan) for plan in plans)
    admitted = np.ones(len(batch), dtype=bool)
    for plan, item in zip(plans, items, strict=True):
        admitted &= _is_admitted(plan, item, gap=gap, is_control=batch.blueprint.is_control)
    if batch.blueprint.stratum.startswith("simpson"):
        admitted &= _is_paradox(plans, items)
    names, surplus = _surplus(batch, plans, items)
    return Screen(admitted, items, names, surplus)


def _number(batch: Batch, number: Number) -> Floats:
    match number:
        case Adjusted():
            return batch.adjusted(number)
        case BoundEnd():
            return bound_end(batch, number)
        case Wald():
            return wald(batch, number)
        case float():
            return np.full(len(batch), number)
        case Query():
            return batch.p(number)


def _screened(batch: Batch, plan: ItemPlan) -> Screened:
    return Screened(
        _number(batch, plan.truth),
        batch.p(plan.reference),
        {name: _number(batch, lure) for name, lure in plan.lures.items()},
    )


def _is_admitted(
    plan: ItemPlan, item: Screened, *, gap: float, is_control: bool
) -> NDArray[np.bool_]:
    admitted = (item.truth >= TRUTH[0]) & (item.truth <= TRUTH[1])
    if not plan.gap_lure:
        return admitted
    first = item.lures[plan.gap_lure]
    distance = np.abs(first - item.truth)
    if is_control:
        seen = np.abs(item.reference - item.truth)
        return admitted & (seen >= _CONTROL[0]) & (seen <= _CONTROL[1])
    admitted &= distance >= gap
    for name, lure in item.lures.items():
        # A name that is the same question by definition is no second lure.
        if name != plan.gap_lure and plan.lures[name] != plan.lures[plan.gap_lure]:
            admitted &= np.abs(lure - item.truth) >= LURES_APART
            admitted &= np.abs(lure - first) >= LURES_APART
    return admitted


def _is_paradox(plans: Sequence[ItemPlan], items: Sequence[Screened]) -> NDArray[np.bool_]:
    """Say where the two levels of aggregation point in opposite directions."""
    off, on = items
    name = plans[0].gap_lure
    true = on.truth - off.truth
    other = on.lures[name] - off.lures[name]
    smaller = np.minimum(np.abs(true), np.abs(other))
    is_reversed: NDArray[np.bool_] = np.logical_and(true * other < 0, smaller >= _REVERSAL)
    return is_reversed


def _surplus(
    batch: Batch, plans: Sequence[ItemPlan], items: Sequence[Screened]
) -> tuple[tuple[str, ...], Floats]:
    if not plans[0].baselines:
        return (), np.zeros((len(batch), 0))
    names = ("constant 0.5", *plans[0].baselines)
    total = np.zeros((len(batch), len(names)))
    for plan, item in zip(plans, items, strict=True):
        answers = [np.full(len(batch), 0.5)]
        answers += [_number(batch, number) for number in plan.baselines.values()]
        loss = (np.stack(answers, axis=1) - item.truth[:, None]) ** 2
        total += loss - ((item.reference - item.truth) ** 2)[:, None]
    return names, total


def _clear_claim(batch: Batch) -> NDArray[np.bool_]:
    """Keep candidates in which what is true is so by a margin, and X and Y are associated."""
    see, do = (
        np.stack([batch.p(Query.of({"Y": "yes"}, **{how: {"X": x}})) for x in ("no", "yes")])
        for how in ("given", "do")
    )
    gap = np.abs(see - do).max(axis=0)
    moved = np.abs(do[1] - do[0])
    associated = np.abs(see[1] - see[0]) >= _CLAIM_GAP
    clear: NDArray[np.bool_] = np.logical_and.reduce(
        [
            associated,
            (gap >= _CLAIM_GAP) | (gap <= _SAME),
            (moved >= _CLAIM_GAP) | (moved <= _SAME),
        ]
    )
    return clear
