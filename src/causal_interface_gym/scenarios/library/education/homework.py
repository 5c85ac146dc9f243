"""Homework: does encouragement help by itself, or through the homework it leads to?

Source: [pearl2016, section 4.5.2], [pearl2001].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.intervention import Intervention
from causal_interface_gym.questions.imagining.mediation import Mediation
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("training", "an encouragement programme", {"no": "not in it", "yes": "in it"}),
    variable("homework", "whether homework is done", {"no": "seldom", "yes": "regularly"}),
    variable("success", "the final examination", {"no": "failed", "yes": "passed"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={"homework": ("training",), "success": ("training", "homework")},
    tables={
        "training": [0.5, 0.5],
        "homework": [[0.60, 0.40], [0.25, 0.75]],
        "success": [[[0.80, 0.20], [0.70, 0.30]], [[0.60, 0.40], [0.20, 0.80]]],
    },
)

SCENARIO = Scenario(
    id="homework-v1",
    title="Encouragement, homework and success",
    story=(
        "Pupils were put into an encouragement programme by lot. It makes homework more common, "
        "and it helps in other ways too, most of all those who do their homework. How much of its "
        "success would remain if it did not change homework at all?"
    ),
    structure="mediator",
    treatment="training",
    outcome="success",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("training", "success=yes", levels=("no", "yes")),
        Intervention("training", "success=yes", levels=("no", "yes"), wrong_sets=(("homework",),)),
        Mediation("training", "success=yes", levels=("no", "yes"), fixed=(("homework", "yes"),)),
        Adjustment("training", "success", candidates=((), ("homework",))),
    ),
    citations=(
        Citation(
            "pearl2016",
            "Pearl J, Glymour M, Jewell NP. Causal Inference in Statistics: A Primer. Chichester: "
            "Wiley; 2016.",
        ),
        Citation(
            "pearl2001",
            "Pearl J. Direct and indirect effects. Proceedings of the Seventeenth Conference on "
            "Uncertainty in Artificial Intelligence; 2001:411-420.",
        ),
    ),
    published=(
        "P(success | training, homework) 0.2, 0.3, 0.4, 0.8 and P(homework | training) 0.4, 0.75 "
        "(hypothetical, by their authors): total effect 0.46, natural direct effect 0.32, natural "
        "indirect effect 0.035."
    ),
    illustrative="That half of the pupils are in the programme.",
)
