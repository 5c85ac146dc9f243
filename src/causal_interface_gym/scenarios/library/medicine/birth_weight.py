"""Birth weight: among small babies those of smokers die less often, and smoking still kills.

Source: [hernandez-diaz2006].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.intervention import Intervention
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("hardship", "the mother's living conditions", {"no": "secure", "yes": "in need"}),
    variable("defect", "a birth defect nobody recorded", {"no": "none", "yes": "present"}),
    variable("smoking", "whether the mother smoked", {"no": "did not", "yes": "smoked"}),
    variable("weight", "birth weight", {"normal": "2.5 kg or more", "low": "under 2.5 kg"}),
    variable("death", "the child's first year", {"no": "survives", "yes": "dies"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={
        "smoking": ("hardship",),
        "weight": ("smoking", "defect"),
        "death": ("smoking", "defect", "hardship"),
    },
    tables={
        "hardship": [0.6, 0.4],
        "defect": [0.9, 0.1],
        "smoking": [[0.85, 0.15], [0.35, 0.65]],
        "weight": [[[0.95, 0.05], [0.20, 0.80]], [[0.60, 0.40], [0.10, 0.90]]],
        "death": [
            [[[0.98, 0.02], [0.82, 0.18]], [[0.45, 0.55], [0.30, 0.70]]],
            [[[0.93, 0.07], [0.76, 0.24]], [[0.40, 0.60], [0.25, 0.75]]],
        ],
    },
    latent={"defect"},
)

SCENARIO = Scenario(
    id="birth-weight-v1",
    title="Smoking, birth weight and infant death",
    story=(
        "Low birth weight has two causes here: smoking, and a rarer, deadlier birth defect that "
        "was not recorded. A small baby of a smoker is small because of the smoke; a small baby "
        "of a non-smoker more often has the defect. Need drives smoking and risk alike."
    ),
    structure="collider",
    treatment="smoking",
    outcome="death",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("smoking", "death=yes", levels=("no", "yes")),
        Intervention(
            "smoking",
            "death=yes",
            levels=("no", "yes"),
            wrong_sets=(("weight",), ("hardship", "weight")),
        ),
        Adjustment(
            "smoking",
            "death",
            candidates=((), ("hardship",), ("weight",), ("hardship", "weight")),
        ),
    ),
    citations=(
        Citation(
            "hernandez-diaz2006",
            "Hernandez-Diaz S, Schisterman EF, Hernan MA. The birth weight 'paradox' uncovered? "
            "American Journal of Epidemiology 2006;164:1115-1120.",
        ),
    ),
    published="The causal structure of smoking, birth weight, defect and death; no number.",
    illustrative=(
        "Every number, and the arrow of hardship. They were chosen so that the reversal shows "
        "and are far from real rates of infant death."
    ),
)
