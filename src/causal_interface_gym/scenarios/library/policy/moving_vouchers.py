"""Moving vouchers: a lottery of housing vouchers, which some winners did not use.

Source: [katz2001].
"""

from causal_interface_gym.causal.model import SCM
from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.answerable import Answerable
from causal_interface_gym.questions.doing.intervention import Intervention
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.scenario import Citation, Scenario, labels, variable

_VARIABLES = (
    variable("strain", "strain in the family, unrecorded", {"low": "little", "high": "much"}),
    variable("voucher", "the lottery", {"no": "no voucher", "yes": "a voucher to move"}),
    variable("moved", "a move to a less poor district", {"no": "stayed", "yes": "moved"}),
    variable("calm", "the household head's state of mind", {"no": "uneasy", "yes": "calm"}),
)

_MODEL = SCM.from_tables(
    states=labels(_VARIABLES),
    parents={"moved": ("strain", "voucher"), "calm": ("strain", "moved")},
    tables={
        "strain": [0.5, 0.5],
        "voucher": [0.5, 0.5],
        "moved": [[[0.75, 0.25], [0.15, 0.85]], [[0.97, 0.03], [0.80, 0.20]]],
        "calm": [[[0.35, 0.65], [0.12, 0.88]], [[0.90, 0.10], [0.72, 0.28]]],
    },
    latent={"strain"},
)

SCENARIO = Scenario(
    id="moving-vouchers-v1",
    title="A lottery for moving house",
    story=(
        "Families in poor districts drew lots for a voucher that pays for moving. Families under "
        "little strain used it more often, and they are calmer wherever they live. Comparing those "
        "who moved with those who stayed therefore credits the move with too much."
    ),
    structure="instrument",
    treatment="moved",
    outcome="calm",
    variables=_VARIABLES,
    model=_MODEL,
    families=(
        Association("moved", "calm=yes", levels=("no", "yes")),
        Intervention("moved", "calm=yes", levels=("no", "yes"), wrong_sets=(("voucher",),)),
        Adjustment("moved", "calm", candidates=((), ("voucher",))),
        Answerable(("calm=yes | do(moved=yes)", "calm=yes | do(voucher=yes)")),
    ),
    citations=(
        Citation(
            "katz2001",
            "Katz LF, Kling JR, Liebman JB. Moving to Opportunity in Boston: early results of a "
            "randomized mobility experiment. Quarterly Journal of Economics 2001;116:607-654.",
        ),
    ),
    published="A lottery of vouchers as an instrument for moving, and partial use; no number.",
    illustrative="Every number, the hidden strain, and that lives have two states of mind.",
)
