"""The thermostat: heating and warmth are hardly related, because the heating does its work.

Source: [friedman2003].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.confounding import Confounding
from causal_interface_gym.questions.doing.intervention import Intervention
from causal_interface_gym.questions.imagining.counterfactual import Counterfactual
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("outside", "the day outside", {"mild": "mild", "cold": "cold"}),
    variable("heating", "what the boiler burns", {"low": "little", "high": "much"}),
    variable("room", "the room in the evening", {"cool": "under 19 C", "warm": "19 C or more"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={"heating": ("outside",), "room": ("outside", "heating")},
    tables={
        "outside": [0.5, 0.5],
        "heating": [[0.92, 0.08], [0.06, 0.94]],
        "room": [[[0.25, 0.75], [0.02, 0.98]], [[0.96, 0.04], [0.32, 0.68]]],
    },
    coupling={"room": "comonotone"},
)

SCENARIO = Scenario(
    id="thermostat-v1",
    title="Does the boiler do anything?",
    story=(
        "A boiler burns more on cold days, just enough to keep the room as warm as on mild ones. "
        "Whoever compares days of little and of much fuel sees the same room and could conclude "
        "that fuel is wasted. Colder weather never makes a room warmer, nor does less fuel."
    ),
    structure="confounder",
    treatment="heating",
    outcome="room",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("heating", "room=warm", levels=("low", "high")),
        Intervention("heating", "room=warm", levels=("low", "high")),
        Counterfactual("room[heating=low]=warm | heating=high, room=warm"),
        Confounding("heating", "room=warm"),
        Adjustment("heating", "room", candidates=((), ("outside",))),
    ),
    citations=(
        Citation(
            "friedman2003",
            "Friedman M. The Fed's thermostat. Wall Street Journal, 19 August 2003.",
        ),
    ),
    published=(
        "The thought: a good thermostat leaves fuel and room temperature unrelated, although one "
        "causes the other; no number."
    ),
    illustrative=(
        "Every number, and the coupling of the room (comonotone: in the same weather, a room warm "
        "on little fuel would be warm on much)."
    ),
)
