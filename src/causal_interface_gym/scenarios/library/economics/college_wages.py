"""College and wages: living near a college moves schooling, and hidden talent moves both.

Source: [card1995].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.answerable import Answerable
from causal_interface_gym.questions.doing.intervention import Intervention
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("talent", "talent and drive, recorded nowhere", {"low": "little", "high": "much"}),
    variable("near", "a college near the childhood home", {"no": "none", "yes": "one"}),
    variable("college", "own schooling", {"no": "no college", "yes": "went to college"}),
    variable("wage", "the wage ten years later", {"low": "below median", "high": "above it"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={"college": ("talent", "near"), "wage": ("talent", "college")},
    tables={
        "talent": [0.5, 0.5],
        "near": [0.35, 0.65],
        "college": [[[0.97, 0.03], [0.75, 0.25]], [[0.35, 0.65], [0.10, 0.90]]],
        "wage": [[[0.90, 0.10], [0.75, 0.25]], [[0.35, 0.65], [0.10, 0.90]]],
    },
    latent={"talent"},
)

SCENARIO = Scenario(
    id="college-wages-v1",
    title="Does college pay?",
    story=(
        "People with a college education earn more. The talented go to college more often and "
        "would earn more without it. Growing up near a college makes going there easier and is "
        "supposed to change wages in no other way, so it serves as an instrument."
    ),
    structure="instrument",
    treatment="college",
    outcome="wage",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("college", "wage=high", levels=("no", "yes")),
        Intervention("college", "wage=high", levels=("no", "yes"), wrong_sets=(("near",),)),
        Adjustment("college", "wage", candidates=((), ("near",))),
        Answerable(("wage=high | do(college=yes)", "wage=high | do(near=yes)")),
    ),
    citations=(
        Citation(
            "card1995",
            "Card D. Using geographic variation in college proximity to estimate the return to "
            "schooling. In: Christofides LN, Grant EK, Swidinsky R, editors. Aspects of Labour "
            "Market Behaviour: Essays in Honour of John Vanderkamp. Toronto: University of Toronto "
            "Press; 1995:201-222.",
        ),
    ),
    published="College proximity as an instrument for schooling; no number.",
    illustrative="Every number, and that schooling and wage have two levels each.",
)
