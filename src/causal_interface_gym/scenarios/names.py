"""Other names for the same world: the model and its questions, relabelled.

A name tells what it means, so a participant may answer from memory instead of from the world.
Fresh nonsense names take that away and change nothing else: every probability stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Final, cast

import numpy as np

from causal_interface_gym.causal.mechanism import Mechanism
from causal_interface_gym.causal.model import SCM
from causal_interface_gym.causal.query import Query, Setting, Settings, Stochastic, Term
from causal_interface_gym.questions.claims import (
    Confounded,
    Determined,
    Direction,
    FromSelected,
    InPopulation,
    IntervalEnd,
)
from causal_interface_gym.questions.question import Asked, Claim, ValidAdjustment

__all__ = ["Naming", "nonsense", "rename_asked", "rename_model"]

_ONSETS: Final = ("bl", "dw", "fn", "gn", "kv", "pl", "sk", "vr", "zw", "zr")
_CODAS: Final = ("ff", "k", "lm", "mp", "nz", "rb", "v", "x", "zt")
_WORDS: Final = tuple("".join(parts) for parts in product(_ONSETS, "aeiou", _CODAS))
_SILENT: Final = frozenset({"no", "yes"})
"""Labels that tell nothing of the story and may stay."""


@dataclass(frozen=True, slots=True)
class Naming:
    """New names of variables, and of the states of each (by the old names); absent ones stay."""

    variables: Mapping[str, str]
    states: Mapping[str, Mapping[str, str]]

    def name(self, variable: str) -> str:
        """Give the new name of a variable."""
        return self.variables.get(variable, variable)

    def label(self, variable: str, label: str) -> str:
        """Give the new label of a state."""
        return self.states.get(variable, {}).get(label, label)


def nonsense(states: Mapping[str, tuple[str, ...]], *, rng: np.random.Generator) -> Naming:
    """Draw fresh words for every variable, and for every label except no and yes."""
    drawn = iter([_WORDS[i] for i in rng.permutation(len(_WORDS))])
    return Naming(
        {name: next(drawn) for name in states},
        {
            name: {label: label if label in _SILENT else next(drawn) for label in own}
            for name, own in states.items()
        },
    )


def rename_model(model: SCM, naming: Naming) -> SCM:
    """Give the same model under other names."""
    return SCM(
        {
            naming.name(v): [naming.label(v, label) for label in own]
            for v, own in model.states.items()
        },
        {naming.name(v): _renamed(m, naming) for v, m in model.mechanisms.items()},
        [naming.name(v) for v in model.latent],
    )


def rename_asked(asked: Asked, naming: Naming) -> Asked:
    """Give the same question under other names."""
    match asked:
        case Query():
            return _query(asked, naming)
        case FromSelected():
            selected = [(naming.name(v), naming.label(v, label)) for v, label in asked.selected]
            return FromSelected(_query(asked.query, naming), tuple(sorted(selected)))
        case InPopulation():
            where = asked.population
            return InPopulation(
                _query(asked.query, naming),
                naming.name(where),
                naming.label(where, asked.source),
                naming.label(where, asked.target),
            )
        case IntervalEnd():
            tried = tuple(sorted(map(naming.name, asked.experiments)))
            return IntervalEnd(_query(asked.query, naming), asked.end, tried)
        case _:
            return _claim(asked, naming)


def _claim(claim: Claim, naming: Naming) -> Claim:
    match claim:
        case Determined():
            return Determined(_query(claim.query, naming))
        case Confounded():
            return replace(
                claim,
                treatment=naming.name(claim.treatment),
                outcome=naming.name(claim.outcome),
                state=naming.label(claim.outcome, claim.state),
            )
        case Direction():
            return replace(claim, first=naming.name(claim.first), second=naming.name(claim.second))
        case ValidAdjustment():
            return ValidAdjustment(
                naming.name(claim.treatment),
                naming.name(claim.outcome),
                tuple(sorted(naming.name(v) for v in claim.adjust)),
            )


def _query(query: Query, naming: Naming) -> Query:
    return Query(
        tuple(_term(t, naming) for t in query.outcome),
        tuple(_term(t, naming) for t in query.given),
        _settings(query.do, naming),
    )


def _renamed(mechanism: Mechanism, naming: Naming) -> Mechanism:
    # Any: each kind of mechanism is a dataclass, which the protocol cannot say.
    made = replace(cast("Any", mechanism), parents=tuple(map(naming.name, mechanism.parents)))
    return cast("Mechanism", made)


def _term(term: Term, naming: Naming) -> Term:
    value = None if term.value is None else naming.label(term.variable, term.value)
    return Term(naming.name(term.variable), value, _settings(term.do, naming))


def _settings(settings: Settings, naming: Naming) -> Settings:
    renamed = [(naming.name(name), _setting(name, setting, naming)) for name, setting in settings]
    return tuple(sorted(renamed, key=lambda pair: pair[0]))


def _setting(variable: str, setting: Setting, naming: Naming) -> Setting:
    match setting:
        case None:
            return None
        case str():
            return naming.label(variable, setting)
        case Term():
            return _term(setting, naming)
        case Stochastic():
            return Stochastic(
                tuple((naming.label(variable, k), p) for k, p in setting.probabilities)
            )
