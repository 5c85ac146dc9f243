"""Blood pressure: the numbers of the kidney stones again, and now the pooled table is right.

Source: [pearl2016, section 1.2].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.simpson import Simpson
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("drug", "the drug", {"no": "not taken", "yes": "taken"}),
    variable("pressure", "blood pressure after it", {"low": "low", "high": "high"}),
    variable("recovery", "the outcome", {"no": "not recovered", "yes": "recovered"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={"pressure": ("drug",), "recovery": ("drug", "pressure")},
    tables={
        "drug": [350 / 700, 350 / 700],
        "pressure": [[87 / 350, 263 / 350], [270 / 350, 80 / 350]],
        "recovery": [
            [[6 / 87, 81 / 87], [71 / 263, 192 / 263]],
            [[36 / 270, 234 / 270], [25 / 80, 55 / 80]],
        ],
    },
)

SCENARIO = Scenario(
    id="blood-pressure-v1",
    title="A drug that works by lowering blood pressure",
    story=(
        "A drug lowers blood pressure, which helps, and has a toxic effect, which harms. Among "
        "those with low and among those with high pressure afterwards the takers do worse; over "
        "all they do better. Pressure is measured after the drug: it is what the drug does."
    ),
    structure="mediator",
    treatment="drug",
    outcome="recovery",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("drug", "recovery=yes", levels=("no", "yes")),
        Simpson("drug", "recovery=yes", levels=("no", "yes"), split_by="pressure", pooled=True),
        Adjustment("drug", "recovery", candidates=((), ("pressure",))),
    ),
    citations=(
        Citation(
            "pearl2016",
            "Pearl J, Glymour M, Jewell NP. Causal Inference in Statistics: A Primer. Chichester: "
            "Wiley; 2016.",
        ),
    ),
    published=(
        "All counts (hypothetical, by their authors): recovered without the drug 81/87 at low and "
        "192/263 at high pressure; with it 234/270 and 55/80."
    ),
    illustrative="That the drug was given by lot, so that nothing confounds it.",
)
