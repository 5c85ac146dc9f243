"""The distinct items of a run: a question of an SCM, however many seeds and agents meet it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.questions.question import Item
from causal_interface_gym.scenarios import registry
from causal_interface_gym.scenarios.card import Card
from causal_interface_gym.scenarios.generated import worlds as generated
from causal_interface_gym.scenarios.generated.worlds import WorldId
from causal_interface_gym.scenarios.world import World
from causal_interface_gym.scoring.fallacies import lured_beliefs
from causal_interface_gym.scoring.losses import Part, losses_of, part_of
from causal_interface_gym.scoring.lures import MIN_GAP
from causal_interface_gym.scoring.marking import Answered, Mark, mark_episode

__all__ = ["ItemFacts", "ItemTable", "condition_of", "stratum_of"]

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]
Key = tuple[object, ...]
"""What tells an item from others."""

_OWN_NAMES: Final = "commonsense"
_NONSENSE: Final = "nonsense"


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What is known of an item before anybody answers.

    ``item`` is as the first seed that met it words it; ``unanswered`` is its mark without an
    answer. ``marginal`` holds P(y), and is empty for claims, which have none.
    """

    item: Item
    unanswered: Mark
    stratum: str
    condition: str
    marginal: tuple[float, ...]

    @property
    def fallacies(self) -> Mapping[str, float]:
        """The lures that can be told from the truth, by fallacy."""
        mark = self.unanswered
        return {
            lure.fallacy: lure.value
            for lure in mark.lures
            if abs(lure.value - mark.truth) >= MIN_GAP
        }


class ItemTable:
    """The items met so far, numbered in the order of meeting."""

    def __init__(self, cards: Iterable[Card] = ()) -> None:
        """Start without items; ``cards`` describe the scenarios that came from files."""
        self._own_strata = {card.id: card.structure for card in cards}
        self.items: list[ItemFacts] = []
        self._numbers: dict[Key, int] = {}
        self._truths: Floats = np.empty(0)
        self._lures: Floats = np.empty((0, 0))
        self._costs: tuple[bytes, Floats] = (b"", np.empty((2, 0)))

    def of(self, world: World) -> tuple[int, ...]:
        """Give the numbers of a world's items, in the order of its questions."""
        marks = mark_episode((), world)
        return tuple(
            self._number(item, mark, world) for item, mark in zip(world.items, marks, strict=True)
        )

    def truths(self) -> Floats:
        """Give the truth of every item."""
        if len(self._truths) < len(self.items):
            self._truths = np.array([item.unanswered.truth for item in self.items])
        return self._truths

    def lures(self) -> Floats:
        """Give the lures, shape (n_items, most lures of an item); NaN where an item has fewer.

        The NaN stays inside comparisons, where it is near to nothing.
        """
        if len(self._lures) < len(self.items):
            width = max((len(item.fallacies) for item in self.items), default=0)
            self._lures = np.full((len(self.items), width), np.nan)
            for row, item in enumerate(self.items):
                values = list(item.fallacies.values())
                self._lures[row, : len(values)] = values
        return self._lures

    def costs(self, n_asked: Counts) -> Floats:
        """Give what a missing answer costs and what the reference loses, shape (2, n_items).

        ``n_asked`` says how often a participant was asked each item: base rates are over those.
        All who were asked the same share the last answer.
        """
        key = n_asked.tobytes()
        if self._costs[0] != key:
            rates = _base_rates(self.items, n_asked.tolist())
            losses = [losses_of(item.unanswered, base_rates=rates) for item in self.items]
            found = np.array([[loss.own, loss.reference] for loss in losses]).reshape(-1, 2).T
            self._costs = (key, found)
        return self._costs[1]

    def _number(self, item: Item, mark: Mark, world: World) -> int:
        lures = tuple((lure.fallacy, lure.value) for lure in item.lures)
        telling = (item.family, item.name, item.truth, lures)
        condition = condition_of(world.scenario, world.seed)
        key = (world.scenario, condition, world.cluster, *telling)
        if key not in self._numbers:
            self._numbers[key] = len(self.items)
            stratum = self._own_strata.get(world.scenario) or stratum_of(world.scenario)
            self.items.append(ItemFacts(item, mark, stratum, condition, _marginal(mark, world)))
        return self._numbers[key]


def _base_rates(items: Sequence[ItemFacts], asked: Sequence[int]) -> dict[Part, float]:
    sums: dict[Part, float] = defaultdict(float)
    counts: dict[Part, int] = defaultdict(int)
    for item, n in zip(items, asked, strict=True):
        part = part_of(item.unanswered)
        sums[part] += n * item.unanswered.truth
        counts[part] += n
    return {part: sums[part] / n for part, n in counts.items() if n}


def condition_of(scenario: str, seed: int) -> str:
    """Name the condition of names: seed 0 of a curated scenario keeps its own, others do not.

    >>> condition_of("asia-v1", 0), condition_of("asia-v1", 1)
    ('commonsense', 'nonsense')
    """
    if generated.has_prefix(scenario):
        return WorldId.parse(scenario).names
    return _NONSENSE if seed else _OWN_NAMES


def stratum_of(scenario: str) -> str:
    """Name the structure of a scenario, or the structure or family of a generated world.

    >>> stratum_of("asia-v1")
    'network'
    """
    if generated.has_prefix(scenario):
        return WorldId.parse(scenario).name
    return cast("str", registry.get(scenario).structure)


def _marginal(mark: Mark, world: World) -> tuple[float, ...]:
    known: Sequence[Mark] = [replace(mark, answer=Answered(min(max(mark.truth, 0.0), 1.0)))]
    return tuple(found.marginal for found in lured_beliefs(known, world))
