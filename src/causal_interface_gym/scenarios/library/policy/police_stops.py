"""Police stops: records begin with the stop, and the stop is where the difference begins.

Source: [knox2020].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.selection import Selection
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("group", "how officers see the civilian", {"a": "as majority", "b": "as minority"}),
    variable("cause", "a grave cause, not on record", {"no": "none", "yes": "given"}),
    variable("stopped", "whether a sighting becomes a stop", {"no": "let go", "yes": "stopped"}),
    variable("force", "force used by the officers", {"no": "none", "yes": "used"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={"stopped": ("group", "cause"), "force": ("stopped", "group", "cause")},
    tables={
        "group": [0.6, 0.4],
        "cause": [0.7, 0.3],
        "stopped": [[[0.95, 0.05], [0.40, 0.60]], [[0.50, 0.50], [0.10, 0.90]]],
        "force": [
            [[[1, 0], [1, 0]], [[1, 0], [1, 0]]],
            [[[0.90, 0.10], [0.50, 0.50]], [[0.80, 0.20], [0.40, 0.60]]],
        ],
    },
    latent={"cause"},
)

SCENARIO = Scenario(
    id="police-stops-v1",
    title="What records of police stops do not show",
    story=(
        "Of the people who are stopped, force is used on a smaller share of group b than of group "
        "a. But officers stop members of b without grave cause, and members of a mostly with one. "
        "Records hold stops only; nobody records those who were seen and let go."
    ),
    structure="collider",
    treatment="group",
    outcome="force",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("group", "force=yes", levels=("a", "b")),
        Selection("group", "force=yes", levels=("a", "b"), selected="stopped=yes"),
        Adjustment("group", "force", candidates=((), ("stopped",))),
    ),
    citations=(
        Citation(
            "knox2020",
            "Knox D, Lowe W, Mummolo J. Administrative records mask racially biased policing. "
            "American Political Science Review 2020;114:619-637.",
        ),
    ),
    published=(
        "The graph: group and unrecorded cause act on the stop and on force, and records hold the "
        "stopped only; no number."
    ),
    illustrative="Every number. They are far from real rates of stops and of force.",
)
