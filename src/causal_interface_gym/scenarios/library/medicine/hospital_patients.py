"""Hospital patients: two diseases that go together among those in hospital only.

Source: [sackett1979], [roberts1978].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.confounding import Confounding
from causal_interface_gym.questions.doing.selection import Selection
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.questions.seeing.explaining_away import ExplainingAway
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_N = 2784
"""People surveyed."""

_VARIABLES = (
    variable("respiratory", "a disease of breathing", {"no": "none", "yes": "present"}),
    variable("locomotor", "a disease of bones or muscles", {"no": "none", "yes": "present"}),
    variable("hospital", "a hospital stay in six months", {"no": "none", "yes": "at least one"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={"hospital": ("respiratory", "locomotor")},
    tables={
        "respiratory": [(_N - 224) / _N, 224 / _N],
        "locomotor": [(_N - 201) / _N, 201 / _N],
        "hospital": [
            [[2157 / 2376, 219 / 2376], [166 / 184, 18 / 184]],
            [[192 / 207, 15 / 207], [12 / 17, 5 / 17]],
        ],
    },
)

SCENARIO = Scenario(
    id="hospital-patients-v1",
    title="Two diseases that meet in hospital",
    story=(
        "A survey asked people about diseases of breathing and of bones and muscles, and about "
        "hospital stays. In the population neither disease goes with the other. Having both leads "
        "to hospital far more often than having one, so among patients they seem linked."
    ),
    structure="collider",
    treatment="respiratory",
    outcome="locomotor",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("respiratory", "locomotor=yes", levels=("no", "yes")),
        ExplainingAway("locomotor=yes", "hospital=yes", "respiratory=yes"),
        Selection("respiratory", "locomotor=yes", levels=("no", "yes"), selected="hospital=yes"),
        Confounding("respiratory", "locomotor=yes"),
        Adjustment("respiratory", "locomotor", candidates=((), ("hospital",))),
    ),
    citations=(
        Citation(
            "sackett1979",
            "Sackett DL. Bias in analytic research. Journal of Chronic Diseases 1979;32:51-63.",
        ),
        Citation(
            "roberts1978",
            "Roberts RS, Spitzer WO, Delmore T, Sackett DL. An empirical demonstration of "
            "Berkson's bias. Journal of Chronic Diseases 1978;31:119-128.",
        ),
    ),
    published=(
        "The counts behind each table: 2,784 surveyed, of whom 17 with both diseases, 207 with the "
        "respiratory one only, 184 with the locomotor one only; of these and the rest, 5, 15, 18 "
        "and 219 had been in hospital (odds ratios 1.06 in all, 4.06 in hospital)."
    ),
    illustrative=(
        "That the two diseases are exactly independent in the population: each keeps its surveyed "
        "share, and the odds ratio of 1.06 is taken for 1. So the rates in hospital differ "
        "slightly from the surveyed ones."
    ),
)
