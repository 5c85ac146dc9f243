"""Check a stored run against itself and the present engine.

Every reference is resolved (trial, scenario, world), every truth and lure of a stored world is
derived again, every log's chain of digests is walked from its world, and every score is computed
again from the logs. What the present program cannot judge, such as a score of another version, is
counted as unchecked and never passed off as right.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from causal_interface_gym.errors import CausalGymError, LogError, RunError
from causal_interface_gym.gym.log import check_log, first_link
from causal_interface_gym.runs.archive import StoredWorld
from causal_interface_gym.runs.records import Record
from causal_interface_gym.runs.spec import Numbering
from causal_interface_gym.runs.store import HEADLINE, ScoreRow, Store
from causal_interface_gym.scenarios import registry
from causal_interface_gym.scenarios.world import World
from causal_interface_gym.scoring.causal_score import VERSION, CausalScore, Scored, causal_scores
from causal_interface_gym.scoring.marking import Mark, mark_episode
from causal_interface_gym.scoring.statistics import Interval
from causal_interface_gym.validation.rederive import (
    TOLERANCE,
    by_name,
    disagreements,
    key_errors,
)

__all__ = [
    "Check",
    "Counts",
    "Damaged",
    "Finding",
    "Integrity",
    "Numbered",
    "check_run",
    "log_errors",
    "read_records",
]

Check = Literal["run", "trial", "scenario", "world", "truth", "log", "score", "calibration"]

_NOT_FOUND: Final = "it counts as finished, and neither its record nor its world can be found"
_SHOWN: Final = 12
"""Characters of an address that a message shows."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something stored that is not what it should be; ``place`` says where."""

    check: Check
    place: str
    message: str

    def __str__(self) -> str:
        """Write one line."""
        return " ".join(f"{self.check}: {self.place}: {self.message}".split())


@dataclass(slots=True)
class Counts:
    """How much was looked at; ``unchecked`` scores are of another version or of fewer episodes."""

    trials: int = 0
    worlds: int = 0
    items: int = 0
    events: int = 0
    scores: int = 0
    unchecked: int = 0


@dataclass(frozen=True, slots=True)
class Integrity:
    """What was found in a run, and how much was looked at."""

    findings: tuple[Finding, ...]
    counts: Counts


@dataclass(frozen=True, slots=True)
class Damaged:
    """A trial whose record cannot be read, and why."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Numbered:
    """A record and the number under which it is stored."""

    number: int
    record: Record


def check_run(store: Store, *, on_progress: Callable[[int], None] = lambda _: None) -> Integrity:
    """Check everything that a run holds; ``on_progress`` gets the number of trials looked at."""
    found = _Checked(store, Numbering(store.spec))
    for read in read_records(store):
        found.add(read)
        on_progress(found.counts.trials)
    found.findings += _score_findings(store, found)
    return Integrity(tuple(found.findings), found.counts)


def read_records(store: Store) -> Iterator[Numbered | Damaged]:
    """Stream all finished trials; one that cannot be read does not hide those after it."""
    numbering = Numbering(store.spec)
    waiting = deque[int](np.flatnonzero(store.finished()).tolist())
    while waiting:
        try:
            for record in store.records(waiting[0]):
                while not _stands_at(store, waiting[0], record, numbering):
                    yield Damaged(waiting.popleft(), _NOT_FOUND)
                yield Numbered(waiting.popleft(), record)
            while waiting:
                yield Damaged(waiting.popleft(), _NOT_FOUND)
        except (CausalGymError, ValueError) as error:  # the damage of one trial is its own
            yield Damaged(waiting.popleft(), str(error))


def _stands_at(store: Store, number: int, record: Record, numbering: Numbering) -> bool:
    """Say whether the first record from a number on is the one under that number."""
    if _number(record, numbering) == number:
        return True
    following = next(iter(store.records(number + 1)), None)
    return following is None or following.trial != record.trial


def _number(record: Record, numbering: Numbering) -> int | RunError:
    try:
        return numbering.number(record.trial)
    except RunError as error:
        return error


@dataclass(frozen=True, slots=True)
class _Met:
    """The world met last; all records of a world come together, so one is enough to keep."""

    address: str
    world: World | None


@dataclass(slots=True)
class _Checked:
    """What is known of a run while its records stream by."""

    store: Store
    numbering: Numbering
    findings: list[Finding] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    marks: dict[str, list[Mark]] = field(default_factory=lambda: defaultdict(list))
    n_lost: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    addresses: set[str] = field(default_factory=set)
    met: _Met = field(default_factory=lambda: _Met("", None))

    def add(self, read: Numbered | Damaged) -> None:
        """Check one trial."""
        self.counts.trials += 1
        if isinstance(read, Damaged):
            self._find("trial", f"number {read.number}", read.reason)
            self.n_lost[_agent_of(self.store, read.number)] += 1
            return
        record = read.record
        self._check_reference(read)
        world = self._world(record)
        if world is None:
            self.n_lost[record.trial.agent] += 1
            return
        for error in log_errors(record, world):
            self._find("log", str(record.trial), error)
        self.counts.events += len(record.log)
        try:
            self.marks[record.trial.agent] += mark_episode(record.log, world)
        except (KeyError, TypeError, ValueError) as error:
            self._find("log", str(record.trial), f"it cannot be marked: {error!r}")
            self.n_lost[record.trial.agent] += 1

    def _find(self, check: Check, place: str, message: str) -> None:
        self.findings.append(Finding(check, place, message))

    def _check_reference(self, read: Numbered) -> None:
        place, number = f"number {read.number}", _number(read.record, self.numbering)
        if isinstance(number, RunError):
            self._find("trial", place, str(number))
        elif number != read.number:
            self._find("trial", place, f"it holds {read.record.trial}, whose number is {number}")

    def _world(self, record: Record) -> World | None:
        """Load the world of a record, and check it when it is first met."""
        address, trial = record.address, record.trial
        if address != self.met.address:
            self.met = _Met(address, self._load(address, trial.scenario))
        world = self.met.world
        if world and (world.scenario, world.seed) != (trial.scenario, trial.seed):
            found = f"it is stored with the world of {world.scenario}, seed {world.seed}"
            self._find("world", str(trial), found)
        return world

    def _load(self, address: str, scenario: str) -> World | None:
        place = f"{scenario} {address[:_SHOWN]}"
        is_new = address not in self.addresses
        self.addresses.add(address)
        self.counts.worlds += is_new
        try:
            stored = self.store.world(address)
            world = stored.load()
        except CausalGymError as error:
            if is_new:
                self._find("world", place, str(error))
            return None
        if is_new:
            self.counts.items += len(world.items)
            self.findings += _world_findings(stored, world, place)
        return world


def _world_findings(stored: StoredWorld, world: World, place: str) -> Iterator[Finding]:
    """Check a world by itself, then against the scenario of today."""
    if stored.digest != world.digest:
        yield Finding("world", place, f"it is stored under the digest {stored.digest}")
    for text in _truth_errors(world):
        yield Finding("truth", place, text)
    yield from _present_findings(world, place)


def _present_findings(world: World, place: str) -> Iterator[Finding]:
    """Compare a stored key with the one that the scenario gives today."""
    try:
        today = registry.world_of(world.scenario, seed=world.seed)
    except CausalGymError as error:
        yield Finding("scenario", place, str(error))
        return
    if today.cluster != world.cluster:
        yield Finding("scenario", place, "the scenario has another model today")
        return
    items = by_name(today.items)
    for question, item in zip(world.questions, world.items, strict=True):
        if (item.family, item.name) not in items:
            yield Finding("scenario", place, f"{question.id} is not asked today: {item.name}")
            continue
        derived = items[item.family, item.name]
        for text in key_errors(item, derived, method="the present engine"):
            yield Finding("truth", place, f"{question.id} {item.name}: {text}")


def _agent_of(store: Store, number: int) -> str:
    return store.spec.agents[number % len(store.spec.agents)]


def _truth_errors(world: World) -> Iterator[str]:
    for question, item in zip(world.questions, world.items, strict=True):
        place = f"{question.id} {item.family} {item.name}"
        if (question.family, question.asked) != (item.family, item.asked):
            yield f"{place}: the question shown is another one: {question.asked}"
        try:
            yield from (f"{place}: {text}" for text in disagreements(world.model, item))
        except CausalGymError as error:
            yield f"{place}: its truth cannot be derived: {error}"


def log_errors(record: Record, world: World) -> Iterator[str]:
    """Walk a log's chain from its world; one that a failing agent left open may end anywhere."""
    log = record.log
    if log and log[0].previous != first_link(world.digest):
        yield "it does not begin in the world that it is stored with"
        return
    try:
        check_log(log)
    except LogError as error:
        is_cut_by_failure = bool(record.failures) and error.number == len(log)
        if not is_cut_by_failure:
            yield str(error)


def _score_findings(store: Store, found: _Checked) -> Iterator[Finding]:
    rows = store.scores()
    current = [row for row in rows if row.version == VERSION]
    whole = [row for row in current if row.n_episodes == found.counts.trials]
    found.counts.unchecked += len(rows) - len(whole)
    for row in current:
        if row.n_episodes > found.counts.trials:
            there = (
                f"it was computed from {row.n_episodes} episodes, {found.counts.trials} are there"
            )
            yield Finding("score", _place(row), there)
    for agent in dict.fromkeys(row.agent for row in whole):
        own = [row for row in whole if row.agent == agent]
        if found.n_lost[agent]:
            lost = f"its scores cannot be recomputed: {found.n_lost[agent]} episodes are damaged"
            yield Finding("score", agent, lost)
            found.counts.unchecked += len(own)
            continue
        found.counts.scores += len(own)
        yield from _differences(agent, own, found.marks[agent])


def _differences(agent: str, rows: Iterable[ScoreRow], marks: Sequence[Mark]) -> Iterator[Finding]:
    scores = causal_scores(marks)
    again: dict[str, Scored] = {HEADLINE: scores.headline, **scores.families}
    for row in rows:
        if row.family not in again:
            yield Finding("score", _place(row), "the logs hold no answer of this family")
        elif not _same(row.score, again[row.family]):
            message = f"it is stored as {_shown(row.score)}, the logs give "
            yield Finding("score", _place(row), message + _shown(again[row.family]))
    missing = again.keys() - {row.family for row in rows}
    for family in sorted(missing):
        yield Finding("score", f"{agent} {family}", "the score was not kept")


def _place(row: ScoreRow) -> str:
    return f"{row.agent} {row.family}"


def _same(old: Scored, new: Scored) -> bool:
    one, two = _numbers(old), _numbers(new)
    return one.keys() == two.keys() and all(abs(one[k] - two[k]) <= TOLERANCE for k in one)


def _numbers(score: Scored) -> dict[str, float]:
    """Give the numbers of a score by name; a reason is a name, so that other reasons differ."""
    if not isinstance(score, CausalScore):
        return {score.reason: 0.0, "excess loss": score.excess_loss, "items": score.n_items}
    limits = score.interval
    ends = {"low": limits.low, "high": limits.high} if isinstance(limits, Interval) else {
        limits.reason: 0.0
    }  # fmt: skip
    return {
        "value": score.value,
        "loss": score.loss,
        "reference loss": score.reference_loss,
        "items": score.n_items,
        "worlds": score.n_worlds,
        **ends,
    }


def _shown(score: Scored) -> str:
    return ", ".join(f"{name} {value:.12g}" for name, value in _numbers(score).items())
