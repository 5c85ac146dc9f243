"""Make an admitted candidate a world: derive every number again, by the engine and by brute force.

Truth, reference and lures of the engine must equal the screen's to 1e-9, and every truth must equal
that of a second algorithm that shares no code with the engine: the product of all tables or, for
another world, the enumeration of all noise. Claims are confirmed by trying: a valid adjustment set
gives the effect in this very model and an invalid one does not; an estimand evaluates to the
effect; where none exists, two models that agree on all data disagree.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.causal.enumeration import Enumeration, enumerate_joint
from causal_interface_gym.causal.graph import ADMG
from causal_interface_gym.causal.identification.verdict import Identified, NotIdentified, identify
from causal_interface_gym.causal.mechanism import Table
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import ScenarioError
from causal_interface_gym.questions.claims import (
    Confounded,
    Determined,
    Direction,
    FromSelected,
    InPopulation,
    IntervalEnd,
)
from causal_interface_gym.questions.doing.transport import transported_value
from causal_interface_gym.questions.question import Asked, Claim, Family, Item, ValidAdjustment
from causal_interface_gym.questions.response_types import interval_by_types
from causal_interface_gym.scenarios.generated.screening.candidates import Candidate, Expected
from causal_interface_gym.scenarios.generated.structure.blueprint import Blueprint, labels_of
from causal_interface_gym.scenarios.world import model_digest

__all__ = ["AGREEMENT", "Generated", "Unshown", "derive", "second_truth"]

AGREEMENT: Final = 1e-9
_CLEARLY: Final = 1e-6
"""What differs by less is not shown to differ by this model."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Generated:
    """An admitted world under its own plain names; ``items`` belong to the scoring side."""

    stratum: str
    level: int
    blueprint: Blueprint
    questions: tuple[Family, ...]
    model: SCM
    items: tuple[Item, ...]

    @cached_property
    def cluster(self) -> str:
        """The hash of the SCM, shared by all worlds that differ in names only."""
        return model_digest(self.model)

    @cached_property
    def digest(self) -> str:
        """The hash of model and questions: the world's identity whatever its number."""
        content = [self.cluster, [[item.family, str(item.asked)] for item in self.items]]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Unshown:
    """A claim that holds by the graph and that the drawn numbers, by coincidence, do not show."""

    claim: str


def derive(candidate: Candidate, *, level: int) -> Generated | Unshown:
    """Derive a world, or say which claim its numbers do not show.

    Raises:
        ScenarioError: Two algorithms disagree; this is a fault of the package, never of a world.
    """
    model = _model(candidate)
    items = tuple(item for question in candidate.questions for item in question.items(model))
    for item, expected in zip(items, candidate.expected or _unscreened(items), strict=True):
        _compare(item, expected)
    second = _Second(model)
    for item in items:
        found = second.truth(item.asked)
        if _is_coincidence(item, found):
            return Unshown(item.name)
        _confirm(item, found)
    blueprint = candidate.blueprint
    return Generated(blueprint.stratum, level, blueprint, candidate.questions, model, items)


def second_truth(model: SCM, asked: Asked) -> float:
    """Compute the truth of a question by an algorithm that shares no code with the engine."""
    return _Second(model).truth(asked)


def _model(candidate: Candidate) -> SCM:
    nodes = candidate.blueprint.nodes
    is_imagined = any(question.name == "counterfactual" for question in candidate.questions)
    return SCM(
        {node.name: labels_of(node) for node in nodes},
        {
            node.name: Table(
                node.parents,
                candidate.tables[node.name],
                "comonotone" if is_imagined and node.name == "Y" else None,
            )
            for node in nodes
        },
        [node.name for node in nodes if node.is_hidden],
    )


def _unscreened(items: tuple[Item, ...]) -> Iterator[None]:
    """Stand in for families whose truths are 0 or 1, which the screen does not compute."""
    return (None for _ in items)


def _compare(item: Item, expected: Expected | None) -> None:
    if expected is None:
        return
    pairs = {"truth": (item.truth, expected.truth)}
    if isinstance(item.reference, float):
        pairs["reference"] = (item.reference, expected.reference)
    if item.lure.keys() != expected.lures.keys():
        message = f"{item.name}: lures {sorted(item.lure)} but screened {sorted(expected.lures)}"
        raise ScenarioError(message)
    pairs |= {name: (value, expected.lures[name]) for name, value in item.lure.items()}
    for name, (engine, screened) in pairs.items():
        if not abs(engine - screened) <= AGREEMENT:
            message = f"{item.name}: {name} is {engine!r} by the engine, {screened!r} in the screen"
            raise ScenarioError(message)


def _confirm(item: Item, second: float) -> None:
    if not abs(item.truth - second) <= AGREEMENT:
        message = f"{item.name}: {item.truth!r} by the engine, {second!r} by enumeration"
        raise ScenarioError(message)


def _is_coincidence(item: Item, second: float) -> bool:
    """Say whether the numbers are special for the graph: an arrow that happens not to act."""
    if abs(item.truth - second) <= AGREEMENT:
        return False
    match item.asked:
        case ValidAdjustment():
            return item.truth == 0
        case Direction():
            return item.truth == float(item.asked.alternative != "common cause only")
        case _:
            return False


class _Second:
    """The second algorithm on one model; joints are kept for all questions about it."""

    def __init__(self, model: SCM) -> None:
        self.model = model
        self.axis = {v: i for i, v in enumerate(model.nodes)}
        self.joints: dict[tuple[tuple[str, str], ...], Floats] = {}

    def truth(self, asked: Asked) -> float:
        match asked:
            case Query():
                return self._probability(asked)
            case FromSelected():
                return self._probability(asked.query)
            case InPopulation():
                return self._transported(asked)
            case IntervalEnd():
                ends = interval_by_types(self.model, asked.query, asked.experiments)
                return ends[asked.end == "upper"]
            case _:
                return self._claim(asked)

    def _claim(self, claim: Claim) -> float:
        match claim:
            case ValidAdjustment():
                return self._adjustment(claim)
            case Confounded():
                return self._confounded(claim)
            case Direction():
                return self._direction(claim)
            case Determined():
                return self._determined(claim)

    def _probability(self, query: Query) -> float:
        if query.is_counterfactual:
            # What the engine answered without a coupling is the same under every one.
            return Enumeration(self.model, undeclared="comonotone").probability(query)
        do = {name: str(label) for name, label in query.do}
        given = {t.variable: str(t.value) for t in query.given}
        outcome = {t.variable: str(t.value) for t in query.outcome}
        return self.p({**given, **outcome}, do=do) / self.p(given, do=do)

    def p(self, event: Mapping[str, str], *, do: Mapping[str, str]) -> float:
        """Sum the cells of the joint in which an event holds."""
        key = tuple(sorted(do.items()))
        if key not in self.joints:
            self.joints[key] = enumerate_joint(self.model, do=do)
        place: list[int | slice] = [slice(None)] * len(self.axis)
        for name, label in event.items():
            place[self.axis[name]] = self.model.states[name].index(label)
        return float(self.joints[key][tuple(place)].sum())

    def _transported(self, asked: InPopulation) -> float:
        """Look at the target itself; the formula over what can be obtained must agree.

        Raises:
            ScenarioError: It does not.
        """
        value = self._probability(asked.in_target)
        by_formula = transported_value(self.model, asked)
        if not abs(by_formula - value) <= AGREEMENT:
            message = f"{asked}: {by_formula!r} by the transport formula, {value!r} in the target"
            raise ScenarioError(message)
        return value

    def _adjustment(self, claim: ValidAdjustment) -> float:
        """Compare adjusting with doing, for every level and state of this very model."""
        x, y = claim.treatment, claim.outcome
        names = (y, x, *claim.adjust)
        joint = enumerate_joint(self.model)
        gone = tuple(i for v, i in self.axis.items() if v not in names)
        kept = [v for v in self.model.nodes if v in names]
        joint = joint.sum(axis=gone).transpose([kept.index(v) for v in names])
        joint = joint.reshape(*joint.shape[:2], -1)
        rates = joint / joint.sum(axis=0, keepdims=True)
        adjusted = rates @ joint.sum(axis=(0, 1))
        done = [
            [self.p({y: state}, do={x: level}) for level in self.model.states[x]]
            for state in self.model.states[y]
        ]
        miss = float(np.abs(adjusted - np.array(done)).max())
        return float(miss < _CLEARLY)

    def _confounded(self, claim: Confounded) -> float:
        y, x = {claim.outcome: claim.state}, claim.treatment
        gaps = [
            abs(
                self.p({**y, x: level}, do={}) / self.p({x: level}, do={})
                - self.p(y, do={x: level})
            )
            for level in self.model.states[x]
        ]
        return float(max(gaps) > claim.threshold)

    def _direction(self, claim: Direction) -> float:
        found = "common cause only"
        if self._moves(claim.first, claim.second):
            found = "forward"
        elif self._moves(claim.second, claim.first):
            found = "backward"
        return float(claim.alternative == found)

    def _moves(self, cause: str, effect: str) -> bool:
        state = {effect: self.model.states[effect][0]}
        usual = self.p(state, do={})
        return any(
            abs(self.p(state, do={cause: level}) - usual) > _CLEARLY
            for level in self.model.states[cause]
        )

    def _determined(self, claim: Determined) -> float:
        verdict = _verdict(self.model.graph, claim.query)
        if isinstance(verdict, Identified):
            value = verdict.estimand.evaluate(self.model)
            is_right = isinstance(value, float) and (
                abs(value - self._probability(claim.query)) <= AGREEMENT
            )
            return 1.0 if is_right else 0.5
        return 0.0 if _is_proved(verdict) else 0.5


@lru_cache(maxsize=256)
def _verdict(graph: ADMG, query: Query) -> Identified | NotIdentified:
    return identify(graph, query)


@lru_cache(maxsize=256)
def _is_proved(verdict: NotIdentified) -> bool:
    """See by enumeration that the two models of the proof answer differently."""
    pair = verdict.witness
    first, second = (_Second(m).truth(pair.query) for m in (pair.first, pair.second))
    return abs(first - second) > _CLEARLY
