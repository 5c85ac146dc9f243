"""A retry storm: clients that retry a slow service keep it slow.

Time unrolls the loop: retries answer to the latency of the minute before the errors are counted.

Source: [bronson2021], [huang2022].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.intervention import Intervention
from causal_interface_gym.questions.imagining.mediation import Mediation
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.questions.seeing.diagnosis import Diagnosis
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("load", "traffic from users", {"normal": "normal", "peak": "a peak"}),
    variable("deploy", "a new version in the last hour", {"no": "none", "yes": "deployed"}),
    variable("latency", "the service's latency", {"fast": "as usual", "slow": "slow"}),
    variable("retries", "retries sent by clients", {"few": "few", "many": "a storm"}),
    variable("errors", "the next minute's errors", {"no": "as usual", "yes": "an outage"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={
        "deploy": ("load",),
        "latency": ("load", "deploy"),
        "retries": ("latency",),
        "errors": ("load", "latency", "retries"),
    },
    tables={
        "load": [0.6, 0.4],
        "deploy": [[0.60, 0.40], [0.95, 0.05]],
        "latency": [[[0.95, 0.05], [0.55, 0.45]], [[0.20, 0.80], [0.05, 0.95]]],
        "retries": [[0.95, 0.05], [0.12, 0.88]],
        "errors": [
            [[[0.97, 0.03], [0.75, 0.25]], [[0.90, 0.10], [0.45, 0.55]]],
            [[[0.85, 0.15], [0.45, 0.55]], [[0.60, 0.40], [0.06, 0.94]]],
        ],
    },
)

SCENARIO = Scenario(
    id="retry-storm-v1",
    title="The retries after the deploy",
    story=(
        "Peaks of traffic and new versions make a service slow; clients then retry, and the "
        "retries are load of their own. New versions are held back during peaks, so outages seldom "
        "follow a deploy, and a storm of retries seldom comes without a peak. What would a limit "
        "on retries save?"
    ),
    structure="confounder",
    treatment="retries",
    outcome="errors",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("retries", "errors=yes", levels=("few", "many")),
        Diagnosis("deploy=yes", "errors=yes"),
        Intervention(
            "retries", "errors=yes", levels=("few", "many"), wrong_sets=(("deploy",), ("load",))
        ),
        Intervention("deploy", "errors=yes", levels=("no", "yes"), wrong_sets=(("latency",),)),
        Mediation("latency", "errors=yes", levels=("fast", "slow"), fixed=(("retries", "few"),)),
        Adjustment(
            "retries",
            "errors",
            candidates=((), ("deploy",), ("load",), ("latency",), ("latency", "load")),
        ),
    ),
    citations=(
        Citation(
            "bronson2021",
            "Bronson N, Aghayev A, Charapko A, Zhu T. Metastable failures in distributed systems. "
            "Proceedings of the Workshop on Hot Topics in Operating Systems; 2021:221-227.",
        ),
        Citation(
            "huang2022",
            "Huang L, Magnusson M, Muralikrishna AB, et al. Metastable failures in the wild. "
            "Proceedings of the 16th USENIX Symposium on Operating Systems Design and "
            "Implementation; 2022:73-90.",
        ),
    ),
    published=(
        "That a trigger (load or a deploy) slows a service and that retries, as added load, "
        "sustain the failure; no number."
    ),
    illustrative="Every number, the hour and the minute, and that deploys wait for quiet times.",
)
