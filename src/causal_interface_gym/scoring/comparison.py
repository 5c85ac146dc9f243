"""Compare two participants on the same form: paired differences, Holm, what could be detected.

Both met the same items, so what makes an item hard cancels in the difference. The difference of
two Causal Scores is (sum of B's losses - sum of A's) / (sum of the reference's); the worlds carry
its influence values, from which come its CR2 interval and p-value. A bootstrap over whole worlds
stands beside it.

Source: [holm1979], [bloom1995], [searle1992].
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.errors import InputError
from causal_interface_gym.questions.families import FAMILIES, HEADLINE
from causal_interface_gym.scoring.causal_score import FamilyLosses
from causal_interface_gym.scoring.losses import Part, losses_of, part_of
from causal_interface_gym.scoring.marking import Mark
from causal_interface_gym.scoring.robust import Estimate, cluster_robust
from causal_interface_gym.scoring.statistics import Interval, NoInterval, score_interval
from causal_interface_gym.scoring.unscored import Unscored

__all__ = [
    "ALPHA",
    "POWER",
    "Comparison",
    "Difference",
    "compare",
    "compare_headlines",
    "compare_losses",
    "holm",
    "intraclass_correlation",
    "minimum_detectable_effect",
]

Floats = NDArray[np.float64]

ALPHA: Final = 0.05
POWER: Final = 0.80

_REMEMBERED: Final = 256
"""For how many degrees of freedom the inverted noncentral t is kept."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The first participant's Causal Score less the second's, on the same items.

    ``low`` and ``high`` are the CR2 t interval with ``df`` degrees of freedom, ``bootstrap`` the
    percentile interval over worlds, both of level 0.95. ``detectable`` is the true difference
    that this form would have found with power 0.80 at level 0.05. ``p_value`` is not adjusted.
    """

    value: float
    low: float
    high: float
    df: float
    p_value: float
    bootstrap: Interval | NoInterval
    detectable: float
    n_items: int
    n_worlds: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Differences of two participants: the headline, and each family with Holm's p-values."""

    headline: Difference | Unscored
    families: Mapping[str, Difference | Unscored]
    adjusted: Mapping[str, float]


def compare(first: Sequence[Mark], second: Sequence[Mark], *, seed: int = 0) -> Comparison:
    """Compare two participants; ``seed`` fixes the bootstrap.

    Raises:
        InputError: The two did not meet the same items, or an item stands twice.
    """
    losses = _paired_losses(first, second)
    return _comparison({name: _table(found) for name, found in losses.items()}, seed)


def compare_losses(
    first: Mapping[str, FamilyLosses], second: Mapping[str, FamilyLosses], *, seed: int = 0
) -> Comparison:
    """Compare two participants from their losses by family, summed over the same items.

    Raises:
        InputError: The two did not meet the same items in the same worlds.
    """
    _check_same_items(first, second)
    return _comparison({n: _summed(first[n], second[n]) for n in first}, seed)


def compare_headlines(
    first: Mapping[str, FamilyLosses], second: Mapping[str, FamilyLosses], *, seed: int = 0
) -> Difference | Unscored:
    """Compare the headlines alone, as ``compare_losses`` does beside the families.

    Raises:
        InputError: The two did not meet the same items in the same worlds.
    """
    _check_same_items(first, second)
    return _difference(_telling({n: _summed(first[n], second[n]) for n in first}), seed)


def _check_same_items(
    first: Mapping[str, FamilyLosses], second: Mapping[str, FamilyLosses]
) -> None:
    shapes = [
        {n: (f.n_items, f.own.keys()) for n, f in losses.items()} for losses in (first, second)
    ]
    if shapes[0] != shapes[1]:
        message = (
            "a paired comparison needs the same items of both; sum only over the worlds that both "
            f"finished; got families {', '.join(first)} and {', '.join(second)}"
        )
        raise InputError(message)


def _comparison(found: Mapping[str, "_Table"], seed: int) -> Comparison:
    tables = {name: found[name] for name in FAMILIES if name in found}
    families = {name: _difference([table], seed) for name, table in tables.items()}
    p_values = {n: d.p_value for n, d in families.items() if isinstance(d, Difference)}
    return Comparison(_difference(_telling(tables), seed), families, holm(p_values))


def _telling(tables: Mapping[str, "_Table"]) -> list["_Table"]:
    """Choose the families of the headline whose reference is wrong somewhere."""
    return [tables[n] for n in HEADLINE if n in tables and tables[n].reference.sum() > 0]


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Adjust p-values for their number, step down; an adjusted one below alpha is a finding.

    >>> holm({"a": 0.01, "b": 0.04, "c": 0.03})
    {'a': 0.03, 'b': 0.06, 'c': 0.06}

    Source: [holm1979].
    """
    adjusted: dict[str, float] = {}
    highest = 0.0
    for rank, name in enumerate(sorted(p_values, key=lambda key: p_values[key])):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[name]))
        adjusted[name] = highest
    return {name: adjusted[name] for name in p_values}


def minimum_detectable_effect(
    standard_error: float, *, df: float, power: float = POWER, alpha: float = ALPHA
) -> float:
    """Give the true effect that a two-sided t test finds with the given power.

    Exact for a normal estimate: the noncentral t is inverted, to a relative 1e-9. With many
    degrees of freedom it is 2.80 standard errors.

    >>> round(minimum_detectable_effect(0.01, df=1e6), 4)
    0.028

    Raises:
        InputError: The standard error or the degrees are not positive, or power and level are
            not 0 < alpha < power < 1.

    Source: [bloom1995].
    """
    if not (standard_error > 0 and df > 0 and 0 < alpha < power < 1):
        message = (
            "a detectable effect needs standard_error > 0, df > 0 and 0 < alpha < power < 1; got "
            f"standard_error {standard_error}, df {df}, alpha {alpha}, power {power}"
        )
        raise InputError(message)
    return standard_error * _least_shift(df, power, alpha)


@lru_cache(maxsize=_REMEMBERED)
def _least_shift(df: float, power: float, alpha: float) -> float:
    """Invert the noncentral t; participants of one form share their degrees of freedom."""
    # Loaded when used: importing the package stays fast.
    from scipy.special import nctdtr, stdtrit  # noqa: PLC0415

    critical = float(stdtrit(df, 1 - alpha / 2))

    def missing(shift: float) -> float:
        """Power short of what is asked, when the effect is ``shift`` standard errors."""
        found = 1 - nctdtr(df, shift, critical) + nctdtr(df, shift, -critical)
        return power - float(found)

    return _root(missing, high=critical)


def intraclass_correlation(
    values: Sequence[float], *, clusters: Sequence[Hashable]
) -> float | Unscored:
    """Estimate the share of variance that lies between clusters, by analysis of variance.

    Negative when items of one cluster differ more than items of different ones; clusters may
    differ in size.

    >>> intraclass_correlation([1.0, 3.0, 5.0, 7.0], clusters="aabb")
    0.7777777777777778

    Raises:
        InputError: There is not one cluster for each value.

    Source: [searle1992].
    """
    if len(values) != len(clusters):
        message = f"each value has a cluster; got {len(values)} values, {len(clusters)} clusters"
        raise InputError(message)
    groups: dict[Hashable, list[float]] = defaultdict(list)
    for value, cluster in zip(values, clusters, strict=True):
        groups[cluster].append(value)
    n, n_groups = len(values), len(groups)
    if not 1 < n_groups < n:
        return Unscored("it needs two clusters, and one of them with two items")
    sizes = np.array([len(group) for group in groups.values()])
    means = np.array([np.mean(group) for group in groups.values()])
    between = float((sizes * (means - np.mean(values)) ** 2).sum()) / (n_groups - 1)
    within = sum(float(((np.array(g) - np.mean(g)) ** 2).sum()) for g in groups.values())
    within /= n - n_groups
    size = (n - float((sizes**2).sum()) / n) / (n_groups - 1)
    total = between + (size - 1) * within
    return (between - within) / total if total > 0 else Unscored("all values are equal")


@dataclass(frozen=True, slots=True)
class _Paired:
    """What an item cost the two participants and the reference."""

    world: str
    first: float
    second: float
    reference: float


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """Sums of one family over the items of each world: shape (n_worlds,)."""

    worlds: tuple[str, ...]
    first: Floats
    second: Floats
    reference: Floats
    n_items: int


def _paired_losses(first: Sequence[Mark], second: Sequence[Mark]) -> dict[str, list[_Paired]]:
    ours, theirs = _by_item(first), _by_item(second)
    if ours.keys() != theirs.keys():
        odd = min(ours.keys() ^ theirs.keys())
        message = (
            f"a paired comparison needs the same items of both; got {len(ours)} and {len(theirs)}, "
            f"and {odd} of one only; compare the worlds that both finished"
        )
        raise InputError(message)
    losses: dict[str, list[_Paired]] = defaultdict(list)
    truths: dict[Part, list[float]] = defaultdict(list)
    for mark in ours.values():
        truths[part_of(mark)].append(mark.truth)
    base_rates = {part: float(np.mean(values)) for part, values in truths.items()}
    for key, mark in ours.items():
        own = losses_of(mark, base_rates=base_rates)
        other = losses_of(theirs[key], base_rates=base_rates)
        losses[mark.family].append(_Paired(mark.cluster, own.own, other.own, own.reference))
    return losses


def _by_item(marks: Sequence[Mark]) -> dict[tuple[str, int, str], Mark]:
    by_item = {(mark.scenario, mark.seed, mark.question): mark for mark in marks}
    if len(by_item) < len(marks):
        message = f"an item stands twice among {len(marks)} marks; give each episode once"
        raise InputError(message)
    return by_item


def _table(losses: Sequence[_Paired]) -> _Table:
    worlds = tuple(sorted({loss.world for loss in losses}))
    place = {world: row for row, world in enumerate(worlds)}
    sums = np.zeros((3, len(worlds)))
    for loss in losses:
        sums[:, place[loss.world]] += (loss.first, loss.second, loss.reference)
    return _Table(worlds, sums[0], sums[1], sums[2], len(losses))


def _summed(first: FamilyLosses, second: FamilyLosses) -> _Table:
    worlds = tuple(sorted(first.own))
    own, other, reference = (
        np.array([sums[world] for world in worlds])
        for sums in (first.own, second.own, first.reference)
    )
    return _Table(worlds, own, other, reference, first.n_items)


def _difference(tables: Sequence[_Table], seed: int) -> Difference | Unscored:
    """Compare over the unweighted mean of families.

    World g carries the influence psi_g = n sum_f (d_gf - theta_f r_gf) / sum_g r_gf / n_families,
    whose mean is 0; the variance of the mean of theta + psi is that of the difference.
    """
    if not tables:
        return Unscored("no_items")
    if any(table.reference.sum() == 0 for table in tables):
        return Unscored("zero_reference")
    worlds = sorted({world for table in tables for world in table.worlds})
    gains = np.column_stack([_spread(t, t.second - t.first, worlds) for t in tables])
    references = np.column_stack([_spread(t, t.reference, worlds) for t in tables])
    totals = references.sum(axis=0)
    values = gains.sum(axis=0) / totals
    influence = len(worlds) * ((gains - values * references) / totals).mean(axis=1)
    (found,) = cluster_robust(
        np.ones((len(worlds), 1)),
        values.mean() + influence,
        clusters=worlds,
        names=["difference"],
        magnitude=1.0,
    )
    if not isinstance(found, Estimate):
        return found
    return Difference(
        value=float(values.mean()),
        low=found.low,
        high=found.high,
        df=found.df,
        p_value=found.p_value,
        # 1 - (reference - gain) / reference: the bootstrap of a score gives that of a gain.
        bootstrap=score_interval(references - gains, references, seed=seed),
        detectable=minimum_detectable_effect(found.standard_error, df=found.df),
        n_items=sum(table.n_items for table in tables),
        n_worlds=len(worlds),
    )


def _spread(table: _Table, values: Floats, worlds: Sequence[str]) -> Floats:
    """Lay a family's sums out over all worlds; a world without the family has 0."""
    by_world = dict(zip(table.worlds, values, strict=True))
    return np.array([by_world.get(world, 0.0) for world in worlds])


def _root(function: Callable[[float], float], *, high: float) -> float:
    """Find where a falling function crosses 0, above 0, by bisection after doubling ``high``."""
    low = 0.0
    while function(high) > 0:
        low, high = high, 2 * high
    while high - low > 1e-10 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) > 0 else (low, middle)
    return high
