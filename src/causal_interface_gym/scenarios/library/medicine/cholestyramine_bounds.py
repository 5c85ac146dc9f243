"""Cholestyramine again: what a trial with imperfect compliance leaves open.

Source: [efron1991], [balke1997].
"""

from causal_interface_gym.questions.doing.adjustment import Adjustment
from causal_interface_gym.questions.doing.answerable import Answerable
from causal_interface_gym.questions.doing.instrument import Instrument
from causal_interface_gym.questions.seeing.association import Association
from causal_interface_gym.scenarios.library.medicine.cholestyramine import SCENARIO as TRIAL
from causal_interface_gym.scenarios.scenario import Scenario

SCENARIO = Scenario(
    id="cholestyramine-bounds-v1",
    title="How much a trial with poor compliance can tell",
    story=(
        "Men with high cholesterol were assigned a drug or a placebo by lot, and four in ten of "
        "those assigned the drug did not take it. Nobody knows what it would have done for them. "
        "The data do not determine the effect of taking the drug; they say how small and how "
        "large it can be."
    ),
    structure="instrument",
    treatment=TRIAL.treatment,
    outcome=TRIAL.outcome,
    variables=TRIAL.variables,
    model=TRIAL.model,
    families=(
        Association("taken", "response=yes", levels=("no", "yes")),
        Instrument("taken", "response=yes", levels=("no", "yes"), instrument="assigned"),
        Adjustment("taken", "response", candidates=((), ("assigned",))),
        Answerable(("response=yes | do(taken=yes)", "response=yes | do(assigned=drug)")),
    ),
    citations=TRIAL.citations,
    published=(
        "P(taken, response | assigned), with both made binary as in the second source: 0.919, "
        "0.081 under placebo; 0.315, 0.073, 0.139, 0.473 under the drug. The ends asked for follow "
        "from them and give the published bounds of the average effect, 0.392 and 0.780."
    ),
    illustrative=(
        "That half of the men are in each arm. What the drug would do for those who never take it "
        "(0.5) is chosen too, and no answer depends on it."
    ),
)
