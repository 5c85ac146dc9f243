"""Derive keys, difficulties and calibration curves of a run again with the present engine.

Nothing that is stored changes: a recalibration is a new version beside those that are there, kept
whole or not at all. It is compared with the version before it or, where there is none, with the
keys as they stood on the day the run was played.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import fsum
from typing import Any, Final, Protocol

from causal_interface_gym.errors import CausalGymError, RunError
from causal_interface_gym.questions.question import BaseRate, Item
from causal_interface_gym.runs.store import Store
from causal_interface_gym.scenarios import registry
from causal_interface_gym.scenarios.world import World
from causal_interface_gym.scoring.calibration import Reliability, reliability
from causal_interface_gym.scoring.causal_score import VERSION
from causal_interface_gym.scoring.losses import Part, part_of
from causal_interface_gym.scoring.marking import Mark, mark_episode
from causal_interface_gym.validation.difficulty import Difficulty, difficulty_of, panel_answers
from causal_interface_gym.validation.integrity import Damaged, log_errors, read_records
from causal_interface_gym.validation.rederive import TOLERANCE, by_name, truths

__all__ = ["FORMAT", "Calibrations", "Change", "Recalibration", "changes", "recalibrate"]

FORMAT: Final = 1
"""The version of the text that is kept."""

# Any: JSON.
Json = dict[str, Any]
Key = tuple[str, str, str, str]


class Calibrations(Protocol):
    """Where the calibrations of a run are kept, numbered from 1; it only grows."""

    def versions(self) -> tuple[int, ...]:
        """List the versions that are there, in order."""
        ...

    def body(self, version: int) -> str:
        """Give the text of a version.

        Raises:
            RunError: There is none, or it is not the text that was kept.
        """
        ...

    def keep(self, body: str) -> int:
        """Keep a text as the next version, in one transaction, and give its number."""
        ...


@dataclass(frozen=True, slots=True)
class Change:
    """A number that differs between two calibrations; what is not there is ``absent``."""

    place: str
    old: str
    new: str

    def __str__(self) -> str:
        """Write one line."""
        return " ".join(f"{self.place}: {self.old} -> {self.new}".split())


@dataclass(frozen=True, slots=True)
class Recalibration:
    """What was derived, and what it is compared with; ``before`` is 0 for the keys as played."""

    document: Json
    before: int
    changes: tuple[Change, ...]

    @property
    def body(self) -> str:
        """The text to keep: the same for the same run and engine, without clock or path."""
        return json.dumps(self.document, sort_keys=True, separators=(",", ":"), allow_nan=False)


def recalibrate(
    store: Store, kept: Calibrations, *, on_progress: Callable[[int], None] = lambda _: None
) -> Recalibration:
    """Derive everything again and compare; nothing is written.

    Raises:
        RunError: A log or world is damaged, or two algorithms disagree on a truth, so that no
            number of this run can be trusted; the integrity check says more.
    """
    derived = _Derived()
    for n_read, read in enumerate(read_records(store), 1):
        if isinstance(read, Damaged):
            message = f"trial number {read.number}: {read.reason}"
            raise RunError(message)
        world = store.world(read.record.address).load()
        for error in log_errors(read.record, world):
            message = f"{read.record.trial}: {error}"
            raise RunError(message)
        derived.add(read.record.trial.agent, world, mark_episode(read.record.log, world))
        on_progress(n_read)
    versions = kept.versions()
    before = versions[-1] if versions else 0
    old = json.loads(kept.body(before)) if before else derived.document(derived.stored)
    new = derived.document(derived.present)
    return Recalibration(new, before, tuple(changes(old, new)))


def changes(old: Json, new: Json) -> Iterator[Change]:
    """List the numbers that differ by more than rounding, item by item and curve by curve.

    >>> [str(change) for change in changes({"n": 0.5, "only": 1}, {"n": 0.75})]
    ['n: 0.5 -> 0.75', 'only: 1 -> absent']
    """
    before, after = dict(_leaves(old)), dict(_leaves(new))
    for place in dict.fromkeys((*before, *after)):
        one, two = before.get(place, "absent"), after.get(place, "absent")
        if not _same(one, two):
            yield Change(place, str(one), str(two))


@dataclass(slots=True)
class _Derived:
    """The keys of a run as they were stored and as they are today, and all marks."""

    stored: dict[Key, Item] = field(default_factory=dict)
    present: dict[Key, Item] = field(default_factory=dict)
    answers: dict[Key, tuple[float, ...]] = field(default_factory=dict)
    marks: dict[str, list[Mark]] = field(default_factory=lambda: defaultdict(list))

    def add(self, agent: str, world: World, marks: Sequence[Mark]) -> None:
        """Add an episode, and the keys of its world where they are new."""
        self.marks[agent] += marks
        for item in world.items:
            key = (world.scenario, world.cluster, item.family, item.name)
            if key not in self.stored:
                self.stored[key] = item
                self.present[key] = _present(world, item)
                self.answers[key] = panel_answers(world.model, item.asked)

    def document(self, items: Mapping[Key, Item]) -> Json:
        """Write everything under some keys."""
        rates = _base_rates(items)
        return {
            "format": FORMAT,
            "score_version": VERSION,
            "items": {
                " ".join(key): _item_json(
                    item, difficulty_of(item, self.answers[key], base_rate=rates[part_of(item)])
                )
                for key, item in sorted(items.items())
            },
            "agents": {
                agent: _curve_json(reliability([_under(items, mark) for mark in marks]))
                for agent, marks in sorted(self.marks.items())
            },
        }


def _present(world: World, item: Item) -> Item:
    """Derive a key with the present engine; what no scenario defines any more stays as stored."""
    found = truths(world.model, item.asked)
    low, high = min(found.values()), max(found.values())
    if not high - low <= TOLERANCE:
        message = f"{world.scenario} {item.name}: algorithms disagree: {found}"
        raise RunError(message)
    today = _items_today(world.scenario, world.cluster).get((item.family, item.name), item)
    return replace(
        item, truth=next(iter(found.values())), reference=today.reference, lures=today.lures
    )


@lru_cache(maxsize=64)
def _items_today(scenario: str, cluster: str) -> Mapping[tuple[str, str], Item]:
    try:
        world = registry.world_of(scenario)
    except CausalGymError:  # a scenario of one's own that was not named, or one of other days
        return {}
    return by_name(world.items) if world.cluster == cluster else {}


def _base_rates(items: Mapping[Key, Item]) -> dict[Part, float]:
    found: dict[Part, list[float]] = defaultdict(list)
    for item in items.values():
        found[part_of(item)].append(item.truth)
    return {part: fsum(values) / len(values) for part, values in found.items()}


def _under(items: Mapping[Key, Item], mark: Mark) -> Mark:
    item = items[mark.scenario, mark.cluster, mark.family, mark.name]
    return replace(mark, truth=item.truth)


def _item_json(item: Item, difficulty: Difficulty) -> Json:
    reference = "base rate" if isinstance(item.reference, BaseRate) else item.reference
    return {
        "truth": item.truth,
        "reference": reference,
        "lures": item.lure,
        "difficulty": {
            "share_wrong": difficulty.share_wrong,
            "reference_loss": difficulty.reference_loss,
        },
    }


def _curve_json(curve: Reliability) -> Json:
    return {
        "answers": curve.n_items,
        "missing": curve.n_missing,
        "mean_gap": curve.mean_gap,
        "curve": {
            f"[{b.low:g}, {b.high:g})": {"belief": b.belief, "truth": b.truth, "answers": b.n_items}
            for b in curve.bins
        },
    }


def _leaves(value: object, place: str = "") -> Iterator[tuple[str, object]]:
    if not isinstance(value, dict):
        yield place, value
        return
    for name, part in value.items():
        yield from _leaves(part, f"{place}: {name}" if place else str(name))


def _same(one: object, two: object) -> bool:
    if isinstance(one, int | float) and isinstance(two, int | float):
        return abs(one - two) <= TOLERANCE
    return one == two
