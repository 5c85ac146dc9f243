"""Shared rides: do passengers tip less because they shared, or share because they tip less?

Source: [bellemare2024].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.answerable import Answerable
from causal_interface_gym.questions.doing.frontdoor import FrontDoor
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("thrift", "how thrifty, seen by no one", {"low": "generous", "high": "thrifty"}),
    variable("agreed", "consent to share the ride", {"no": "rides alone", "yes": "would share"}),
    variable("shared", "whether a second passenger came", {"no": "no one", "yes": "someone"}),
    variable("tip", "a tip for the driver", {"no": "none", "yes": "given"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={"agreed": ("thrift",), "shared": ("agreed",), "tip": ("shared", "thrift")},
    tables={
        "thrift": [0.5, 0.5],
        "agreed": [[0.90, 0.10], [0.15, 0.85]],
        "shared": [[0.97, 0.03], [0.30, 0.70]],
        "tip": [[[0.15, 0.85], [0.75, 0.25]], [[0.25, 0.75], [0.85, 0.15]]],
    },
    latent={"thrift"},
)

SCENARIO = Scenario(
    id="shared-rides-v1",
    title="Sharing a ride, and the tip",
    story=(
        "Passengers who agree to share a ride tip less often. Agreeing saves money, so thrifty "
        "people agree, and thrifty people tip less whatever happens. Whether a second passenger "
        "really comes is the algorithm's doing, and agreeing acts on the tip through that only."
    ),
    structure="front-door",
    treatment="agreed",
    outcome="tip",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("agreed", "tip=yes", levels=("no", "yes")),
        FrontDoor("agreed", "tip=yes", levels=("no", "yes"), mediators=("shared",)),
        Adjustment("agreed", "tip", candidates=((), ("shared",))),
        Answerable(("tip=yes | do(agreed=yes)", "tip=yes | do(shared=yes)")),
    ),
    citations=(
        Citation(
            "bellemare2024",
            "Bellemare MF, Bloem JR, Wexler N. The Paper of How: estimating treatment effects "
            "using the front-door criterion. Oxford Bulletin of Economics and Statistics 2024;86.",
        ),
    ),
    published=(
        "The front door (authorising, sharing, tipping) and that most of the association is "
        "selection into sharing; no number."
    ),
    illustrative=(
        "Every number. That a few rides are shared without consent, by mistake, was added so that "
        "every combination occurs; in the source none is."
    ),
)
