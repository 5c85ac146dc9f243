"""Job training: people enrol after a year of falling earnings, so trainees look worse off.

Source: [ashenfelter1978], [lalonde1986].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.confounding import Confounding
from causal_interface_gym.questions.doing.intervention import Intervention
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("earnings", "earnings of the year before", {"steady": "steady", "fell": "they fell"}),
    variable("training", "a public training programme", {"no": "not in it", "yes": "in it"}),
    variable("search", "the search for work afterwards", {"little": "little", "much": "much"}),
    variable("employed", "work two years later", {"no": "none", "yes": "employed"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={
        "training": ("earnings",),
        "search": ("training",),
        "employed": ("earnings", "training", "search"),
    },
    tables={
        "earnings": [0.5, 0.5],
        "training": [[0.90, 0.10], [0.20, 0.80]],
        "search": [[0.65, 0.35], [0.25, 0.75]],
        "employed": [
            [[[0.25, 0.75], [0.12, 0.88]], [[0.20, 0.80], [0.08, 0.92]]],
            [[[0.85, 0.15], [0.68, 0.32]], [[0.75, 0.25], [0.55, 0.45]]],
        ],
    },
)

SCENARIO = Scenario(
    id="job-training-v1",
    title="Training for those who lost ground",
    story=(
        "Two years after a training programme fewer of its participants have work than of other "
        "people. They had enrolled because their earnings had fallen, and those whose earnings "
        "fell find work less often anyway. The programme itself helps, partly because its "
        "participants search more."
    ),
    structure="confounder",
    treatment="training",
    outcome="employed",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("training", "employed=yes", levels=("no", "yes")),
        Intervention(
            "training",
            "employed=yes",
            levels=("no", "yes"),
            wrong_sets=(("search",), ("earnings", "search")),
        ),
        Confounding("training", "employed=yes"),
        Adjustment(
            "training",
            "employed",
            candidates=((), ("earnings",), ("search",), ("earnings", "search")),
        ),
    ),
    citations=(
        Citation(
            "ashenfelter1978",
            "Ashenfelter O. Estimating the effect of training programs on earnings. Review of "
            "Economics and Statistics 1978;60:47-57.",
        ),
        Citation(
            "lalonde1986",
            "LaLonde RJ. Evaluating the econometric evaluations of training programs with "
            "experimental data. American Economic Review 1986;76:604-620.",
        ),
    ),
    published=(
        "That earnings of trainees fall before they enrol (first source) and that comparison with "
        "other people misses the effect found by a trial (second source); no number."
    ),
    illustrative="Every number, and that earlier earnings are the only confounder.",
)
