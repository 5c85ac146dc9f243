"""Derive the number of a question again, by every algorithm that can.

A probability comes from elimination, from enumeration of the noise (under two couplings, as an
answer must not depend on one that is undeclared) and, where the graph identifies it, from the
formula over what is observed, evaluated on enumerated tables. A claim is decided by its criterion
and by trying it. Whole items, lures and references included, come from their family a second time
on a model that knows nothing but enumeration.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product
from typing import Final, assert_never

import numpy as np
from numpy.typing import NDArray

from causal_interface_gym.agents.reference.oracle import oracle
from causal_interface_gym.causal.adjustment.criterion import is_adjustment_set
from causal_interface_gym.causal.enumeration import Enumeration, enumerate_joint
from causal_interface_gym.causal.identification.verdict import Identified, identify
from causal_interface_gym.causal.mechanism import MAX_CELLS, Coupling
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import (
    ImpossibleEventError,
    PositivityViolation,
    QueryError,
    WidthError,
)
from causal_interface_gym.questions.claims import (
    Confounded,
    Determined,
    Direction,
    FromSelected,
    InPopulation,
    IntervalEnd,
)
from causal_interface_gym.questions.doing.answerable import is_determined
from causal_interface_gym.questions.doing.confounding import largest_gap
from causal_interface_gym.questions.doing.direction import true_direction
from causal_interface_gym.questions.doing.transport import transported_value
from causal_interface_gym.questions.intervals import end_of
from causal_interface_gym.questions.question import Asked, Family, Item, ValidAdjustment
from causal_interface_gym.questions.response_types import interval_by_types

__all__ = [
    "TOLERANCE",
    "EnumeratedModel",
    "by_name",
    "disagreements",
    "items_of",
    "key_errors",
    "truths",
]

TOLERANCE: Final = 1e-9
"""What two exact algorithms may differ by: rounding of float64."""

_LIMIT: Final = 500_000
"""Noise states that enumeration may visit; the largest classic needs 294,912."""
_COUPLINGS: Final[tuple[Coupling, ...]] = ("comonotone", "independent")

Floats = NDArray[np.float64]
Values = str | Iterable[str] | Mapping[str, object]


class EnumeratedModel(SCM):
    """The same model, whose every number comes from brute force and none from elimination.

    >>> from causal_interface_gym import scenarios
    >>> model = scenarios.get("kidney-stones-v1").model
    >>> slow = EnumeratedModel(model.states, model.mechanisms, model.latent)
    >>> query = "recovery=yes | do(treatment=A)"
    >>> abs(slow.p(query) - model.p(query)) < 1e-12
    True
    """

    @cached_property
    def noise(self) -> Enumeration:
        """The noise, spread out once; an undeclared coupling is taken as comonotone."""
        return Enumeration(self, undeclared="comonotone", limit=_LIMIT)

    def p(self, query: str | Query, *, limit: int = MAX_CELLS) -> float:
        """Sum the weights of the noise; its own limit holds, not that of tables."""
        return self.noise.probability(query)

    def table(
        self, names: Sequence[str], *, do: Values = (), given: Values = (), limit: int = MAX_CELLS
    ) -> Floats:
        """Multiply all tables, and sum out what is not named; under an action, ask cell by cell.

        Raises:
            ImpossibleEventError: The condition has probability 0.
        """
        asked = Query.of(outcome=names, do=do, given=given)
        if asked.do:
            return self._table_of_action(names, do, given)
        kept = [term.variable for term in asked.outcome]
        joint = enumerate_joint(self, limit=limit)
        for term in asked.given:
            held = np.arange(len(self.states[term.variable])) == self.state(
                term.variable, str(term.value)
            )
            shape = [-1 if v == term.variable else 1 for v in self.nodes]
            joint = joint * held.reshape(shape)
        total = float(joint.sum())
        if total <= 0:
            raise ImpossibleEventError(", ".join(map(str, asked.given)))
        gone = tuple(i for i, v in enumerate(self.nodes) if v not in kept)
        left = [v for v in self.nodes if v in kept]
        marginal: Floats = joint.sum(axis=gone).transpose([left.index(v) for v in kept])
        return marginal / total

    def _table_of_action(self, names: Sequence[str], do: Values, given: Values) -> Floats:
        cells = product(*(self.states[v] for v in names))
        asked = (
            Query.of(outcome=dict(zip(names, cell, strict=True)), do=do, given=given)
            for cell in cells
        )
        shape = [len(self.states[v]) for v in names]
        return np.reshape([self.noise.probability(query) for query in asked], shape)


def truths(model: SCM, asked: Asked) -> dict[str, float]:
    """Give the answer by each algorithm that finds one, by the algorithm's name.

    >>> from causal_interface_gym import scenarios
    >>> world = scenarios.get("smoking-tar-v1").world()
    >>> list(truths(world.model, world.items[0].asked))[-1]
    'identification'
    """
    match asked:
        case Query():
            return _probabilities(model, asked)
        case FromSelected():
            return _probabilities(model, asked.query)
        case InPopulation():
            formula = {"transport": transported_value(model, asked)}
            return _probabilities(model, asked.in_target) | formula
        case IntervalEnd():
            ends = interval_by_types(model, asked.query, asked.experiments)
            by_types = ends[asked.end == "upper"]
            return {"bounds": end_of(model, asked), "response types": by_types}
        case ValidAdjustment() | Confounded() | Direction() | Determined():
            tried = oracle(model, asked, rng=np.random.default_rng(0))
            return {"its criterion": _by_criterion(model, asked), "trying": tried}
        case _:
            assert_never(asked)


def disagreements(model: SCM, item: Item) -> Iterator[str]:
    """Say which algorithms do not find the stored truth, and which stored numbers are none."""
    for method, value in truths(model, item.asked).items():
        if not abs(value - item.truth) <= TOLERANCE:
            yield f"the stored truth is {item.truth!r}, {method} gives {value!r}"
    for name, value in {"truth": item.truth, **item.lure}.items():
        if not 0 <= value <= 1:
            yield f"{name} is no probability: {value!r}"


def items_of(model: SCM, families: Iterable[Family], *, enumerated: bool = False) -> list[Item]:
    """Compute the items of some questions, by elimination or by enumeration."""
    if enumerated:
        model = EnumeratedModel(model.states, model.mechanisms, model.latent)
    return [item for family in families for item in family.items(model)]


def key_errors(stored: Item, derived: Item, *, method: str) -> Iterator[str]:
    """Compare a stored key, lures and reference included, with one that was derived again."""
    if stored.lure.keys() != derived.lure.keys():
        yield f"the stored lures are {sorted(stored.lure)}, {method} names {sorted(derived.lure)}"
        return
    if (stored.family, stored.elicited) != (derived.family, derived.elicited):
        yield f"the stored question is of {stored.family}, {method} says {derived.family}"
    pairs: dict[str, tuple[object, object]] = {
        "truth": (stored.truth, derived.truth),
        "reference": (stored.reference, derived.reference),
        **{f"lure {name!r}": (value, derived.lure[name]) for name, value in stored.lure.items()},
    }
    for name, (old, new) in pairs.items():
        if not _same(old, new):
            yield f"the stored {name} is {old!r}, {method} gives {new!r}"


def by_name(items: Iterable[Item]) -> Mapping[tuple[str, str], Item]:
    """Index items by family and name, which stay when a world is renamed."""
    return {(item.family, item.name): item for item in items}


def _same(old: object, new: object) -> bool:
    if isinstance(old, float) and isinstance(new, float):
        return abs(old - new) <= TOLERANCE
    return old == new


def _probabilities(model: SCM, query: Query) -> dict[str, float]:
    return {
        "elimination": model.p(query),
        **_enumerated(model, query),
        **_identified(model, query),
    }


def _enumerated(model: SCM, query: Query) -> dict[str, float]:
    """Enumerate under each coupling; one whose noise is too wide is left out, if another is not.

    Raises:
        WidthError: No enumeration stays below the limit.
    """
    found: dict[str, float] = {}
    for coupling in _COUPLINGS:
        enumeration = Enumeration(model, undeclared=coupling, limit=_LIMIT)
        try:
            found[f"enumeration ({coupling} where undeclared)"] = enumeration.probability(query)
        except WidthError:
            if not found:
                raise
    return found


def _identified(model: SCM, query: Query) -> dict[str, float]:
    """Evaluate the formula over what is observed, where the graph has one and strata exist."""
    if query.is_counterfactual:
        return {}
    slow = EnumeratedModel(model.states, model.mechanisms, model.latent)
    try:
        verdict = identify(model.graph, query)
        if isinstance(verdict, Identified):
            value = verdict.estimand.evaluate(slow)
            return {"identification": value} if isinstance(value, float) else {}
    except (QueryError, PositivityViolation):  # hidden or empty: no formula here
        return {}
    return {}


def _by_criterion(
    model: SCM, claim: ValidAdjustment | Confounded | Direction | Determined
) -> float:
    match claim:
        case ValidAdjustment():
            verdict = is_adjustment_set(
                model.graph, claim.adjust, treatment=claim.treatment, outcome=claim.outcome
            )
            return float(bool(verdict))
        case Confounded():
            return float(largest_gap(model, claim) > claim.threshold)
        case Direction():
            found = true_direction(model, first=claim.first, second=claim.second)
            return float(claim.alternative == found)
        case Determined():
            return float(is_determined(model, claim.query))
        case _:
            assert_never(claim)
