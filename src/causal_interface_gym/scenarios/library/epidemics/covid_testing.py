"""Testing in an epidemic: who is tested depends on their work and on how ill they are.

Source: [griffith2020].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.selection import Selection
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.questions.seeing.explaining_away import ExplainingAway
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("work", "the person's work", {"other": "elsewhere", "care": "in health care"}),
    variable("severe", "how ill the person becomes", {"no": "not or mildly", "yes": "severely"}),
    variable("tested", "a test in the first wave", {"no": "none", "yes": "tested"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={"severe": ("work",), "tested": ("work", "severe")},
    tables={
        "work": [0.8, 0.2],
        "severe": [[0.90, 0.10], [0.82, 0.18]],
        "tested": [[[0.97, 0.03], [0.40, 0.60]], [[0.35, 0.65], [0.08, 0.92]]],
    },
)

SCENARIO = Scenario(
    id="covid-testing-v1",
    title="The tested and the others",
    story=(
        "In the first wave tests were scarce: people in health care were tested whether ill or "
        "not, others only when severely ill. Among the tested those in health care are the less "
        "severely ill, although their work exposes them more."
    ),
    structure="collider",
    treatment="work",
    outcome="severe",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("work", "severe=yes", levels=("other", "care")),
        ExplainingAway("severe=yes", "tested=yes", "work=care"),
        Selection("work", "severe=yes", levels=("other", "care"), selected="tested=yes"),
        Adjustment("work", "severe", candidates=((), ("tested",))),
    ),
    citations=(
        Citation(
            "griffith2020",
            "Griffith GJ, Morris TT, Tudball MJ, et al. Collider bias undermines our understanding "
            "of COVID-19 disease risk and severity. Nature Communications 2020;11:5749.",
        ),
    ),
    published="Testing as a collider of health-care work and severity; no number.",
    illustrative="Every number, and that nothing confounds work and severity.",
)
