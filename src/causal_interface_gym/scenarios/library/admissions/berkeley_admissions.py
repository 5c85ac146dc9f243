"""Berkeley admissions 1973: women were admitted less often overall, not department by department.

Source: [bickel1975], [freedman2007].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.simpson import Simpson
from causal_interface_gym.questions.imagining.mediation import Mediation
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_COUNTS = {
    "male": {
        "A": (512, 313), "B": (353, 207), "C": (120, 205),
        "D": (138, 279), "E": (53, 138), "F": (22, 351),
    },
    "female": {
        "A": (89, 19), "B": (17, 8), "C": (202, 391),
        "D": (131, 244), "E": (94, 299), "F": (24, 317),
    },
}  # fmt: skip
"""(admitted, rejected) by gender and department."""

_APPLIED = {g: [sum(c) for c in by.values()] for g, by in _COUNTS.items()}
_TOTALS = [sum(n) for n in _APPLIED.values()]

_VARIABLES = (
    variable("gender", "gender on the application", {"male": "a man", "female": "a woman"}),
    variable(
        "department",
        "department applied to",
        {name: f"department {name}, one of the six largest" for name in "ABCDEF"},
    ),
    variable("admitted", "the decision", {"no": "rejected", "yes": "admitted"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={"department": ("gender",), "admitted": ("gender", "department")},
    tables={
        "gender": [n / sum(_TOTALS) for n in _TOTALS],
        "department": [[n / sum(applied) for n in applied] for applied in _APPLIED.values()],
        "admitted": [
            [[no / (yes + no), yes / (yes + no)] for yes, no in by.values()]
            for by in _COUNTS.values()
        ],
    },
)

SCENARIO = Scenario(
    id="berkeley-admissions-v1",
    title="Graduate admissions at Berkeley, autumn 1973",
    story=(
        "Of the applicants to the six largest departments 45 % of the men and 30 % of the women "
        "were admitted. Women applied more often to the departments that reject most applicants; "
        "gender acts on admission through that choice and, perhaps, directly."
    ),
    structure="mediator",
    treatment="gender",
    outcome="admitted",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("gender", "admitted=yes", levels=("male", "female")),
        Simpson(
            "gender",
            "admitted=yes",
            levels=("male", "female"),
            split_by="department",
            pooled=True,
        ),
        Mediation(
            "gender", "admitted=yes", levels=("male", "female"), fixed=(("department", "A"),)
        ),
        Adjustment("gender", "admitted", candidates=((), ("department",))),
    ),
    citations=(
        Citation(
            "bickel1975",
            "Bickel PJ, Hammel EA, O'Connell JW. Sex bias in graduate admissions: data from "
            "Berkeley. Science 1975;187:398-404.",
        ),
        Citation(
            "freedman2007",
            "Freedman D, Pisani R, Purves R. Statistics. 4th edition. New York: Norton; 2007.",
        ),
    ),
    published=(
        "All counts: 4,526 applicants to the six largest departments, by gender, department and "
        "decision. They are taken as the population."
    ),
    illustrative=(
        "That nothing else confounds department and admission is an assumption of this scenario "
        "(it is disputed in the literature)."
    ),
)
