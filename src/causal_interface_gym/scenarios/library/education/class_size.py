"""Class size: the pupils who need most are put into small classes, which then seem to do harm.

Source: [krueger1999], [lazear2001].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.confounding import Confounding
from causal_interface_gym.questions.doing.intervention import Intervention
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("start", "the pupil at the start", {"ahead": "ahead", "behind": "needs help"}),
    variable("size", "the size of the class", {"large": "25 or more", "small": "under 18"}),
    variable("quiet", "lessons without disturbance", {"no": "few", "yes": "most"}),
    variable("passed", "the test at the end", {"no": "failed", "yes": "passed"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={"size": ("start",), "quiet": ("size", "start"), "passed": ("start", "quiet")},
    tables={
        "start": [0.5, 0.5],
        "size": [[0.90, 0.10], [0.10, 0.90]],
        "quiet": [[[0.30, 0.70], [0.80, 0.20]], [[0.05, 0.95], [0.30, 0.70]]],
        "passed": [[[0.35, 0.65], [0.05, 0.95]], [[0.88, 0.12], [0.60, 0.40]]],
    },
)

SCENARIO = Scenario(
    id="class-size-v1",
    title="Small classes for those who need them",
    story=(
        "Schools put pupils who are behind into small classes. So small classes have worse results "
        "than large ones, although in a small class fewer lessons are disturbed and every pupil "
        "learns more."
    ),
    structure="confounder",
    treatment="size",
    outcome="passed",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("size", "passed=yes", levels=("large", "small")),
        Intervention(
            "size",
            "passed=yes",
            levels=("large", "small"),
            wrong_sets=(("quiet",), ("quiet", "start")),
        ),
        Confounding("size", "passed=yes"),
        Adjustment("size", "passed", candidates=((), ("start",), ("quiet",), ("quiet", "start"))),
    ),
    citations=(
        Citation(
            "krueger1999",
            "Krueger AB. Experimental estimates of education production functions. Quarterly "
            "Journal of Economics 1999;114:497-532.",
        ),
        Citation(
            "lazear2001",
            "Lazear EP. Educational production. Quarterly Journal of Economics 2001;116:777-803.",
        ),
    ),
    published=(
        "That small classes raised test scores in an experiment (first source), and that classes "
        "work through disturbance and are made smaller for pupils who disturb more (second "
        "source); no number."
    ),
    illustrative="Every number, and that class size acts through undisturbed lessons only.",
)
