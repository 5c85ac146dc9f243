"""Asia: the chest clinic of Lauritzen and Spiegelhalter, asked about an action.

Source: [lauritzen1988].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.intervention import Intervention
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.questions.seeing.diagnosis import Diagnosis
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_NO_YES = {"no": "no", "yes": "yes"}
_VARIABLES = (
    variable("asia", "whether the patient was in Asia lately", _NO_YES),
    variable("smoke", "whether the patient smokes", _NO_YES),
    variable("tub", "tuberculosis", _NO_YES),
    variable("lung", "lung cancer", _NO_YES),
    variable("bronc", "bronchitis", _NO_YES),
    variable("either", "tuberculosis or lung cancer", _NO_YES),
    variable("xray", "the X-ray of the chest", {"no": "clear", "yes": "shadowed"}),
    variable("dysp", "shortness of breath", _NO_YES),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={
        "tub": ("asia",),
        "lung": ("smoke",),
        "bronc": ("smoke",),
        "either": ("tub", "lung"),
        "xray": ("either",),
        "dysp": ("either", "bronc"),
    },
    tables={
        "asia": [0.99, 0.01],
        "smoke": [0.5, 0.5],
        "tub": [[0.99, 0.01], [0.95, 0.05]],
        "lung": [[0.99, 0.01], [0.90, 0.10]],
        "bronc": [[0.70, 0.30], [0.40, 0.60]],
        "either": [[[1, 0], [0, 1]], [[0, 1], [0, 1]]],
        "xray": [[0.95, 0.05], [0.02, 0.98]],
        "dysp": [[[0.90, 0.10], [0.20, 0.80]], [[0.30, 0.70], [0.10, 0.90]]],
    },
)

SCENARIO = Scenario(
    id="asia-v1",
    title="The chest clinic",
    story=(
        "A clinic sees patients who are short of breath. Smoking leads to bronchitis and to lung "
        "cancer; a visit to Asia raises the risk of tuberculosis. The X-ray cannot tell cancer "
        "from tuberculosis. What would curing bronchitis do for the breath?"
    ),
    structure="network",
    treatment="bronc",
    outcome="dysp",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("bronc", "dysp=yes", levels=("no", "yes")),
        Diagnosis("lung=yes", "xray=yes"),
        Diagnosis("bronc=yes", "dysp=yes"),
        Intervention("bronc", "dysp=yes", levels=("no", "yes"), wrong_sets=(("xray",),)),
        Adjustment("bronc", "dysp", candidates=((), ("smoke",), ("either",), ("lung",), ("xray",))),
    ),
    citations=(
        Citation(
            "lauritzen1988",
            "Lauritzen SL, Spiegelhalter DJ. Local computations with probabilities on graphical "
            "structures and their application to expert systems. Journal of the Royal Statistical "
            "Society, Series B 1988;50:157-224.",
        ),
    ),
    published="All eight tables (invented by their authors for illustration).",
)
