"""Kidney stones: the counts of 1986 in which the better treatment looks worse.

Source: [charig1986], [julious1994].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.simpson import Simpson
from causal_interface_gym.questions.imagining.counterfactual import Counterfactual
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable(
        "stone",
        "size of the kidney stone",
        {"small": "less than 2 cm across", "large": "2 cm across or more"},
    ),
    variable(
        "treatment",
        "how the stone was removed",
        {"A": "open surgery", "B": "percutaneous nephrolithotomy, through a small puncture"},
    ),
    variable(
        "recovery",
        "whether the treatment succeeded",
        {"no": "stone not cleared", "yes": "stone cleared"},
    ),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={"treatment": ("stone",), "recovery": ("stone", "treatment")},
    tables={
        "stone": [357 / 700, 343 / 700],
        "treatment": [[87 / 357, 270 / 357], [263 / 343, 80 / 343]],
        "recovery": [
            [[6 / 87, 81 / 87], [36 / 270, 234 / 270]],
            [[71 / 263, 192 / 263], [25 / 80, 55 / 80]],
        ],
    },
    coupling={"recovery": "comonotone"},
)

SCENARIO = Scenario(
    id="kidney-stones-v1",
    title="Two ways to remove a kidney stone",
    story=(
        "A hospital compared open surgery (A) with a puncture technique (B) on 350 patients each. "
        "Overall B succeeded more often, yet A did better for small stones and for large ones: "
        "surgeons chose A for the hard cases."
    ),
    structure="simpson",
    treatment="treatment",
    outcome="recovery",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("treatment", "recovery=yes", levels=("A", "B")),
        Simpson("treatment", "recovery=yes", levels=("A", "B"), split_by="stone", pooled=False),
        Counterfactual("recovery[treatment=B]=yes | treatment=A"),
        Counterfactual("recovery[treatment=A]=yes | treatment=B, recovery=no"),
        Adjustment("treatment", "recovery", candidates=((), ("stone",))),
    ),
    citations=(
        Citation(
            "charig1986",
            "Charig CR, Webb DR, Payne SR, Wickham JEA. Comparison of treatment of renal calculi "
            "by open surgery, percutaneous nephrolithotomy, and extracorporeal shockwave "
            "lithotripsy. British Medical Journal 1986;292:879-882.",
        ),
        Citation(
            "julious1994",
            "Julious SA, Mullee MA. Confounding and Simpson's paradox. British Medical Journal "
            "1994;309:1480-1481.",
        ),
    ),
    published=(
        "All counts: A small 81/87, A large 192/263, B small 234/270, B large 55/80. They are "
        "taken as the population; that stone size is the only confounder is the usual reading."
    ),
    illustrative=(
        "The coupling of recovery (comonotone: within a stone size, whoever recovers under the "
        "worse treatment would under the better) is an assumption of this scenario; no data can "
        "show it."
    ),
)
