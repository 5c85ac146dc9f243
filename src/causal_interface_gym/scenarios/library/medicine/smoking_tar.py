"""Smoking, tar and cancer: the front-door example with its hypothetical table.

Source: [pearl2009, section 3.3.3].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.frontdoor import FrontDoor
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("genotype", "an inherited trait nobody measured", {"0": "absent", "1": "present"}),
    variable("smoking", "whether the person smokes", {"no": "does not smoke", "yes": "smokes"}),
    variable("tar", "tar deposits in the lungs", {"no": "none", "yes": "found"}),
    variable("cancer", "lung cancer", {"no": "healthy", "yes": "cancer"}),
)


def _given_genotype(without: float, smokers: float) -> list[float]:
    """Find P(cancer given genotype) from the published rates of non-smokers and smokers.

    Smoking shows the genotype with probability 0.95 either way, so each published rate is a
    mixture of the two wanted numbers with weights 0.95 and 0.05.
    """
    middle, spread = (without + smokers) / 2, (smokers - without) / 0.9 / 2
    return [middle - spread, middle + spread]


_CANCER = {"no": _given_genotype(0.10, 0.90), "yes": _given_genotype(0.05, 0.85)}

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={
        "smoking": ("genotype",),
        "tar": ("smoking",),
        "cancer": ("tar", "genotype"),
    },
    tables={
        "genotype": [0.5, 0.5],
        "smoking": [[0.95, 0.05], [0.05, 0.95]],
        "tar": [[0.95, 0.05], [0.05, 0.95]],
        "cancer": [[[1 - p, p] for p in rates] for rates in _CANCER.values()],
    },
    latent={"genotype"},
)

SCENARIO = Scenario(
    id="smoking-tar-v1",
    title="Smoking, tar and a hidden genotype",
    story=(
        "In this invented population nearly all smokers get lung cancer and nearly no one else. "
        "The tobacco industry says an inherited trait causes both. Tar in the lungs carries all "
        "of what smoking does, and the trait does not act on tar: the front door is open."
    ),
    structure="front-door",
    treatment="smoking",
    outcome="cancer",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("smoking", "cancer=yes", levels=("no", "yes")),
        FrontDoor("smoking", "cancer=yes", levels=("no", "yes"), mediators=("tar",)),
        Adjustment("smoking", "cancer", candidates=((), ("tar",))),
    ),
    citations=(
        Citation(
            "pearl2009",
            "Pearl J. Causality: Models, Reasoning, and Inference. 2nd edition. Cambridge "
            "University Press; 2009. Table 3.1.",
        ),
    ),
    published=(
        "The joint distribution of smoking, tar and cancer (hypothetical, by its author): groups "
        "of 47.5, 2.5, 2.5 and 47.5 %, cancer 10, 90, 5 and 85 %; hence P(cancer | do(smoking)) "
        "0.4525 and P(cancer | do(no smoking)) 0.4975."
    ),
    illustrative=(
        "The hidden genotype and its tables: one of many that reproduce the published "
        "distribution exactly. The effect does not depend on that choice."
    ),
)
