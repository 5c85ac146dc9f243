"""Pages in the night: an incident database holds what someone was paged for.

Source: [beyer2016], [hernan2004].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.selection import Selection
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.questions.seeing.diagnosis import Diagnosis
from causal_interface_gym.questions.seeing.explaining_away import ExplainingAway
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("deploy", "a new version in this hour", {"no": "none", "yes": "deployed"}),
    variable("spike", "a spike of traffic", {"no": "none", "yes": "a spike"}),
    variable("outage", "what users notice", {"no": "nothing", "yes": "an outage"}),
    variable("page", "an alert to the person on call", {"no": "none", "yes": "paged"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={"outage": ("deploy", "spike"), "page": ("deploy", "outage")},
    tables={
        "deploy": [0.7, 0.3],
        "spike": [0.8, 0.2],
        "outage": [[[0.95, 0.05], [0.60, 0.40]], [[0.72, 0.28], [0.25, 0.75]]],
        "page": [[[0.98, 0.02], [0.10, 0.90]], [[0.35, 0.65], [0.03, 0.97]]],
    },
)

SCENARIO = Scenario(
    id="alert-pages-v1",
    title="What the pager remembers",
    story=(
        "Alerts fire when users notice an outage, and after a deploy at the slightest oddity. "
        "Reviewing the pages of a year, a team finds that pages after a deploy are outages less "
        "often than the others, and wonders whether deploys are safe."
    ),
    structure="collider",
    treatment="deploy",
    outcome="outage",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("deploy", "outage=yes", levels=("no", "yes")),
        Diagnosis("deploy=yes", "outage=yes"),
        ExplainingAway("deploy=yes", "outage=yes", "spike=yes"),
        Selection("deploy", "outage=yes", levels=("no", "yes"), selected="page=yes"),
        Adjustment("deploy", "outage", candidates=((), ("spike",), ("page",))),
    ),
    citations=(
        Citation(
            "beyer2016",
            "Beyer B, Jones C, Petoff J, Murphy NR, editors. Site Reliability Engineering: How "
            "Google Runs Production Systems. Sebastopol: O'Reilly; 2016.",
        ),
        Citation(
            "hernan2004",
            "Hernan MA, Hernandez-Diaz S, Robins JM. A structural approach to selection bias. "
            "Epidemiology 2004;15:615-625.",
        ),
    ),
    published=(
        "Practice of alerts and pages (first source), and the graph of selection on a common "
        "effect (second source); no number."
    ),
    illustrative="Every number and the story.",
)
