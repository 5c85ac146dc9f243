"""Answers shared by worlds that differ in names only.

The worlds of a scenario's seeds are one model under many names. A rule works on that model without
the names, once a question; the answer, and what is compiled on the way, serve every seed. What is
kept is bounded, so a run of any length holds a few models only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Final, Protocol

import numpy as np

from causal_interface_gym.causal.mechanism import Deterministic, Mechanism, NoisyOr, Table
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query
from causal_interface_gym.errors import CausalGymError
from causal_interface_gym.questions.claims import (
    Determined,
    FromSelected,
    InPopulation,
    IntervalEnd,
)
from causal_interface_gym.questions.question import Asked
from causal_interface_gym.scenarios.names import Naming, rename_asked, rename_model

__all__ = ["Rule", "answers"]

_MOST_MODELS: Final = 64
"""How many models without names are kept."""
_KINDS: Final = (Table, Deterministic, NoisyOr)
_MOST_NAMES: Final = 32
"""How many named models are kept with their way to the nameless one."""


class Rule(Protocol):
    """How a privileged agent answers: from the model and the question to a probability.

    Names carry no meaning for it, so equal models under other names have equal answers.
    """

    def __call__(self, model: SCM, asked: Asked, *, rng: np.random.Generator) -> float:
        """Answer; ``rng`` serves trials whose outcome does not hang on it."""
        ...


def answers(rule: Rule, model: SCM, questions: Iterable[Asked], *, seed: int) -> list[float]:
    """Answer questions by a rule, each once for all models that are equal but for names.

    A question whose meaning may hang on the order of names is answered under its own names, and so
    is one that the rule refuses, so that the refusal names what it is about. A model with a kind of
    mechanism that is not ours is left as it is.
    """
    rng = np.random.default_rng(seed)
    if not all(type(m) in _KINDS for m in model.mechanisms.values()):
        return [rule(model, asked, rng=rng) for asked in questions]
    bare = _bare_of(model)
    return [_answer(rule, model, asked, bare, rng) for asked in questions]


@dataclass(frozen=True, slots=True)
class _Structure:
    """What a model is without names; ``model`` is one that has this structure."""

    parts: tuple[object, ...]
    model: SCM = field(compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class _Bare:
    """A model without names, and the answers found in it; ``naming`` leads there."""

    model: SCM
    naming: Naming
    found: dict[tuple[Rule, Asked], float]
    questions: dict[Asked, Asked]


@dataclass(frozen=True, slots=True, eq=False)
class _Answered:
    """A model without names, and the answers found in it, by rule and question."""

    model: SCM
    found: dict[tuple[Rule, Asked], float]


def _answer(rule: Rule, model: SCM, asked: Asked, bare: _Bare, rng: np.random.Generator) -> float:
    question = bare.questions.get(asked)
    if question is None:
        if not _keeps_order(asked, bare.naming):
            return rule(model, asked, rng=rng)
        question = bare.questions[asked] = rename_asked(asked, bare.naming)
    key = (rule, question)
    if key not in bare.found:
        try:
            bare.found[key] = rule(bare.model, question, rng=np.random.default_rng(0))
        except CausalGymError:
            return rule(model, asked, rng=rng)
    return bare.found[key]


@lru_cache(maxsize=_MOST_NAMES)
def _bare_of(model: SCM) -> _Bare:
    naming = _numbers(model)
    shared = _answered(_structure(model))
    return _Bare(shared.model, naming, shared.found, {})


@lru_cache(maxsize=_MOST_MODELS)
def _answered(structure: _Structure) -> _Answered:
    model = structure.model
    return _Answered(rename_model(model, _numbers(model)), {})


def _numbers(model: SCM) -> Naming:
    """Name variables and states by their places."""
    width = len(str(len(model.states)))
    return Naming(
        {name: f"v{place:0{width}}" for place, name in enumerate(model.states)},
        {name: {s: str(i) for i, s in enumerate(own)} for name, own in model.states.items()},
    )


def _structure(model: SCM) -> _Structure:
    place = {name: i for i, name in enumerate(model.states)}
    parts = (
        tuple(len(own) for own in model.states.values()),
        frozenset(place[name] for name in model.latent),
        tuple(
            (place[name], tuple(place[p] for p in m.parents), m.cpt.tobytes(), *_content(m))
            for name, m in model.mechanisms.items()
        ),
    )
    return _Structure(parts, model)


def _content(mechanism: Mechanism) -> tuple[object, ...]:
    """Give what a mechanism of ours has besides parents and table."""
    match mechanism:
        case Table(coupling=coupling):
            return type(mechanism), coupling
        case NoisyOr(strengths=strengths, leak=leak):
            return type(mechanism), tuple(strengths), leak
        case _:
            return (type(mechanism),)


def _keeps_order(asked: Asked, naming: Naming) -> bool:
    """Say whether settings, which are sorted by name, stay in order without their names."""
    match asked:
        case Query():
            settings = (asked.do, *(term.do for term in asked.walk()))
        case FromSelected():
            settings = (asked.query.do, *(t.do for t in asked.query.walk()), asked.selected)
        case Determined() | InPopulation() | IntervalEnd():
            return _keeps_order(asked.query, naming)
        case _:
            return True
    return all(_is_sorted([naming.name(name) for name, _ in own]) for own in settings)


def _is_sorted(names: Sequence[str]) -> bool:
    return all(a < b for a, b in pairwise(names))
