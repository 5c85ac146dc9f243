"""Simpson's reversal: good for men, good for women, bad for people.

Source: [lindley1981], [simpson1951].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.simpson import Simpson
from causal_interface_gym.questions.imagining.counterfactual import Counterfactual
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("sex", "the patient's sex", {"male": "a man", "female": "a woman"}),
    variable("treatment", "the drug", {"no": "not given", "yes": "given"}),
    variable("recovery", "the outcome", {"no": "not recovered", "yes": "recovered"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={"treatment": ("sex",), "recovery": ("sex", "treatment")},
    tables={
        "sex": [40 / 80, 40 / 80],
        "treatment": [[10 / 40, 30 / 40], [30 / 40, 10 / 40]],
        "recovery": [
            [[3 / 10, 7 / 10], [12 / 30, 18 / 30]],
            [[21 / 30, 9 / 30], [8 / 10, 2 / 10]],
        ],
    },
)

SCENARIO = Scenario(
    id="simpson-reversal-v1",
    title="A drug that helps people but neither men nor women",
    story=(
        "Among eighty patients more of the treated recovered. Yet among the men fewer of the "
        "treated did, and among the women too: doctors gave the drug mostly to men, who recover "
        "more often anyway."
    ),
    structure="simpson",
    treatment="treatment",
    outcome="recovery",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("treatment", "recovery=yes", levels=("no", "yes")),
        Simpson("treatment", "recovery=yes", levels=("no", "yes"), split_by="sex", pooled=False),
        Counterfactual("recovery[treatment=no]=yes | treatment=yes"),
        Adjustment("treatment", "recovery", candidates=((), ("sex",))),
    ),
    citations=(
        Citation(
            "lindley1981",
            "Lindley DV, Novick MR. The role of exchangeability in inference. Annals of Statistics "
            "1981;9:45-58.",
        ),
        Citation(
            "simpson1951",
            "Simpson EH. The interpretation of interaction in contingency tables. Journal of the "
            "Royal Statistical Society, Series B 1951;13:238-241.",
        ),
    ),
    published=(
        "All counts (hypothetical, by their authors): recovered of treated 18/30 men and 2/10 "
        "women; of untreated 7/10 men and 9/30 women."
    ),
)
