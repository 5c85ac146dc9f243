"""Every family by its name, in the order of Pearl's ladder."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

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

__all__ = ["FAMILIES", "HEADLINE"]

FAMILIES: Final[Mapping[str, type[Family]]] = MappingProxyType(
    {
        family.name: family
        for family in (
            Association,
            Diagnosis,
            ExplainingAway,
            Intervention,
            FrontDoor,
            Selection,
            Simpson,
            Transport,
            Instrument,
            Adjustment,
            Confounding,
            Direction,
            Answerable,
            Mediation,
            Counterfactual,
        )
    }
)

HEADLINE: Final = tuple(name for name, family in FAMILIES.items() if family.is_headline)
"""The families whose unweighted mean is the headline Causal Score."""
