"""Cholestyramine: a trial in which many who were assigned the drug did not take it.

Source: [efron1991], [balke1997].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.intervention import Intervention
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_COMPLIERS = 0.139 + 0.473
"""Share that takes the drug when assigned; no one takes it when not assigned."""
_NEVER_IMPROVED = 0.073 / (0.315 + 0.073)
_COMPLIERS_UNTREATED = (0.081 - 0.073) / _COMPLIERS
_COMPLIERS_TREATED = 0.473 / _COMPLIERS
_NEVER_TREATED = 0.5
"""Illustrative: no data can tell what the drug would do for those who never take it."""

_VARIABLES = (
    variable(
        "adherence",
        "what kind of patient this is, seen by no one",
        {"never": "never takes the drug", "complier": "takes it when assigned"},
    ),
    variable("assigned", "the arm of the trial", {"placebo": "placebo", "drug": "drug"}),
    variable("taken", "whether the drug was taken", {"no": "little or none", "yes": "enough"}),
    variable("response", "the fall of cholesterol", {"no": "small", "yes": "large"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={"taken": ("adherence", "assigned"), "response": ("adherence", "taken")},
    tables={
        "adherence": [1 - _COMPLIERS, _COMPLIERS],
        "assigned": [0.5, 0.5],
        "taken": [[[1, 0], [1, 0]], [[1, 0], [0, 1]]],
        "response": [
            [[1 - _NEVER_IMPROVED, _NEVER_IMPROVED], [1 - _NEVER_TREATED, _NEVER_TREATED]],
            [
                [1 - _COMPLIERS_UNTREATED, _COMPLIERS_UNTREATED],
                [1 - _COMPLIERS_TREATED, _COMPLIERS_TREATED],
            ],
        ],
    },
    latent={"adherence"},
)

SCENARIO = Scenario(
    id="cholestyramine-v1",
    title="A drug that many did not take",
    story=(
        "Men with high cholesterol were assigned a drug or a placebo by lot. Of those assigned the "
        "drug 61 % took enough of it, and they may differ from the rest. The lot is an "
        "instrument: it moves the drug and nothing else."
    ),
    structure="instrument",
    treatment="taken",
    outcome="response",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("taken", "response=yes", levels=("no", "yes")),
        Intervention("taken", "response=yes", levels=("no", "yes"), wrong_sets=(("assigned",),)),
        Adjustment("taken", "response", candidates=((), ("assigned",))),
    ),
    citations=(
        Citation(
            "efron1991",
            "Efron B, Feldman D. Compliance as an explanatory variable in clinical trials. Journal "
            "of the American Statistical Association 1991;86:9-17.",
        ),
        Citation(
            "balke1997",
            "Balke A, Pearl J. Bounds on treatment effects from studies with imperfect compliance. "
            "Journal of the American Statistical Association 1997;92:1171-1176.",
        ),
    ),
    published=(
        "P(taken, response | assigned), with both made binary as in the second source: 0.919, "
        "0.081 under placebo; 0.315, 0.073, 0.139, 0.473 under the drug. They bound the average "
        "effect between 0.392 and 0.780."
    ),
    illustrative=(
        "The response of those who never take the drug, had they taken it (0.5): it is not "
        "determined by the data, and with it neither is the effect inside its bounds. Also that "
        "half of the men are in each arm."
    ),
)
