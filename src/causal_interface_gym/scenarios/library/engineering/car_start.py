"""The car that will not start: find the cause, then say what a repair would do.

Source: [heckerman1995b].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.intervention import Intervention
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.questions.seeing.diagnosis import Diagnosis
from causal_interface_gym.questions.seeing.explaining_away import ExplainingAway
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("age", "the age of the car", {"new": "a few years", "old": "over ten years"}),
    variable("battery", "the battery", {"good": "holds its charge", "weak": "nearly flat"}),
    variable("plugs", "the spark plugs", {"clean": "clean", "worn": "worn"}),
    variable("fuel", "the tank", {"some": "not empty", "empty": "empty"}),
    variable("lights", "the headlights", {"bright": "bright", "dim": "dim"}),
    variable("starts", "turning the key", {"no": "it does not start", "yes": "it starts"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={
        "battery": ("age",),
        "plugs": ("age",),
        "lights": ("battery",),
        "starts": ("battery", "plugs", "fuel"),
    },
    tables={
        "age": [0.5, 0.5],
        "battery": [[0.95, 0.05], [0.25, 0.75]],
        "plugs": [[0.97, 0.03], [0.15, 0.85]],
        "fuel": [0.9, 0.1],
        "lights": [[0.97, 0.03], [0.15, 0.85]],
        "starts": [
            [[[0.02, 0.98], [0.99, 0.01]], [[0.60, 0.40], [0.99, 0.01]]],
            [[[0.70, 0.30], [0.99, 0.01]], [[0.97, 0.03], [0.99, 0.01]]],
        ],
    },
)

SCENARIO = Scenario(
    id="car-start-v1",
    title="A car that will not start",
    story=(
        "An old car is likely to have a weak battery and worn spark plugs, and either may keep it "
        "from starting; so does an empty tank. Cars with a good battery start well, but charging "
        "the battery of an old car does nothing for its plugs."
    ),
    structure="network",
    treatment="battery",
    outcome="starts",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("battery", "starts=yes", levels=("good", "weak")),
        Diagnosis("battery=weak", "starts=no"),
        ExplainingAway("battery=weak", "starts=no", "fuel=empty"),
        Intervention("battery", "starts=yes", levels=("good", "weak"), wrong_sets=(("lights",),)),
        Adjustment(
            "battery", "starts", candidates=((), ("age",), ("plugs",), ("lights",), ("fuel",))
        ),
    ),
    citations=(
        Citation(
            "heckerman1995b",
            "Heckerman D, Breese JS, Rommelse K. Decision-theoretic troubleshooting. "
            "Communications of the ACM 1995;38(3):49-57.",
        ),
    ),
    published="A network of a car's parts, its symptoms and repairs as actions; no number.",
    illustrative="Every number, the choice of parts, and the age that wears two of them.",
)
