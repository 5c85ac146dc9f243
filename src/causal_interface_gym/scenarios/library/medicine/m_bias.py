"""M-bias: a variable before the treatment that must not be adjusted for.

Source: [greenland1999].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.intervention import Intervention
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("income", "the family's income, not recorded", {"high": "high", "low": "low"}),
    variable("risk", "inherited risk, not recorded", {"low": "low", "high": "high"}),
    variable("age", "age group", {"younger": "under 50", "older": "50 or more"}),
    variable("mother", "whether the mother had diabetes", {"no": "she had not", "yes": "she had"}),
    variable("schooling", "own education", {"long": "finished school", "short": "left early"}),
    variable("diabetes", "own diabetes", {"no": "none", "yes": "diagnosed"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={
        "mother": ("income", "risk"),
        "schooling": ("income", "age"),
        "diabetes": ("schooling", "risk", "age"),
    },
    tables={
        "income": [0.5, 0.5],
        "risk": [0.6, 0.4],
        "age": [0.5, 0.5],
        "mother": [[[0.95, 0.05], [0.45, 0.55]], [[0.60, 0.40], [0.10, 0.90]]],
        "schooling": [[[0.90, 0.10], [0.60, 0.40]], [[0.45, 0.55], [0.15, 0.85]]],
        "diabetes": [
            [[[0.95, 0.05], [0.80, 0.20]], [[0.65, 0.35], [0.45, 0.55]]],
            [[[0.90, 0.10], [0.70, 0.30]], [[0.50, 0.50], [0.30, 0.70]]],
        ],
    },
    latent={"income", "risk"},
)

SCENARIO = Scenario(
    id="m-bias-v1",
    title="Schooling, diabetes and the mother's diabetes",
    story=(
        "Does leaving school early lead to diabetes? The mother's diabetes comes before both and "
        "is associated with both, so it looks like a confounder. It is not: it is a common effect "
        "of family income and inherited risk. Age is a confounder."
    ),
    structure="m-bias",
    treatment="schooling",
    outcome="diabetes",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("schooling", "diabetes=yes", levels=("long", "short")),
        Intervention(
            "schooling",
            "diabetes=yes",
            levels=("long", "short"),
            wrong_sets=(("age", "mother"), ("mother",)),
        ),
        Adjustment(
            "schooling",
            "diabetes",
            candidates=((), ("age",), ("mother",), ("age", "mother")),
        ),
    ),
    citations=(
        Citation(
            "greenland1999",
            "Greenland S, Pearl J, Robins JM. Causal diagrams for epidemiologic research. "
            "Epidemiology 1999;10:37-48.",
        ),
    ),
    published="The M-shaped structure; no number.",
    illustrative="Every number, the story's wording and the arrows of age.",
)
