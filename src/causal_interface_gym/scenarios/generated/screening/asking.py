"""Which questions of a family are asked of a blueprint."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.answerable import Answerable
from causal_interface_gym.questions.doing.confounding import Confounding
from causal_interface_gym.questions.doing.direction import Direction
from causal_interface_gym.questions.doing.frontdoor import FrontDoor
from causal_interface_gym.questions.doing.instrument import Instrument
from causal_interface_gym.questions.doing.intervention import Intervention
from causal_interface_gym.questions.doing.selection import Selection
from causal_interface_gym.questions.doing.simpson import Simpson
from causal_interface_gym.questions.doing.transport import Transport
from causal_interface_gym.questions.imagining.counterfactual import Counterfactual
from causal_interface_gym.questions.imagining.mediation import Mediation
from causal_interface_gym.questions.question import Family
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.questions.seeing.diagnosis import Diagnosis
from causal_interface_gym.questions.seeing.explaining_away import ExplainingAway
from causal_interface_gym.scenarios.generated.structure.blueprint import POPULATIONS, Blueprint
from causal_interface_gym.scenarios.generated.structure.difficulty import Difficulty

__all__ = ["LEVELS_OF_X", "OUTCOME", "questions_of"]

OUTCOME: Final = "Y=yes"
LEVELS_OF_X: Final = ("no", "yes")
_MANY_SETS: Final = 4

Asking = Callable[[Blueprint, Difficulty, np.random.Generator], tuple[Family, ...]]


def questions_of(
    family: str, blueprint: Blueprint, wanted: Difficulty, *, rng: np.random.Generator
) -> tuple[Family, ...]:
    """Choose the questions of a family; ``rng`` picks one of several forms where there are."""
    return _ASKING[family](blueprint, wanted, rng)


def _association(*_: object) -> tuple[Family, ...]:
    return (Association("X", OUTCOME, LEVELS_OF_X),)


def _diagnosis(*_: object) -> tuple[Family, ...]:
    return (Diagnosis("X=yes", OUTCOME),)


def _explaining_away(*_: object) -> tuple[Family, ...]:
    return (ExplainingAway("X=yes", OUTCOME, "E=yes"),)


def _intervention(
    blueprint: Blueprint, wanted: Difficulty, _: np.random.Generator
) -> tuple[Family, ...]:
    return (Intervention("X", OUTCOME, LEVELS_OF_X, _wrong_sets(blueprint)[: wanted.n_lures]),)


def _wrong_sets(blueprint: Blueprint) -> tuple[tuple[str, ...], ...]:
    """Name sets that must not be adjusted for.

    A mediator, a common effect, then all variables at once. Other traps (the collider of two hidden
    causes, an instrument) seldom give a number far enough from truth and association, and have
    their place among the claims.
    """
    after = blueprint.descendants("X")
    traps = tuple((v,) for v in ("M", "C") if v in blueprint.others() and v in after)
    everything = tuple(sorted(blueprint.others()))
    return tuple(dict.fromkeys((*traps, everything))) if traps else ()


def _front_door(*_: object) -> tuple[Family, ...]:
    return (FrontDoor("X", OUTCOME, LEVELS_OF_X, ("M",)),)


def _selection(*_: object) -> tuple[Family, ...]:
    return (Selection("X", OUTCOME, LEVELS_OF_X, "S=yes"),)


def _simpson(blueprint: Blueprint, *_: object) -> tuple[Family, ...]:
    is_pooled = "Z" in blueprint.descendants("X")
    return (Simpson("X", OUTCOME, LEVELS_OF_X, split_by="Z", pooled=is_pooled),)


def _transport(*_: object) -> tuple[Family, ...]:
    return (Transport("X", OUTCOME, LEVELS_OF_X, "P", *POPULATIONS),)


def _instrument(_: Blueprint, __: Difficulty, rng: np.random.Generator) -> tuple[Family, ...]:
    """Ask about one level: hardly any world keeps all four ends away from both lures."""
    level = LEVELS_OF_X[int(rng.integers(2))]
    return (Instrument("X", OUTCOME, (level,), "I"),)


def _adjustment(
    blueprint: Blueprint, _: Difficulty, rng: np.random.Generator
) -> tuple[Family, ...]:
    others = blueprint.others()
    single = [(v,) for v in others]
    chosen = [single[i] for i in rng.permutation(len(single))][: _MANY_SETS - 2]
    sets = dict.fromkeys([(), *chosen, tuple(sorted(others))])
    return (Adjustment("X", "Y", tuple(sets)),)


def _confounding(*_: object) -> tuple[Family, ...]:
    return (Confounding("X", OUTCOME),)


def _direction(*_: object) -> tuple[Family, ...]:
    return (Direction("X", "Y"),)


def _answerable(*_: object) -> tuple[Family, ...]:
    return (Answerable(("Y=yes | do(X=yes)",)),)


def _mediation(*_: object) -> tuple[Family, ...]:
    return (Mediation("X", OUTCOME, LEVELS_OF_X, (("M", "yes"),)),)


def _counterfactual(
    blueprint: Blueprint, _: Difficulty, rng: np.random.Generator
) -> tuple[Family, ...]:
    """Ask about the treated and the untreated, or necessity and sufficiency."""
    treated = ("Y[X=no]=yes | X=yes", "Y[X=yes]=yes | X=no")
    causes = ("Y[X=no]=yes | X=yes, Y=yes", "Y[X=yes]=yes | X=no, Y=no")
    asked = treated if blueprint.is_control or rng.integers(2) else causes
    return tuple(Counterfactual(text) for text in asked)


_ASKING: Final[Mapping[str, Asking]] = MappingProxyType(
    {
        "association": _association,
        "diagnosis": _diagnosis,
        "explaining-away": _explaining_away,
        "intervention": _intervention,
        "front-door": _front_door,
        "selection": _selection,
        "simpson": _simpson,
        "transport": _transport,
        "instrument": _instrument,
        "adjustment": _adjustment,
        "confounding": _confounding,
        "direction": _direction,
        "answerable": _answerable,
        "mediation": _mediation,
        "counterfactual": _counterfactual,
    }
)
