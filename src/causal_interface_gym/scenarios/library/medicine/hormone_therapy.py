"""Hormone therapy: women who took it had healthier hearts, and it was not the hormones.

Source: [humphrey2002], [rossouw2002].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.confounding import Confounding
from causal_interface_gym.questions.doing.intervention import Intervention
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("means", "wealth and way of life", {"poor": "few means", "good": "good means"}),
    variable("therapy", "hormones after the menopause", {"no": "not taken", "yes": "taken"}),
    variable("lipids", "blood lipids afterwards", {"bad": "unfavourable", "good": "favourable"}),
    variable("disease", "coronary heart disease", {"no": "none", "yes": "diagnosed"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={
        "therapy": ("means",),
        "lipids": ("therapy",),
        "disease": ("means", "therapy", "lipids"),
    },
    tables={
        "means": [0.5, 0.5],
        "therapy": [[0.90, 0.10], [0.15, 0.85]],
        "lipids": [[0.70, 0.30], [0.35, 0.65]],
        "disease": [
            [[[0.38, 0.62], [0.48, 0.52]], [[0.24, 0.76], [0.34, 0.66]]],
            [[[0.84, 0.16], [0.91, 0.09]], [[0.70, 0.30], [0.79, 0.21]]],
        ],
    },
)

SCENARIO = Scenario(
    id="hormone-therapy-v1",
    title="Hormones that seemed to protect the heart",
    story=(
        "Women who took hormones had less heart disease than those who did not. They were also "
        "wealthier and lived more healthily, which protects the heart by itself. The hormones "
        "improve blood lipids and yet, all in all, do harm, as a large trial found."
    ),
    structure="confounder",
    treatment="therapy",
    outcome="disease",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("therapy", "disease=yes", levels=("no", "yes")),
        Intervention(
            "therapy",
            "disease=yes",
            levels=("no", "yes"),
            wrong_sets=(("lipids",), ("lipids", "means")),
        ),
        Confounding("therapy", "disease=yes"),
        Adjustment(
            "therapy", "disease", candidates=((), ("means",), ("lipids",), ("lipids", "means"))
        ),
    ),
    citations=(
        Citation(
            "humphrey2002",
            "Humphrey LL, Chan BKS, Sox HC. Postmenopausal hormone replacement therapy and the "
            "primary prevention of cardiovascular disease. Annals of Internal Medicine "
            "2002;137:273-284.",
        ),
        Citation(
            "rossouw2002",
            "Writing Group for the Women's Health Initiative Investigators. Risks and benefits of "
            "estrogen plus progestin in healthy postmenopausal women. JAMA 2002;288:321-333.",
        ),
    ),
    published=(
        "That observational studies which did not adjust for social position showed a benefit, and "
        "that the trial found harm; no number."
    ),
    illustrative=(
        "Every number, and that means and lipids are the whole story. They were chosen so that the "
        "reversal shows and are far from real rates."
    ),
)
