"""The burglar alarm: a burglary, an earthquake, an alarm and two neighbours who call.

Source: [pearl1988], [russell2010].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.intervention import Intervention
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.questions.seeing.diagnosis import Diagnosis
from causal_interface_gym.questions.seeing.explaining_away import ExplainingAway
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("burglary", "a burglar in the house", {"no": "none", "yes": "there is one"}),
    variable("earthquake", "an earthquake", {"no": "none", "yes": "a small one"}),
    variable("alarm", "the alarm of the house", {"no": "silent", "yes": "it rings"}),
    variable("john", "the neighbour John", {"no": "does not call", "yes": "calls"}),
    variable("mary", "the neighbour Mary", {"no": "does not call", "yes": "calls"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={"alarm": ("burglary", "earthquake"), "john": ("alarm",), "mary": ("alarm",)},
    tables={
        "burglary": [0.999, 0.001],
        "earthquake": [0.998, 0.002],
        "alarm": [[[0.999, 0.001], [0.71, 0.29]], [[0.06, 0.94], [0.05, 0.95]]],
        "john": [[0.95, 0.05], [0.10, 0.90]],
        "mary": [[0.99, 0.01], [0.30, 0.70]],
    },
)

SCENARIO = Scenario(
    id="burglar-alarm-v1",
    title="The alarm and the neighbours",
    story=(
        "An alarm rings for burglars and, sometimes, for earthquakes. Two neighbours promised to "
        "call when they hear it; John also calls by mistake. When one calls the other is more "
        "likely to call too, but asking John to call does not make the alarm ring."
    ),
    structure="network",
    treatment="john",
    outcome="mary",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("john", "mary=yes", levels=("no", "yes")),
        Diagnosis("burglary=yes", "john=yes"),
        Diagnosis("alarm=yes", "mary=yes"),
        ExplainingAway("burglary=yes", "alarm=yes", "earthquake=yes"),
        Intervention("john", "mary=yes", levels=("no", "yes"), wrong_sets=(("burglary",),)),
        Adjustment("john", "mary", candidates=((), ("alarm",), ("burglary",))),
    ),
    citations=(
        Citation(
            "pearl1988",
            "Pearl J. Probabilistic Reasoning in Intelligent Systems: Networks of Plausible "
            "Inference. San Mateo: Morgan Kaufmann; 1988.",
        ),
        Citation(
            "russell2010",
            "Russell S, Norvig P. Artificial Intelligence: A Modern Approach. 3rd edition. Upper "
            "Saddle River: Prentice Hall; 2010. Figure 14.2.",
        ),
    ),
    published=(
        "The story (first source) and all five tables (second source, invented by its authors for "
        "teaching): burglary 0.001; earthquake 0.002; alarm 0.001, 0.29, 0.94, 0.95; John 0.05, "
        "0.90; Mary 0.01, 0.70."
    ),
)
