"""The effect of names: one SCM under its own names and under others, paired by world."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations
from typing import Final

from causal_interface_gym.runs.grades.losses import ItemLosses
from causal_interface_gym.scoring.causal_score import FamilyLosses
from causal_interface_gym.scoring.comparison import Difference, compare_headlines
from causal_interface_gym.scoring.unscored import Unscored

__all__ = ["names_effect"]

_ORDER: Final = ("commonsense", "anti-commonsense", "nonsense")


def names_effect(losses: ItemLosses) -> Mapping[str, Difference | Unscored]:
    """Compare each two conditions over the items that stand in both.

    Each item counts once in each condition, with the mean of its losses, so many seeds of one
    condition weigh no more. Keys read ``commonsense - nonsense``.
    """
    means = _means(losses)
    found: dict[str, Difference | Unscored] = {}
    for first, second in combinations([name for name in _ORDER if name in means], 2):
        shared = sorted(means[first].keys() & means[second].keys())
        sums = [_sums({key: means[name][key] for key in shared}) for name in (first, second)]
        found[f"{first} - {second}"] = compare_headlines(*sums)
    return found


_Key = tuple[str, str, str]
"""Family, distinct SCM and name of an item."""


def _means(losses: ItemLosses) -> dict[str, dict[_Key, tuple[float, float]]]:
    """Give by condition and item the mean loss of the participant and of the reference."""
    found: dict[str, dict[_Key, tuple[float, float]]] = defaultdict(dict)
    for row, n in enumerate(losses.tally.n_asked.tolist()):
        if n:
            item = losses.table.items[row]
            mark = item.unanswered
            means = (float(losses.own[row]) / n, float(losses.reference[row]) / n)
            found[item.condition][mark.family, mark.cluster, mark.name] = means
    return found


def _sums(means: Mapping[_Key, tuple[float, float]]) -> dict[str, FamilyLosses]:
    own: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    reference: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    n_items: dict[str, int] = defaultdict(int)
    for (family, cluster, _), (mean, mean_reference) in means.items():
        own[family][cluster] += mean
        reference[family][cluster] += mean_reference
        n_items[family] += 1
    return {family: FamilyLosses(own[family], reference[family], n_items[family]) for family in own}
