"""Covariate adjustment, front doors, instruments and implied independencies.

| question | file | source |
|---|---|---|
| may this set be adjusted for? | ``criterion`` | [perkovic2018], [pearl2009] |
| one minimal set, all minimal sets | ``sets`` over ``separators`` | [vanderzander2019] |
| the set of smallest variance | ``optimal`` | [henckel2022] |
| front doors | ``frontdoor`` | [jeong2022] |
| instruments | ``instrumental`` | [vanderzander2015] |
| what can data refute? | ``implications`` | [textor2016] |
| why do the usual sets fail? | ``report`` | |

Every answer that is "no" carries its reason as a value: a forbidden node, an open path.
"""

from causal_interface_gym.causal.adjustment.criterion import (
    AdjustmentCheck,
    DescendantOfTreatment,
    ForbiddenNode,
    OpenBackdoor,
    is_adjustment_set,
    is_backdoor_set,
)
from causal_interface_gym.causal.adjustment.frontdoor import (
    FrontdoorCheck,
    MissedCausalPath,
    OutcomeBackdoor,
    TreatmentBackdoor,
    frontdoor_sets,
    is_frontdoor_set,
)
from causal_interface_gym.causal.adjustment.implications import (
    Independence,
    implied_independencies,
)
from causal_interface_gym.causal.adjustment.instrumental import (
    Instrument,
    InstrumentCheck,
    instruments,
    is_instrument,
)
from causal_interface_gym.causal.adjustment.optimal import (
    HiddenCause,
    NoCausalPath,
    optimal_adjustment_set,
)
from causal_interface_gym.causal.adjustment.report import (
    AdjustmentReport,
    Candidate,
    adjustment_report,
)
from causal_interface_gym.causal.adjustment.sets import (
    NoAdjustmentSet,
    adjustment_sets,
    minimal_adjustment_set,
)

__all__ = [
    "AdjustmentCheck",
    "AdjustmentReport",
    "Candidate",
    "DescendantOfTreatment",
    "ForbiddenNode",
    "FrontdoorCheck",
    "HiddenCause",
    "Independence",
    "Instrument",
    "InstrumentCheck",
    "MissedCausalPath",
    "NoAdjustmentSet",
    "NoCausalPath",
    "OpenBackdoor",
    "OutcomeBackdoor",
    "TreatmentBackdoor",
    "adjustment_report",
    "adjustment_sets",
    "frontdoor_sets",
    "implied_independencies",
    "instruments",
    "is_adjustment_set",
    "is_backdoor_set",
    "is_frontdoor_set",
    "is_instrument",
    "minimal_adjustment_set",
    "optimal_adjustment_set",
]
